/** How the properties are run: their number and seed, and the one thing that is not compared yet. */
import type fc from 'fast-check'

const environment = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {}

const factor = Number(environment['SLUICE_RUNS'] ?? 1)

/** Milliseconds a property may take; longer ones get more. */
export const patience = 60_000 * Math.max(1, factor)

/** @param usual runs without `SLUICE_RUNS`, which is a factor; `SLUICE_SEED` repeats a run. */
export function runs(usual: number): Pick<fc.Parameters<unknown>, 'numRuns' | 'seed'> {
  const seed = environment['SLUICE_SEED']
  const numRuns = Math.max(1, Math.round(usual * factor))
  return seed === undefined ? { numRuns } : { numRuns, seed: Number(seed) }
}

/**
 * Whether holds are compared where a prefix ends in half a character. Words read whole characters: there they wait for the
 * other half even where the first one decides (src/README.md, decisions). An engine that does not turns this on.
 */
const halves = false

const counts = { halves: 0 }

/** Leaves a comparison out because of `halves`, and counts it. @returns whether to compare. */
export function comparesHalf(prefix: string): boolean {
  if (halves || !/[\ud800-\udbff]$/.test(prefix)) return true
  counts.halves++
  return false
}
