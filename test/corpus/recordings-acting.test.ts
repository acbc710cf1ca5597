/** Recorded chat streams under policies that mask, then cut, words that occur in them: every string is compared with the oracle. */
import { describe, expect, test } from 'vitest'
import { divide } from '../generators/texts.ts'
import { factsOf, guardChat } from '../laws/guard-chat.ts'
import { planOf } from '../laws/plan.ts'
import { readText as readPieces } from '../laws/read-text.ts'
import { policyOf, tellLong, wordsIn } from './long-text.ts'
import { chatRecordings } from './shared.ts'
import { eventsOf, isSaid, leavesOf, threadsOf } from './walker.ts'

/** The choices a recording has. */
const factsFor = (bytes: Uint8Array) =>
  factsOf({ choices: [...threadsOf(bytes).keys()].some((path) => path.startsWith('choices[1]')) ? 2 : 1, json: false })
const encoder = new TextEncoder()
const stringsOf = (bytes: Uint8Array) => eventsOf(bytes).flatMap((event) => leavesOf(event))

/** A stream like the recording that says `pieces` in its first choice: its own chunk, with other content. */
function streamOf(recording: Uint8Array, field: string, pieces: readonly string[]): Uint8Array {
  const template = eventsOf(recording).find(({ choices }) => Array.isArray(choices) && choices.length > 0)
  const events = pieces.map((piece) => ({ ...template, choices: [{ index: 0, delta: { [field]: piece }, finish_reason: null }] }))
  const end = { ...template, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }
  return encoder.encode(
    [...[...events, end].map((event) => JSON.stringify(event)), '[DONE]'].map((data) => `data: ${data}\n\n`).join(''),
  )
}

for (const { file, bytes } of chatRecordings()) {
  const threads = [...threadsOf(bytes)].filter(([path, text]) => isSaid(path) && wordsIn(text).length > 1)
  if (threads.length === 0) continue
  const words = wordsIn(threads.map(([, text]) => text).join('\n'))
  const masked = words.slice(0, 3)

  describe(file, () => {
    test('with a mask, every string reads as the oracle says, and no masked word is left anywhere', async () => {
      const policy = policyOf(masked)
      for (const pieces of [
        [bytes],
        divide(
          bytes,
          Array.from(bytes, (_, at) => at),
        ),
      ]) {
        const { bytes: out, trail } = await guardChat(planOf(policy), factsFor(bytes), pieces)
        expect(trail.verdict).toBe(threads.length > 0 ? 'mask' : 'clear')
        const after = threadsOf(out)
        const before = new Map<string, Set<string>>()
        for (const { path, text } of stringsOf(bytes)) before.set(path, (before.get(path) ?? new Set()).add(text))
        for (const [path, text] of threadsOf(bytes)) {
          if (isSaid(path)) expect({ path, text: after.get(path) ?? '' }).toEqual({ path, text: tellLong(policy, text).released })
        }
        // What belongs to no thread leaves as it came, masked as a text of its own, or not at all.
        for (const { path, text } of stringsOf(out)) {
          if (isSaid(path)) continue
          const allowed = [...(before.get(path) ?? [])].flatMap((known) => [known, tellLong(policy, known).released])
          expect(allowed).toContain(text)
        }
        const spelled = stringsOf(out)
          .filter(({ path }) => /logprobs|error|annotations/.test(path))
          .map(({ text }) => text)
          .join('')
        for (const word of masked) expect(spelled).not.toContain(word)
      }
    })

    test('with a cut, the choice ends before the word and nothing of it follows', async () => {
      // The thread ends before its first such word, or earlier, where another thread of the choice had it first.
      const [path, text] = threads[0] as [string, string]
      const word = wordsIn(text).at(-1) as string
      const policy = policyOf([], [word])
      const { bytes: out, trail } = await guardChat(planOf(policy), factsFor(bytes), [bytes])
      expect(trail.verdict).toBe('cut')
      const meant = tellLong(policy, text)
      const said = threadsOf(out).get(path) ?? ''
      expect(meant.released.startsWith(said)).toBe(true)
      const choice = path.slice(0, path.indexOf(']'))
      const others = threads.filter(
        ([other, words]) => other.startsWith(choice) && words !== text && wordsIn(words).includes(word),
      )
      if (others.length === 0) expect(said).toBe(meant.released)
      expect(new TextDecoder().decode(out).split('[DONE]')).toHaveLength(2)
    })

    test('at every two-way split of its text: one outcome, masks and cut as the oracle says, as text and as a stream', async () => {
      for (const [path, text] of threads) {
        const short = text.slice(0, 1500)
        const own = wordsIn(short)
        const policies = [policyOf(own.slice(0, 3)), policyOf(own.slice(0, 2), own.slice(-1))]
        const field = /refusal$/.test(path) ? 'refusal' : /reasoning/.test(path) ? 'reasoning' : 'content'
        for (const policy of policies) {
          const plan = planOf(policy)
          const meant = tellLong(policy, short)
          for (let at = 0; at <= short.length; at++) {
            const pieces = [short.slice(0, at), short.slice(at)]
            const { released, cut } = readPieces(plan, pieces)
            expect({ at, released, decided: cut?.decided }).toEqual({ at, released: meant.released, decided: meant.cut?.decided })
            // The whole way is a hundred times the work: often enough, and around every line.
            if (at % 25 !== 0 && Math.abs(at - (meant.cut?.at ?? 0)) > 3) continue
            const { reading } = await guardChat(plan, factsOf({ choices: 1, json: false }), [streamOf(bytes, field, pieces)])
            expect({ at, said: reading.said.get(`0/${field}`) ?? '' }).toEqual({ at, said: meant.released })
            expect(reading.finishes.get('0')).toEqual([meant.cut === undefined ? 'stop' : 'content_filter'])
          }
        }
      }
    })
  })
}
