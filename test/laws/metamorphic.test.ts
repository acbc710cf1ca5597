/** Case group 16: what must hold between two readings, whatever each of them says. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TextGate } from '../../src/gate/text-gate.ts'
import type { Plan } from '../../src/terms/plan.ts'
import { type Fold, foldMap, foldText } from '../../src/text/fold.ts'
import { textCase } from '../generators/cases.ts'
import { isClean, somePolicy, someTightPolicy } from '../generators/policies.ts'
import { patience, runs } from '../generators/settings.ts'
import { nasty } from '../generators/texts.ts'
import type { OraclePolicy, OracleRule } from '../oracle/policy.ts'
import { planOf } from './plan.ts'
import { readText } from './read-text.ts'

/** The offset up to which text is clear, after every unit and at the end. */
function clearLines(plan: Plan, text: string): number[] {
  const gate = new TextGate(plan)
  const lines = text.split('').map((unit) => {
    gate.push(unit)
    return gate.watch.clear
  })
  gate.end()
  return [...lines, gate.watch.clear]
}

/** The same rules without the one at the place, and the other way round with it. */
const withAndWithout = (policies: fc.Arbitrary<OraclePolicy>) =>
  fc
    .tuple(textCase(policies), fc.nat(3))
    // What a rule allows leaves earlier for it, and without what it lifts it means nothing.
    .filter(([{ policy }]) => policy.rules.length > 1 && policy.rules.every(({ action }) => action !== 'allow'))
    .map(([{ policy, text }, place]) => {
      const left = policy.rules.filter((_, index) => index !== place % policy.rules.length)
      return { more: policy, fewer: { ...policy, rules: left }, text }
    })

describe('16 what must hold between two readings', () => {
  for (const [name, policies] of [
    ['random policies', somePolicy],
    // Forwarding at the limit is the declared exception: it lets go of more where more is held.
    ['a hold limit that is reached', someTightPolicy.filter(({ hold }) => hold?.at_cap !== 'forward')],
  ] as const) {
    test(
      `a rule more never lets text go earlier, a rule less never holds it longer (${name})`,
      () => {
        fc.assert(
          fc.property(withAndWithout(policies), ({ more, fewer, text }) => {
            const slower = clearLines(planOf(more), text)
            const faster = clearLines(planOf(fewer), text)
            for (const [index, line] of slower.entries())
              expect(line, `after ${index + 1}`).toBeLessThanOrEqual(faster[index] as number)
          }),
          runs(300),
        )
      },
      patience,
    )
  }

  test(
    'an exception more never finds more',
    () => {
      fc.assert(
        fc.property(textCase(wordsOnly('mask')), ({ policy, text }) => {
          const bare = { rules: policy.rules.map((rule) => ({ ...rule, words: { ...rule.words, except: [] } }) as OracleRule) }
          const all = readText(planOf(bare), [text]).findings
          for (const found of readText(planOf(policy), [text]).findings) {
            // Of one end the earliest start is told, and masks that share a unit are one: an exception may leave a part.
            const known = all.some(({ rule, start, end }) => rule === found.rule && end >= found.end && start <= found.start)
            expect(known).toBe(true)
          }
        }),
        runs(200),
      )
    },
    patience,
  )

  test(
    'two texts with something hard between them read as each by itself',
    () => {
      fc.assert(
        fc.property(
          textCase(wordsOnly('mask', 'flag')).chain(({ policy, text }) =>
            fc.record({ policy: fc.constant(policy), one: fc.constant(text), other: textCase(fc.constant(policy)) }),
          ),
          ({ policy, one, other: { text: other } }) => {
            const plan = planOf(policy)
            const apart = [one, other].map((text) => readText(plan, text.split('')).released)
            expect(readText(plan, [one, hard, other]).released).toBe(apart.join(hard))
          },
        ),
        runs(300),
      )
    },
    patience,
  )

  const folds: readonly Fold[] = ['none', 'case', 'loose']

  test.each(folds)(
    'folding what is folded changes nothing: %s',
    (fold) => {
      const map = foldMap(fold)
      for (const [codePoint, image] of map) {
        const again = image.flatMap((symbol) => map.get(symbol) ?? [symbol])
        expect(again, codePoint.toString(16)).toEqual(image)
      }
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...nasty, 'ﬃ', '㎏', 'ﷺ', '𝐛', 'Ⅷ', '軍'), { maxLength: 12 }), (characters) => {
          const once = foldText(fold, characters.join(''))
          // Half characters that stand side by side would be read as whole ones.
          const text = String.fromCodePoint(...once)
          if ([...text].length === once.length) expect(foldText(fold, text)).toEqual(once)
        }),
        runs(300),
      )
    },
    patience,
  )
})

/** No term holds it, no mark joins it, and it is a border on both sides. */
const hard = '⁂⁂⁂⁂'

/** Policies of words, which do not look beyond their borders. */
function wordsOnly(...actions: readonly OracleRule['action'][]): fc.Arbitrary<OraclePolicy> {
  return somePolicy
    .map((policy) => ({
      rules: policy.rules.filter(
        (rule) => rule.words !== undefined && actions.includes(rule.action) && !rule.words.terms.join('').includes('⁂'),
      ),
    }))
    .filter((policy) => policy.rules.length > 0 && isClean(policy))
}
