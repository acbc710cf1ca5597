/** Every place where a words rule finds something in a whole text: the definition, tried at every pair of offsets. */
import type { Match, WordsText } from './policy.ts'

/** Folded text remembers of which units of the original each of its own units was made. */
interface Folded {
  readonly text: string
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/**
 * Full case folding without a table: upper case and back until nothing changes. The dotless i is no form of i: Unicode
 * folds it only for Turkish.
 */
function foldCase(character: string): string {
  if (character === 'ı') return character
  const known = forms.get(character)
  if (known !== undefined) return known
  const once = character.toLowerCase().toUpperCase().toLowerCase()
  const made = once === character ? once : [...once].map(foldCase).join('')
  forms.set(character, made)
  return made
}

const forms = new Map<string, string>()

function folded(text: string, fold: WordsText['fold']): Folded {
  let out = ''
  const starts: number[] = []
  const ends: number[] = []
  let at = 0
  for (const character of text) {
    const made = fold === 'case' ? foldCase(character) : character
    for (let i = 0; i < made.length; i++) {
      starts.push(fold === 'case' ? at : at + i)
      ends.push(fold === 'case' ? at + character.length : at + i + 1)
    }
    out += made
    at += character.length
  }
  return { text: out, starts, ends }
}

const letterLike = /^(?!\p{Variation_Selector}|\u20e3)[\p{L}\p{M}\p{Nd}_]$/u
/** Scripts that put no space between words, but for the signs they share with Latin. */
const unspaced = new RegExp(
  `^[${['Han', 'Hiragana', 'Katakana', 'Bopomofo', 'Yi', 'Thai', 'Lao', 'Khmer', 'Myanmar'].map((name) => `\\p{scx=${name}}`).join('')}]$`,
  'u',
)
const shared = /^\p{scx=Latin}$/u

/** A letter that may begin a word beside any other. */
export function isUnspacedLetter(character: string): boolean {
  return letterLike.test(character) && unspaced.test(character) && !shared.test(character)
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && letterLike.test(character) && (!unspaced.test(character) || shared.test(character))
}

function before(text: string, offset: number): string | undefined {
  return [...text.slice(Math.max(0, offset - 2), offset)].at(-1)
}

function after(text: string, offset: number): string | undefined {
  return [...text.slice(offset, offset + 2)][0]
}

/** Folded offsets between which `term` stands, whole-word conditions met. */
function occurrences({ text }: Folded, term: string, boundary: WordsText['boundary']): Match[] {
  const found: Match[] = []
  for (let start = text.indexOf(term); start >= 0; start = text.indexOf(term, start + 1)) {
    const end = start + term.length
    if (boundary === 'word' && isWordCharacter(after(term, 0)) && isWordCharacter(before(text, start))) continue
    if (boundary === 'word' && isWordCharacter(before(term, term.length)) && isWordCharacter(after(text, end))) continue
    found.push({ start, end })
  }
  return found
}

/** Every match of the rule in the whole text, those that lie inside an exception left out. */
export function wordMatches(words: WordsText, text: string): Match[] {
  const whole = folded(text, words.fold)
  const inText = (term: string): Match[] =>
    occurrences(whole, folded(term, words.fold).text, words.boundary).map(({ start, end }) => ({
      start: whole.starts[start] as number,
      end: whole.ends[end - 1] as number,
    }))
  const lifted = words.except.flatMap(inText)
  return words.terms.flatMap(inText).filter((match) => !lifted.some((span) => span.start <= match.start && match.end <= span.end))
}

/** All that a words rule can tell about a character: what it is folded to, where that is in a term, and whether it is a word's. */
export function wordKind(words: WordsText): (character: string) => string {
  const written = [...words.terms, ...words.except].map((term) => folded(term, words.fold).text).join('')
  return (character) => {
    const made = folded(character, words.fold).text
    return `${isWordCharacter(character)} ${[...made].some((part) => written.includes(part)) ? made : ''}`
  }
}

/** Characters with which a text may go on, so that both answers to "is it a word?" occur. */
const goingOn = ['', 'q', '.']

/**
 * Texts with which a prefix may go on, at least one for every fate its matches can still meet: each term and exception
 * that has begun at its end is completed, and then the text ends, or a word character or another one follows.
 */
export function wordContinuations(words: WordsText, prefix: string): string[] {
  const seen = folded(prefix, words.fold).text
  const rests = [...words.terms, ...words.except].flatMap((term) => {
    const wanted = folded(term, words.fold).text
    const lengths = Array.from({ length: wanted.length }, (_, index) => index + 1)
    return lengths.filter((length) => seen.endsWith(wanted.slice(0, length))).map((length) => wanted.slice(length))
  })
  return ['', ...new Set(rests)].flatMap((rest) => goingOn.map((next) => rest + next))
}
