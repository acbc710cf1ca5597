/** What `fold: loose` finds, tried out by its definition: every stretch of a text in every way it may be read. */

/** One character as it counts, and how it was written. */
interface Base {
  readonly symbol: string
  readonly form: string
  readonly start: number
  readonly end: number
}

/** Knowledge by heart, so that no table is used to check itself. */
export interface LooseFacts {
  /** What a character counts as; itself where it is not named. */
  readonly counts: Readonly<Record<string, string>>
  readonly letters: Readonly<Record<string, string>>
  readonly isWord: (character: string) => boolean
  readonly isUnspaced: (character: string) => boolean
}

export interface LooseRule {
  readonly terms: readonly string[]
  readonly boundary: 'none' | 'word'
}

export interface LoosePlace {
  readonly start: number
  readonly end: number
}

interface Item {
  readonly symbol: string
  readonly form: string
  readonly sign: boolean
  readonly digit: boolean
  /** Mark-up was passed over before it. */
  readonly passed: boolean
}

const markUp = '*~'
const apart = ' .*~/\\^=·•・'
const amounts = '0123456789$€¢£+!|×'
const isDigit = (character: string) => /^[0-9]$/.test(character)

function basesOf(text: string, { counts }: LooseFacts): Base[] {
  const bases: Base[] = []
  let at = 0
  for (const form of text) {
    const end = at + form.length
    for (const symbol of counts[form] ?? form)
      if (!(symbol === ' ' && bases.at(-1)?.symbol === ' ')) bases.push({ symbol, form, start: at, end })
    at = end
  }
  return bases
}

/** Letters without their repetitions. */
const once = (symbols: readonly string[]): string => symbols.filter((symbol, index) => symbol !== symbols[index - 1]).join('')

/** Every way to read a stretch before repeated letters are counted, but for those that begin no term in any count. */
function* readings(
  bases: readonly Base[],
  begins: (read: readonly Item[]) => boolean,
  at: number,
  read: readonly Item[],
  passed: number,
  facts: LooseFacts,
): Generator<readonly Item[]> {
  if (!begins(read)) return
  const base = bases[at]
  if (base === undefined) {
    if (passed === 0) yield read
    return
  }
  const on = (symbol: string, sign: boolean, wide = 1): Generator<readonly Item[]> => {
    const form = (bases[at + wide - 1] as Base).form
    const digit = wide === 1 && amounts.includes(base.symbol)
    return readings(bases, begins, at + wide, [...read, { symbol, form, sign, digit, passed: passed > 0 }], 0, facts)
  }
  const alone = bases.filter(({ start }) => start === base.start).length === 1
  yield* on(base.symbol, false)
  for (const letter of alone ? (facts.letters[base.symbol] ?? '') : '') yield* on(letter, true)
  const passes = alone && markUp.includes(base.symbol) && read.length > 0 && passed < 3
  if (passes) yield* readings(bases, begins, at + 1, read, passed + 1, facts)
  if (/^[lL|]$/.test(base.form) && bases[at + 1]?.form === '3') yield* on('b', true, 2)
}

/** Every count in which repeated letters may be taken. */
function* squeezed(items: readonly Item[], facts: LooseFacts): Generator<readonly Item[]> {
  const first = items[0]
  if (first === undefined) {
    yield []
    return
  }
  let length = 1
  const stretches = (facts.isWord(first.symbol) && !isDigit(first.symbol)) || facts.isUnspaced(first.symbol)
  while (stretches && items[length]?.symbol === first.symbol && items[length]?.passed === false) length += 1
  const second = items[1] as Item
  const letter = /^[a-zA-Z]$/
  const mixed = length === 2 && first.form !== second.form && !(letter.test(first.form) && letter.test(second.form))
  const counts = new Set([length, ...(length >= 3 ? [1, 2] : []), ...(mixed ? [1] : [])])
  const run = items.slice(0, length)
  const merged = { ...first, sign: run.some(({ sign }) => sign), digit: run.every(({ digit }) => digit) }
  for (const rest of squeezed(items.slice(length), facts)) {
    for (const count of counts) yield [...(count === length ? run : [merged, ...run.slice(1, count)]), ...rest]
  }
}

function isTerm(items: readonly Item[], term: string): boolean {
  if (items.map(({ symbol }) => symbol).join('') !== term) return false
  if (items.some(({ sign }) => sign) && items.every(({ digit }) => digit)) return false
  return !(items.length === 2 && items.some(({ passed }) => passed))
}

function borders(
  bases: readonly Base[],
  from: number,
  to: number,
  term: string,
  boundary: 'none' | 'word',
  facts: LooseFacts,
): boolean {
  const word = (character: string | undefined) => character !== undefined && facts.isWord(character)
  if (boundary === 'none') return true
  return !(word(term[0]) && word(bases[from - 1]?.symbol)) && !(word(term.at(-1)) && word(bases[to]?.symbol))
}

/** The signs between the letter before an offset and it, where they are signs only: a blank ends the word. */
function signsBefore(bases: readonly Base[], from: number, facts: LooseFacts): string | undefined {
  let at = from
  while (at > 0 && apart.includes(bases[at - 1]?.symbol ?? '?') && bases[at - 1]?.symbol !== ' ') at -= 1
  if (at === from || !facts.isWord(bases[at - 1]?.symbol ?? ' ')) return undefined
  return bases
    .slice(at, from)
    .map(({ form }) => form)
    .join('')
}

/** The signs between the first two letters. */
function signsAfter(bases: readonly Base[], from: number): string {
  let at = from + 1
  while (apart.includes(bases[at]?.symbol ?? '?')) at += 1
  return bases
    .slice(from + 1, at)
    .map(({ form }) => form)
    .join('')
}

function spelledOut(
  bases: readonly Base[],
  from: number,
  to: number,
  term: string,
  boundary: 'none' | 'word',
  facts: LooseFacts,
): boolean {
  const letters = [...term]
  const unspaced = letters.every(facts.isUnspaced)
  if (
    letters.length < (unspaced ? 2 : 3) ||
    !letters.every((each) => facts.isUnspaced(each) || (facts.isWord(each) && !isDigit(each)))
  )
    return false
  const before = bases[from - 1]
  if (before !== undefined && facts.isWord(before.symbol) && facts.isWord(letters[0] as string)) return false
  const whole = boundary === 'word' && facts.isWord(letters[0] as string)
  if (whole && signsBefore(bases, from, facts) === signsAfter(bases, from)) return false
  let at = from
  let signs = 0
  for (const [index, letter] of letters.entries()) {
    let gap = 0
    let blank = false
    for (; index > 0 && at < to && apart.includes(bases[at]?.symbol ?? '?'); at += 1) {
      gap += 1
      blank ||= bases[at]?.symbol === ' '
    }
    if (index > 0 && (gap === 0 || gap > 3 || (letters.length === 2 && blank))) return false
    const base = bases[at]
    if (base === undefined || at >= to) return false
    if (base.symbol !== letter) {
      if (base.form === '|' || !(facts.letters[base.symbol] ?? '').includes(letter)) return false
      signs += 1
    }
    at += 1
  }
  return at === to && 2 * signs < letters.length
}

/**
 * All places of the rule's terms; ends may fall anywhere inside a stretched letter.
 *
 * @param only the offset at which they must start, where others are of no interest.
 */
export function loosePlaces(rule: LooseRule, text: string, facts: LooseFacts, only?: number): LoosePlace[] {
  const bases = basesOf(text, facts)
  const terms = rule.terms.map((term) =>
    basesOf(term, facts)
      .map(({ symbol }) => symbol)
      .join('')
      .trim(),
  )
  const begins = (read: readonly Item[]) =>
    terms.some((term) => once([...term]).startsWith(once(read.map(({ symbol }) => symbol))))
  const found: LoosePlace[] = []
  for (let from = 0; from < bases.length; from += 1) {
    if (only !== undefined && bases[from]?.start !== only) continue
    for (let to = from + 1; to <= bases.length; to += 1) {
      const stretch = bases.slice(from, to)
      const place = { start: (bases[from] as Base).start, end: (bases[to - 1] as Base).end }
      const read = [...readings(stretch, begins, 0, [], 0, facts)].flatMap((items) => [...squeezed(items, facts)])
      for (const term of terms) {
        const solid = read.some((items) => isTerm(items, term)) && borders(bases, from, to, term, rule.boundary, facts)
        const spelled =
          spelledOut(bases, from, to, term, rule.boundary, facts) && borders(bases, from, to, term, rule.boundary, facts)
        if (solid || spelled) found.push(place)
      }
    }
  }
  return found
}
