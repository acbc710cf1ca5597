/** How many runs a property has and from which seed: `SLUICE_RUNS` multiplies the usual number, `SLUICE_SEED` repeats a run. */
import type fc from 'fast-check'

const environment = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {}

/** @param usual runs without `SLUICE_RUNS`, which is a factor. */
export function runs(usual: number): fc.Parameters<unknown> {
  const factor = Number(environment['SLUICE_RUNS'] ?? 1)
  const seed = environment['SLUICE_SEED']
  const numRuns = Math.max(1, Math.round(usual * factor))
  return seed === undefined ? { numRuns } : { numRuns, seed: Number(seed) }
}
