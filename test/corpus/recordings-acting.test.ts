/** Recorded streams under policies that mask, then cut, words that occur in them: every string is compared with the oracle. */
import { describe, expect, test } from 'vitest'
import { divide } from '../generators/texts.ts'
import { guardStream } from '../laws/guard.ts'
import { planOf } from '../laws/plan.ts'
import { readText as readPieces } from '../laws/read-text.ts'
import { recordedDialects } from './dialects.ts'
import { policyOf, tellLong, wordsIn } from './long-text.ts'
import { type RecordedDialect, stringsOf, threadsOf } from './recorded.ts'
import { dialectOf, recordingsOf } from './shared.ts'

const cases = recordedDialects.flatMap((recorded) => recordingsOf(recorded).map(({ file, bytes }) => ({ recorded, file, bytes })))

/** The threads in which a model says several words. */
function spokenIn(recorded: RecordedDialect, bytes: Uint8Array): [path: string, text: string][] {
  return [...threadsOf(recorded, bytes)].filter(([path, text]) => recorded.isSaid(path) && wordsIn(text).length > 1)
}

/** Recordings in which there is something to mask or cut, and those with text that must not be changed. */
const touchable: string[] = []
const withSigned: string[] = []

for (const { recorded, file, bytes } of cases) {
  const threads = spokenIn(recorded, bytes)
  if (threads.length === 0) continue
  const dialect = dialectOf(recorded)
  const facts = recorded.facts(bytes)
  const { isSaid } = recorded
  const textsAt = (has: (path: string) => boolean | undefined) =>
    [...threadsOf(recorded, bytes)].filter(([path]) => has(path)).map(([, text]) => text)
  const signed = textsAt((path) => recorded.isSigned?.(path))
  const apart = textsAt((path) => recorded.isSigned?.(path) || recorded.isInput?.(path)).join('\n')
  const untouchable = new Set(wordsIn(apart.toLowerCase()))
  const words = wordsIn(threads.map(([, text]) => text).join('\n')).filter((word) => !untouchable.has(word.toLowerCase()))
  const masked = words.slice(0, 3)
  if (masked.length > 0) touchable.push(file)
  if (signed.length > 0) withSigned.push(file)

  describe(file, () => {
    if (masked.length > 0)
      test('with a mask, every string reads as the oracle says, and no masked word is left anywhere', async () => {
        const policy = policyOf(masked)
        for (const pieces of [
          [bytes],
          divide(
            bytes,
            Array.from(bytes, (_, at) => at),
          ),
        ]) {
          const { bytes: out, trail } = await guardStream(dialect, planOf(policy), facts, pieces)
          expect(trail.verdict).toBe('mask')
          const after = threadsOf(recorded, out)
          const before = new Map<string, Set<string>>()
          for (const { path, text } of stringsOf(recorded, bytes)) before.set(path, (before.get(path) ?? new Set()).add(text))
          for (const [path, text] of threadsOf(recorded, bytes)) {
            if (isSaid(path))
              expect({ path, text: after.get(path) ?? '' }).toEqual({ path, text: tellLong(policy, text).released })
          }
          // What belongs to no thread leaves as it came, masked as a text of its own, or not at all.
          for (const { path, text } of stringsOf(recorded, out)) {
            if (isSaid(path)) continue
            const allowed = [...(before.get(path) ?? [])].flatMap((known) => [known, tellLong(policy, known).released])
            expect(allowed).toContain(text)
          }
          const spelled = stringsOf(recorded, out)
            .filter(({ path }) => /logprobs|error|annotations/.test(path))
            .map(({ text }) => text)
            .join('')
          for (const word of masked) expect(spelled).not.toContain(word)
        }
      })

    if (masked.length > 0)
      test('with a cut, the choice ends before the word and nothing of it follows', async () => {
        // The thread ends before its first such word, or earlier, where another thread of the choice had it first.
        const [path, text] = threads[0] as [string, string]
        const word = wordsIn(text)
          .filter((one) => words.includes(one))
          .at(-1) as string
        const policy = policyOf([], [word])
        const { bytes: out, trail } = await guardStream(dialect, planOf(policy), facts, [bytes])
        expect(trail.verdict).toBe('cut')
        const meant = tellLong(policy, text)
        const said = threadsOf(recorded, out).get(path) ?? ''
        expect(meant.released.startsWith(said)).toBe(true)
        const others = threads.filter(
          ([other, words]) =>
            recorded.scopeOf(other) === recorded.scopeOf(path) && words !== text && wordsIn(words).includes(word),
        )
        // A tool's query, say, is no thread, but may have had the word before.
        const beside = stringsOf(recorded, bytes).filter(
          ({ path: other, text: string }) => !isSaid(other) && string !== text && wordsIn(string).includes(word),
        )
        if (others.length === 0 && beside.length === 0) expect(said).toBe(meant.released)
        const endings = recorded.endingsOf(out)
        expect(endings).toHaveLength(facts.scopes)
        expect(endings).toContain('cut')
      })

    if (signed.length > 0)
      test('with a mask in signed text: a cut before it, or with `reasoning: hold` all of it taken out', async () => {
        const [word] = wordsIn(signed[0] as string)
        const policy = policyOf([word as string])
        const { bytes: out, trail } = await guardStream(dialect, planOf(policy), facts, [bytes])
        expect(trail.verdict).toBe('cut')
        expect(recorded.endingsOf(out)).toEqual(['cut'])
        const left = [...threadsOf(recorded, out)].filter(([path]) => recorded.isSigned?.(path)).map(([, text]) => text)
        expect(left.join('')).toBe(
          tellLong({ rules: policy.rules.map((rule) => ({ ...rule, action: 'cut' as const })) }, signed[0] as string).released,
        )
        const held = await guardStream(dialect, planOf({ ...policy, reasoning: 'hold' }), facts, [bytes])
        expect(recorded.endingsOf(held.bytes)).toEqual(['own'])
        expect(stringsOf(recorded, held.bytes).filter(({ path }) => recorded.isSigned?.(path))).toEqual([])
        const saidBy = (sent: Uint8Array) =>
          [...threadsOf(recorded, sent)].filter(([path]) => isSaid(path)).map(([, text]) => text)
        expect(saidBy(held.bytes)).toEqual(saidBy(bytes).map((text) => tellLong(policy, text).released))
      })

    test('at every two-way split of its text: one outcome, masks and cut as the oracle says, as text and as a stream', async () => {
      for (const [path, text] of threads) {
        const short = text.slice(0, 1500)
        const own = wordsIn(short)
        const policies = [policyOf(own.slice(0, 3)), policyOf(own.slice(0, 2), own.slice(-1))]
        for (const policy of policies) {
          const plan = planOf(policy)
          const meant = tellLong(policy, short)
          for (let at = 0; at <= short.length; at++) {
            const pieces = [short.slice(0, at), short.slice(at)]
            const { released, cut } = readPieces(plan, pieces)
            expect({ at, released, decided: cut?.decided }).toEqual({ at, released: meant.released, decided: meant.cut?.decided })
            // The whole way is a hundred times the work: often enough, and around every line.
            if (at % 25 !== 0 && Math.abs(at - (meant.cut?.at ?? 0)) > 3) continue
            const stream = recorded.streamOf(bytes, path, pieces)
            const { bytes: out } = await guardStream(dialect, plan, recorded.facts(stream.bytes), [stream.bytes])
            expect({ at, said: threadsOf(recorded, out).get(stream.path) ?? '' }).toEqual({ at, said: meant.released })
            expect(recorded.endingsOf(out)).toEqual([meant.cut === undefined ? 'own' : 'cut'])
          }
        }
      }
    })
  })
}

test('there are recordings with words to mask, and some with signed text', () => {
  expect(touchable).not.toHaveLength(0)
  expect(withSigned).not.toHaveLength(0)
})
