/** `sluice replay` over every recording: at any split the same objects, apart from how much was held. */
import { describe, expect, test } from 'vitest'
import { inputsOf } from '../../src/cli/inputs.ts'
import { replayRecording } from '../../src/cli/replay/replay-recording.ts'
import { parseSplit } from '../../src/cli/replay/split.ts'
import { createPlan } from '../../src/policy/plan.ts'
import { pathOf, readJson } from './shared.ts'

/** Rules that act on ordinary words, so that every recording with words in it is touched somewhere. */
const plans = {
  'that masks': createPlan({
    rules: [
      { id: 'words', words: { terms: ['the', 'a', 'in', 'to', 'you', '的', '是'], boundary: 'word' }, action: 'mask', with: '▒' },
      { id: 'flags', words: { terms: ['is', 'of', 'and'] }, action: 'flag' },
    ],
  }),
  'that cuts': createPlan({
    rules: [{ id: 'words', words: { terms: ['and', 'for', 'weather', 'San', '天气', '，'], boundary: 'none' }, action: 'cut' }],
  }),
  'with a judge': createPlan({
    judges: { guard: { stretch: { first: 20, grow_to: 80, context: 40 } } },
    rules: [{ id: 'judged', judge: 'guard', where: { category: 'e' }, action: 'cut' }],
  }),
} as const

/** Sees something in a stretch that ends with a letter of the second half of the alphabet: about one in three. */
const guard = async ({ text }: { readonly text: string }) => ({
  kind: 'opinions' as const,
  opinions: /[n-z][^a-z]*$/i.test(text) ? [{ category: 'e' }] : [],
})

const splits = ['whole', 'chars', '7', '64', 'random:1', 'random:2']

for (const { file } of readJson<{ files: { file: string }[] }>('streams/manifest.json').files) {
  describe(file, () => {
    for (const [name, plan] of Object.entries(plans)) {
      test(`is told the same at every split under a policy ${name}`, async () => {
        const told = async (split: string) => {
          const objects: unknown[] = []
          for await (const input of inputsOf(pathOf(`streams/${file}`), (async function* () {})())) {
            if (input.kind !== 'recording') throw new Error(`${file} is no recording: ${JSON.stringify(input)}`)
            for (const { record } of await replayRecording(plan, input, parseSplit(split), { guard }))
              objects.push({ ...record, held: null })
          }
          return objects
        }
        const recorded = await told('events')
        expect(recorded.length).toBeGreaterThan(0)
        for (const split of splits) expect(await told(split)).toEqual(recorded)
      })
    }
  })
}
