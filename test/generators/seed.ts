/** Every property of a run starts from `SLUICE_SEED`, where one is given. */
import fc from 'fast-check'

const seed = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.['SLUICE_SEED']

if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) })
