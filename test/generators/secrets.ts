/** Text that must never leave: written in characters that stand nowhere else, so that any trace of it can be told. */
import fc from 'fast-check'
import type { OraclePolicy, OracleRule } from '../oracle/policy.ts'
import { isClean, somePolicy } from './policies.ts'
import { nasty } from './texts.ts'

/** Runes, and Gothic letters that take two units each. */
const letters = ['ᚠ', 'ᚢ', 'ᚦ', '\u{10330}', '\u{10331}']

export interface SecretCase {
  readonly policy: OraclePolicy
  /** Every one of them is found by a rule in force, wherever it stands. */
  readonly secrets: readonly string[]
}

const someSecret = fc.array(fc.constantFrom(...letters), { minLength: 2, maxLength: 4 }).map((parts) => parts.join(''))

const secretRule = (secrets: readonly string[], action: 'mask' | 'cut', way: 'words' | 'pattern'): OracleRule => ({
  id: `secret-${action}`,
  action,
  ...(action === 'mask' ? { with: '#' } : {}),
  ...(way === 'words'
    ? { words: { terms: secrets, except: [], fold: 'case' as const, boundary: 'none' as const } }
    : { pattern: { source: '[ᚠ-ᛪ\u{10330}-\u{1034a}]{2,9}' } }),
})

/** A policy that withholds secrets, among rules about other things. */
export const secretCase: fc.Arbitrary<SecretCase> = fc
  .record({
    secrets: fc.array(someSecret, { minLength: 1, maxLength: 3 }),
    action: fc.constantFrom('mask' as const, 'mask' as const, 'cut' as const),
    way: fc.constantFrom('words' as const, 'pattern' as const),
    others: fc.option(somePolicy),
  })
  .map(({ secrets, action, way, others }) => ({
    secrets,
    policy: { rules: [secretRule(secrets, action, way), ...(others?.rules ?? [])] },
  }))
  .filter(({ policy }) => isClean(policy))

/** A text in which secrets stand whole among other things. */
export function textWith(secrets: readonly string[], most = 7): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...secrets) },
    { weight: 2, arbitrary: fc.constantFrom(...nasty) },
  )
  return fc.array(piece, { maxLength: most }).map((pieces) => pieces.join(''))
}

/** Units of which secrets are made and nothing else. */
const traces = new Set(letters.flatMap((letter) => letter.split('')))

/** Whether any unit of a secret stands in the text. */
export function showsTrace(text: string): boolean {
  return text.split('').some((unit) => traces.has(unit))
}

const unescaped = (text: string): string =>
  text.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))

/** Every list of numbers under `bytes`, in order: what log probabilities spell. */
function byteLists(value: unknown): number[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => {
    const bytes =
      key === 'bytes' && Array.isArray(member) ? member.filter((byte): byte is number => typeof byte === 'number') : []
    return [...bytes, ...byteLists(member)]
  })
}

/** Whether any unit of a secret can be read from what left: as it stands, unescaped once and twice, or from bytes in numbers. */
export function leaks(bytes: Uint8Array, events: readonly unknown[]): boolean {
  const text = new TextDecoder().decode(bytes)
  const once = unescaped(text)
  const spelled = byteLists(events)
  const lead = letters.map((letter) => [...new TextEncoder().encode(letter)])
  const spells = lead.some((wanted) => spelled.some((_, at) => wanted.every((byte, index) => spelled[at + index] === byte)))
  return spells || [text, once, unescaped(once)].some(showsTrace)
}
