/** How the properties are run: their number, their seed, their patience. */
import type fc from 'fast-check'

const environment = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {}

const factor = Number(environment['SLUICE_RUNS'] ?? 1)
const least = Number(environment['SLUICE_LEAST'] ?? 1)

/** Milliseconds a property may take; longer ones get more. */
export const patience = 60_000 * Math.max(1, factor, least)

/** @param usual runs without `SLUICE_RUNS`, which is a factor, and `SLUICE_LEAST`; `SLUICE_SEED` repeats a run. */
export function runs(usual: number): Pick<fc.Parameters<unknown>, 'numRuns' | 'seed'> {
  const seed = environment['SLUICE_SEED']
  const numRuns = Math.max(least, Math.round(usual * factor))
  return seed === undefined ? { numRuns } : { numRuns, seed: Number(seed) }
}
