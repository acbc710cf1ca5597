/**
 * Recordings, spoilt in every way: nothing gets past, nothing breaks, hangs or grows without bound. Over every dialect that
 * is spoken; recordings of one join by its entry in `dialects.ts`.
 *
 * `SLUICE_RUNS` is a factor on the number of streams (100: the long run), `SLUICE_SEED` another run, `SLUICE_STREAM` one
 * stream of it alone.
 */
import { expect, test } from 'vitest'
import { dialects } from '../../src/wire/index.ts'
import { recordedDialects } from './dialects.ts'
import type { Material } from './fuzz/one-stream.ts'
import { fuzz } from './fuzz/start.ts'
import { dialectOf, recordingsOf } from './shared.ts'

const { SLUICE_RUNS = '1', SLUICE_SEED = '20261121', SLUICE_STREAM } = process.env

const streams = Math.ceil(500 * Number(SLUICE_RUNS))
const seed = Number(SLUICE_SEED)
const from = SLUICE_STREAM === undefined ? 0 : Number(SLUICE_STREAM)
const to = SLUICE_STREAM === undefined ? streams : from + 1

const materials: Material[] = recordedDialects.flatMap((recorded) =>
  recordingsOf(recorded).map(({ file, bytes }) => ({
    file,
    bytes,
    dialect: dialectOf(recorded).name,
    facts: recorded.facts(bytes),
  })),
)

/** Megabytes the thread may have had allocated, garbage included: streams are up to 10, held bytes and frames less. */
const mostMegabytes = 1024

test('every dialect that is spoken has recordings to be spoilt', () => {
  const recorded = new Set(materials.map(({ dialect }) => dialect))
  expect(dialects.map(({ name }) => name).filter((name) => !recorded.has(name))).toEqual([])
})

test(`no secret leaves, nothing breaks and nothing hangs in ${to - from} spoilt streams`, {
  timeout: 60_000 + 200 * (to - from),
}, async () => {
  const { wrong, streams, exits, memory, bytes, largest, slowest } = await fuzz(materials, { seed, from, to })
  const mega = (count: number): string => `${(count / 2 ** 20).toFixed(1)} MiB`
  console.log(
    `${streams} streams, ${mega(bytes)} in all, the largest ${mega(largest)}; at most ${mega(memory)} allocated; ` +
      `the slowest, ${slowest.stream}, took ${slowest.took.toFixed(0)} ms; exits: ${JSON.stringify(exits)}`,
  )
  expect(wrong).toEqual([])
  expect(streams).toBe(to - from)
  expect(memory).toBeLessThan(mostMegabytes * 2 ** 20)
})
