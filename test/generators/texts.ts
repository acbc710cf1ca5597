/** Random texts in which a policy's words occur whole, begun, overlapping and disguised, and random ways to cut them in pieces. */
import fc from 'fast-check'
import type { OraclePolicy } from '../oracle/policy.ts'

/** Characters that have broken matchers, JSON or SSE before; half characters among them. */
export const nasty = [
  ...['a', 'b', 'c', 'A', 'B', ' ', '1', '2', '.', '_', '-', 's', 'i', 'I'],
  ...['é', 'e', '\u0301', 'ß', 'ẞ', 'İ', 'ı', 'ς', 'Σ', 'ſ', '炸', '弹', 'の', 'ー', 'ไ'],
  ...['\u{1f600}', '\u{1d41b}', '\ud83d', '\ude00', '\u200d', '\ufe0f', '\u{1f3fd}', '\u{e0041}'],
  ...['"', '\\', '\n', '\r', '\u2028', '\u0085', '\u0000', '/', '\u007f', '\ufeff'],
]

/** The terms of a policy and what they begin with; for patterns the characters they are written in. */
function quarry(policy: OraclePolicy): string[] {
  const terms = policy.rules.flatMap(({ words, pattern }) =>
    words === undefined ? [...pattern.source] : [...words.terms, ...words.except],
  )
  return terms
    .flatMap((term) => [term, term, term.slice(0, -1), term.slice(1), term.toUpperCase()])
    .filter((piece) => piece !== '')
}

/** A text of at most `most` pieces, many of which the policy knows. */
export function someText(policy: OraclePolicy, most = 8): fc.Arbitrary<string> {
  const known = quarry(policy)
  const piece = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...(known.length > 0 ? known : nasty)) },
    { weight: 2, arbitrary: fc.constantFrom(...nasty) },
    { weight: policy.release === 'sentence' ? 2 : 0, arbitrary: fc.constantFrom('. ', '.', '。', '？」', '! ', '."', '\n', ' ') },
  )
  return fc.array(piece, { maxLength: most }).map((pieces) => pieces.join(''))
}

/** Divides anything that can be sliced at the given places; equal places leave empty pieces, which travel too. */
export function divide<Piece extends { slice(from: number, to: number): Piece; length: number }>(
  whole: Piece,
  places: readonly number[],
): Piece[] {
  const borders = [0, ...places.map((place) => place % (whole.length + 1)).sort((a, b) => a - b), whole.length]
  return borders.slice(1).map((border, index) => whole.slice(borders[index] as number, border))
}

/** Places at which `divide` cuts. */
export const somePlaces = fc.array(fc.nat(1000), { maxLength: 6 })

/** Every way to cut in two, the way of one unit at a time, and the whole. */
export function everyPlainSplit(text: string): string[][] {
  const halves = Array.from({ length: text.length + 1 }, (_, at) => [text.slice(0, at), text.slice(at)])
  return [[text], text.split(''), ...halves]
}
