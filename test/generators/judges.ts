/** Judges with opinions about single letters, some of whom fail, and random policies that ask them. */
import fc from 'fast-check'
import { type Answer, faultKinds, type Opinion } from '../../src/terms/judge.ts'
import { matches } from '../oracle/fates.ts'
import type { OracleJudge } from '../oracle/judges.ts'
import type { OraclePolicy, OracleRule } from '../oracle/policy.ts'
import { everyPolicy } from './policies.ts'

/** Sees `bad` wherever there is one of its letters, in the stretch or before it. */
const sees =
  (letters: string) =>
  (text: string, context: string): readonly Opinion[] => {
    const at = [...text].findIndex((letter) => letters.includes(letter))
    if (at >= 0)
      return [
        { category: 'bad', score: 0.5 + text.length / 100 },
        { category: 'there', span: { start: text.search(new RegExp(`[${letters}]`, 'u')), end: text.length } },
      ]
    return [...context].some((letter) => letters.includes(letter)) ? [{ category: 'before' }] : []
  }

/** The same, but fails over every text with a sign that it cannot read. */
const stumbles =
  (letters: string): OracleJudge['says'] =>
  (text, context) =>
    text.includes('1')
      ? (faultKinds[text.length % faultKinds.length] as (typeof faultKinds)[number])
      : sees(letters)(text, context)

export function answerOf(said: ReturnType<OracleJudge['says']>): Answer {
  return typeof said === 'string' ? { kind: 'fault', fault: said, detail: 'no' } : { kind: 'opinions', opinions: said }
}

const someJudge = (name: string, fails: boolean): fc.Arbitrary<OracleJudge> =>
  fc
    .record({
      first: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 5 }) }, { weight: 1, arbitrary: fc.constant(Infinity) }),
      more: fc.nat(6),
      context: fc.nat(4),
      letters: fc.constantFrom('b', 'c', 'x', 'bx'),
      onFault: fc.constantFrom('cut' as const, 'forward' as const, 'flag' as const),
    })
    .map(({ first, more, letters, ...rest }) => ({
      ...rest,
      name,
      first,
      growTo: first + more,
      says: (fails ? stumbles : sees)(letters),
    }))

const action = fc.constantFrom('mask' as const, 'cut' as const, 'flag' as const)
const where = fc.constantFrom(
  undefined,
  { category: 'bad' },
  { category: ['there', 'before'] },
  { category: 'bad', at_least: 0.53 },
)

/** @param fails judges fail over what they cannot read. */
export function someJudgedPolicy({ fails = false, policies = everyPolicy } = {}): fc.Arbitrary<OraclePolicy> {
  return fc
    .record({
      policy: policies,
      judges: fc.tuple(someJudge('one', fails), someJudge('two', fails)),
      judged: fc.array(fc.record({ judge: fc.constantFrom('one', 'two'), action, where }), { maxLength: 3 }),
      asks: fc.array(fc.option(fc.record({ judge: fc.constantFrom('one', 'two'), then: action, where })), {
        minLength: 3,
        maxLength: 3,
      }),
    })
    .map(
      ({ policy, judges, judged, asks }): OraclePolicy => ({
        ...policy,
        hold: undefined as never,
        judges,
        rules: policy.rules.map((rule, index) => {
          const ask = asks[index % 3]
          if (ask == null || rule.action === 'allow') return rule
          const { with: _with, ...rest } = rule
          return { ...rest, action: 'ask' as const, ask, ...(ask.then === 'mask' ? { with: '*' } : {}) } as OracleRule
        }),
        judged: judged.map((rule, index) => ({
          ...rule,
          id: `judged-${index}`,
          ...(rule.action === 'mask' ? { with: '#' } : {}),
        })) as OraclePolicy['judged'] & object,
      }),
    )
    .filter(({ rules }) => rules.every((rule) => ['*', '#', '[x]', '***'].every((mask) => matches(rule, mask).length === 0)))
}
