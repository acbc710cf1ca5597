/** Recorded streams under policies that find nothing: the same bytes, and the official client's outcome on record. */
import { describe, expect, test } from 'vitest'
import { guardFetch } from '../../src/flow/index.ts'
import type { Plan } from '../../src/terms/plan.ts'
import { bodyOf } from '../generators/frames.ts'
import { divide } from '../generators/texts.ts'
import { guardStream } from '../laws/guard.ts'
import { planOf } from '../laws/plan.ts'
import { recordedDialects } from './dialects.ts'
import { policyOf } from './long-text.ts'
import { dialectOf, type Recording, recordingsOf } from './shared.ts'

const nothing = planOf({ rules: [] })
/** Holds words, and finds none: no recording has a unicorn. */
const watchful = planOf(policyOf(['unicorn meadow', 'theory of unicorns'], ['internal unicorn']))

/** A fetch that answers with the recording, guarded. */
function replaying(bytes: Uint8Array, plan: Plan): typeof fetch {
  const upstream = (async () =>
    new Response(bodyOf([bytes]), { headers: { 'content-type': 'text/event-stream' } })) as typeof fetch
  return guardFetch({ plan, fetch: upstream })
}

/** The network's pieces: whole, event by event, a byte at a time, and cut in two at many places. */
function piecesOf({ bytes }: Recording): Uint8Array[][] {
  const events = new TextDecoder()
    .decode(bytes)
    .split(/(?<=\n\n|\r\n\r\n)/)
    .map((event) => new TextEncoder().encode(event))
  const halves = Array.from({ length: 60 }, (_, at) => divide(bytes, [Math.floor((bytes.length * at) / 60)]))
  return [
    [bytes],
    events,
    divide(
      bytes,
      Array.from(bytes, (_, at) => at),
    ),
    ...halves,
  ]
}

for (const recorded of recordedDialects) {
  const dialect = dialectOf(recorded)
  for (const recording of recordingsOf(recorded)) {
    const facts = recorded.facts(recording.bytes)

    describe(recording.file, () => {
      test('leaves byte for byte as it came, however the network cut it', async () => {
        for (const pieces of piecesOf(recording)) {
          const { bytes, trail } = await guardStream(dialect, nothing, facts, pieces)
          expect(new TextDecoder().decode(bytes)).toBe(new TextDecoder().decode(recording.bytes))
          expect(trail.frames.touched).toBe(0)
        }
      })

      test('leaves so under a policy that has to look, but for frames it divides', async () => {
        for (const pieces of piecesOf(recording).slice(0, 3)) {
          const { bytes, trail } = await guardStream(dialect, watchful, facts, pieces)
          if (trail.frames.divided === 0) expect(new TextDecoder().decode(bytes)).toBe(new TextDecoder().decode(recording.bytes))
          expect(trail.verdict).toBe('clear')
        }
      })

      if (Object.keys(recorded.outcomes).length === 0) return
      test('the official client does with it what it did without us', async () => {
        const ways = Object.entries(recorded.outcomes).filter(([way]) => recording.baseline[way] !== undefined)
        expect(ways).not.toHaveLength(0)
        for (const plan of [nothing, watchful]) {
          for (const [way, outcome] of ways) {
            expect(await outcome(replaying(recording.bytes, plan))).toBe(recording.baseline[way])
          }
        }
      })
    })
  }
}
