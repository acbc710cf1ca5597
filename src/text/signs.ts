/** Which characters readers take for letters, and which they read over. */
import { noClass } from './automaton.ts'
import type { FoldMap } from './fold.ts'
import type { Seconds } from './loose.ts'
import { unpackMap } from './tables/packed.ts'
import { secondReadings } from './tables/seconds.ts'

/** Signs and digits by the letters they stand for in disguised words. */
const letterSigns: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'il',
  '2': 'z',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'gb',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'il',
  '|': 'li',
  '+': 't',
  '€': 'e',
  '¢': 'c',
  '£': 'l',
  '×': 'x',
}

/** Those of which amounts are made, too: a word needs something else besides. */
const amounts = '0123456789$€¢£+!|×'

/** What `l3` makes. */
export const joinedLetter = 0x62

/** Mark-up that is not shown: `b**om**b` is read as one word. */
const markUp = '*~'

/** Signs that set letters apart without ending the word: `b.o.m.b`. */
const apart = ' .*~/\\^=·•・'

/** How code points may be read besides what they count as. `classOf` is 0 or 1 for letters in no term. */
export function secondsOf(fold: FoldMap, classOf: (symbol: number) => number): Seconds {
  const found = new Map<number, { classes: number[]; digit: boolean }>()
  const note = (codePoint: number, symbol: number) => {
    const letters = letterSigns[String.fromCodePoint(symbol)] ?? ''
    const digit = amounts.includes(String.fromCodePoint(symbol))
    const classes = [...letters].map((letter) => classOf(letter.charCodeAt(0))).filter((known) => known > 1)
    if (markUp.includes(String.fromCodePoint(symbol))) classes.push(noClass)
    if (digit || classes.length > 0) found.set(codePoint, { classes, digit })
  }
  for (const sign of Object.keys(letterSigns).join('') + markUp) note(sign.charCodeAt(0), sign.charCodeAt(0))
  for (const [codePoint, image] of fold) if (image.length === 1) note(codePoint, image[0] as number)
  for (const [codePoint, letters] of unpackMap(secondReadings)) {
    const classes = letters.map(classOf).filter((known) => known > 1)
    const known = found.get(codePoint)
    if (known !== undefined) known.classes.push(...classes)
    else if (classes.length > 0) found.set(codePoint, { classes, digit: false })
  }
  return found
}

/** Code points of the basic plane that set letters apart, and the signs they count as. */
export function apartSigns(fold: FoldMap): ReadonlyMap<number, number> {
  const found = new Map([...apart].map((sign) => [sign.charCodeAt(0), sign.charCodeAt(0)]))
  for (const [codePoint, [symbol = 0, ...more]] of fold) {
    if (codePoint < 0x10000 && more.length === 0 && apart.includes(String.fromCodePoint(symbol))) found.set(codePoint, symbol)
  }
  return found
}
