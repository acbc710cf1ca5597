/** Random policies over a small nasty alphabet: rules that overlap, contain, except and continue one another. */
import fc from 'fast-check'
import { matches } from '../oracle/fates.ts'
import type { OraclePolicy, OracleRule } from '../oracle/policy.ts'
import { compile, settle } from '../oracle/program.ts'

/** What terms are made of: few characters, so that random terms meet, and the ones that have broken matchers before. */
const termPieces = ['a', 'b', 'c', 'A', ' ', '1', 'é', 'e\u0301', 'ß', 's', 'i', 'σ', '炸', '弹', '\u{1f600}', '-', '"', '_']

const someTerm = fc
  .array(fc.constantFrom(...termPieces), { minLength: 1, maxLength: 4 })
  .map((pieces) => pieces.join(''))
  .filter((term) => term.trim() !== '')

const someWords = fc
  .record({
    terms: fc.array(someTerm, { minLength: 1, maxLength: 3 }),
    around: fc.array(fc.tuple(fc.constantFrom('', 'a', 'b', ' ', '炸'), fc.nat(2), fc.constantFrom('', 'a', 'c', '.', 's')), {
      maxLength: 2,
    }),
    fold: fc.constantFrom('none' as const, 'case' as const),
    boundary: fc.constantFrom('none' as const, 'word' as const),
  })
  .map(({ terms, around, fold, boundary }) => {
    const except = around.map(([before, index, after]) => before + (terms[index % terms.length] as string) + after)
    return { words: { terms, except: except.filter((term) => !terms.includes(term)), fold, boundary } }
  })

const atom = fc.constantFrom(
  'a',
  'b',
  'c',
  '1',
  '炸',
  '\u{1f600}',
  '[ab]',
  '[^a]',
  '\\d',
  '\\w',
  '.',
  '\\s',
  '(?:a|bc)',
  '(?:ab|a)',
  'é',
  '[a-c1]',
)
const quantified = fc.tuple(atom, fc.constantFrom('', '', '', '', '?', '{2}', '{1,3}', '+', '*')).map((pair) => pair.join(''))
const opening = fc.constantFrom('', '', '', '', '\\b', '^', '(?<!a)', '(?<=b)', '(?<!\\w)')
const closing = fc.constantFrom('', '', '', '', '\\b', '$', '(?!a)', '(?=c)', '(?!\\d)', '\\B')

const someSource = fc
  .tuple(
    opening,
    fc.array(quantified, { minLength: 1, maxLength: 3 }),
    closing,
    fc.option(fc.array(quantified, { minLength: 1, maxLength: 2 })),
  )
  .map(
    ([before, main, after, other]) => before + (other == null ? main.join('') : `(?:${main.join('')}|${other.join('')})`) + after,
  )

/** The pattern would match where nothing is: policies may not have such a pattern. */
function canBeEmpty(source: string): boolean {
  const program = compile(source, '').map((step) =>
    step.kind === 'assert' ? { kind: 'assert' as const, holds: () => true } : step,
  )
  return settle(program, [0], { before: undefined, after: undefined }).found
}

/** Some text must be able to match: a pattern that contradicts itself is a mistake policies are told about. */
function canMatch(source: string): boolean {
  const samples = ['a', 'b', 'c', '1', '炸', '\u{1f600}', 'é', ' ', '.']
  const texts = samples.flatMap((one) =>
    samples.flatMap((two) => [`${one}${two}`, `${one}${two}${one}`, `${one}${one}${two}${two}c`]),
  )
  return [...samples, ...texts].some((text) => new RegExp(source, 'u').test(text))
}

/** At least the fewest units a match has: a policy may not ask for less. */
function shortest(source: string): number {
  const program = compile(source, '').map((step) =>
    step.kind === 'assert' ? { kind: 'assert' as const, holds: () => true } : step,
  )
  let threads = [0]
  for (let units = 0; ; units++) {
    const { found, waiting } = settle(program, threads, { before: undefined, after: undefined })
    if (found) return /\p{Emoji_Presentation}/u.test(source) ? units * 2 : units
    threads = waiting.map((thread) => thread + 1)
  }
}

const somePattern = fc
  .tuple(
    someSource,
    fc.option(fc.integer({ min: 1, max: 5 })),
    fc.constantFrom('' as const, '' as const, 'i' as const, 's' as const),
  )
  .filter(([source]) => !canBeEmpty(source) && canMatch(source))
  .map(([source, most, flags]) => {
    const unbounded = /[+*]/.test(source)
    return { pattern: { source, flags, ...(most != null || unbounded ? { most: Math.max(most ?? 4, shortest(source)) } : {}) } }
  })

const replacements = ['#', '[x]', '***', '⁂']

const someRule = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: someWords }, { weight: 2, arbitrary: somePattern }),
    fc.constantFrom('flag' as const, 'mask' as const, 'mask' as const, 'mask' as const, 'cut' as const),
    fc.constantFrom(...replacements),
    fc.constantFrom('enforce' as const, 'enforce' as const, 'enforce' as const, 'enforce' as const, 'shadow' as const),
  )
  .map(([check, action, replacement, mode]) => ({ ...check, action, mode, ...(action === 'mask' ? { with: replacement } : {}) }))

/** Replacements must be clean: nothing that masks or cuts may find something in what another rule writes. */
export function isClean(policy: OraclePolicy): boolean {
  const written = policy.rules.flatMap((rule) => rule.with ?? [])
  return policy.rules.every(
    (rule) => rule.action === 'flag' || rule.action === 'allow' || written.every((text) => matches(rule, text).length === 0),
  )
}

/** Policies that `createPlan` takes. */
export const somePolicy: fc.Arbitrary<OraclePolicy> = fc
  .array(someRule, { minLength: 1, maxLength: 4 })
  .map((rules) => ({ rules: rules.map((rule, index) => ({ ...rule, id: `r${index}` }) as OracleRule) }))
  .filter(isClean)

/** Longer than a term on one side or both, as what is allowed mostly is. */
const someAllowed = (policy: OraclePolicy) => {
  const terms = policy.rules.flatMap(
    ({ words, pattern }) => words?.terms ?? [(pattern?.source ?? '').replace(/[^a-c1]/g, '') || 'a'],
  )
  const around = fc
    .tuple(fc.constantFrom('', '', 'a', 'b', ' ', '炸'), fc.constantFrom(...terms), fc.constantFrom('', 'a', 'c', '.', 's', 'bc'))
    .map((parts) => parts.join(''))
  const listed = fc.record({
    terms: fc.array(around, { minLength: 1, maxLength: 2 }),
    except: fc.constant([]),
    fold: fc.constantFrom('none' as const, 'case' as const),
    boundary: fc.constantFrom('none' as const, 'word' as const),
  })
  const check = fc.oneof({ weight: 3, arbitrary: listed.map((words) => ({ words })) }, { weight: 2, arbitrary: somePattern })
  const names = [...policy.rules.map(({ id }) => id), 'tagged']
  const lifts = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 })
  return fc
    .record({
      check,
      lifts,
      mode: fc.constantFrom('enforce' as const, 'enforce' as const, 'enforce' as const, 'shadow' as const),
    })
    .map(({ check, ...rest }) => ({ ...check, ...rest, action: 'allow' as const }))
}

/** The same with rules that allow what others find. */
export const someLenientPolicy: fc.Arbitrary<OraclePolicy> = somePolicy.chain((policy) =>
  fc.array(someAllowed(policy), { minLength: 1, maxLength: 2 }).map((allowed) => ({
    rules: [
      ...policy.rules.map((rule) => ({ ...rule, tags: ['tagged'] })),
      ...allowed.map((rule, index) => ({ ...rule, id: `allowed-${index}` }) as OracleRule),
    ],
  })),
)

/** The same where text leaves sentence by sentence. */
export const somePatientPolicy: fc.Arbitrary<OraclePolicy> = fc
  .oneof({ weight: 3, arbitrary: somePolicy }, { weight: 1, arbitrary: someLenientPolicy })
  .map((policy) => ({ ...policy, release: 'sentence' as const }))

/** Of every kind that streams are read under. */
export const everyPolicy: fc.Arbitrary<OraclePolicy> = fc.oneof(
  { weight: 3, arbitrary: somePolicy },
  { weight: 1, arbitrary: someLenientPolicy },
  { weight: 1, arbitrary: somePatientPolicy },
)

/** The same with a hold limit that random texts do reach. */
const tight = (policies: fc.Arbitrary<OraclePolicy>): fc.Arbitrary<OraclePolicy> =>
  fc
    .tuple(policies, fc.integer({ min: 1, max: 6 }), fc.constantFrom('cut' as const, 'cut' as const, 'forward' as const))
    .map(([policy, most_chars, at_cap]) => ({ ...policy, hold: { most_chars, at_cap } }))

export const someTightPolicy = tight(
  fc.oneof(
    { weight: 3, arbitrary: somePolicy },
    { weight: 1, arbitrary: someLenientPolicy },
    { weight: 1, arbitrary: somePatientPolicy },
  ),
)
