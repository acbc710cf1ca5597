/** Texts and lists of terms to measure with: made by the bench itself, or taken from a folder that is named. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chinese, chineseProse, chineseTerms } from './chinese.ts'
import { english, englishProse, englishTerms } from './english.ts'
import { between, pick, seeded } from './random.ts'

export const languages = ['English', 'Chinese'] as const
export type Language = (typeof languages)[number]

export interface Material {
  /** Where the texts come from, for the report. */
  readonly source: string
  /** People wrote them: what depends on how people write can be measured on them. */
  readonly written: boolean
  /** About half a million UTF-16 units each. */
  readonly prose: Readonly<Record<Language, string>>
  readonly code: string
  /** Distinct, in no order; a shorter list is the beginning of a longer one. */
  terms(language: Language, count: number): readonly string[]
}

const textUnits = 500_000

/** @param folder with `benign/*.jsonl` (rows with a `text`) and `keywords/*`; without one everything is generated. */
export function material(folder?: string): Material {
  return folder === undefined ? generated() : shared(folder)
}

function generated(): Material {
  const words = english()
  const characters = chinese()
  return {
    source: 'generated',
    written: false,
    prose: { English: flat(englishProse(words, textUnits)), Chinese: flat(chineseProse(characters, textUnits)) },
    code: flat(codeText(words.said, textUnits)),
    terms: (language, count) => (language === 'English' ? englishTerms(words, count) : chineseTerms(characters, count)),
  }
}

/** Lists shorter than what is asked for are filled up with generated terms over the words of the folder's texts. */
function shared(folder: string): Material {
  const rows = (name: string) =>
    readFileSync(join(folder, 'benign', name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { text: string }).text)
  const lines = (name: string) =>
    readFileSync(join(folder, 'keywords', name), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
  const prose = { English: rows('en_prose.jsonl').join('\n\n'), Chinese: rows('zh_prose.jsonl').join('\n\n') }
  const words = english(byFrequency(prose.English.toLowerCase().match(/[a-z]+/g) ?? []))
  const characters = chinese(byFrequency(prose.Chinese.match(/\p{Script=Han}/gu) ?? []))
  const listed = JSON.parse(readFileSync(join(folder, 'keywords', 'ldnoobw_lists.json'), 'utf8')) as { en: string[] }
  const found = foundOften(Object.values(prose))
  const given = {
    // The words that people list are few: they come first, so that the shortest lists are made of them.
    English: listed.en,
    Chinese: [...new Set([...lines('zh_1k.txt'), ...lines('zh_7k.txt'), ...lines('zh_22k.txt')])].filter((term) => !found(term)),
  }
  return {
    source: folder,
    written: true,
    prose: { English: flat(prose.English.slice(0, textUnits)), Chinese: flat(prose.Chinese.slice(0, textUnits)) },
    code: flat(rows('source_code.jsonl').join('\n\n').slice(0, textUnits)),
    terms: (language, count) =>
      language === 'English'
        ? [...new Set([...given.English, ...englishTerms(words, count)])].slice(0, count)
        : chineseTerms(characters, count, given.Chinese),
  }
}

/** A term of which a text has more than so many in so many units is one that no list in service can have. */
const mostOften = { times: 50, units: 500_000 }

/**
 * Public lists have terms such as `p`, `1` and `一个`, with which a fifth of all pieces would be masked: what was measured
 * would be masking, and of texts that nobody could read.
 */
function foundOften(texts: readonly string[]): (term: string) => boolean {
  const counts = new Map<string, number>()
  for (const text of texts) {
    const most = (mostOften.times / mostOften.units) * text.length
    const here = new Map<string, number>()
    const folded = text.toLowerCase()
    for (let units = 1; units <= 6; units++)
      for (let at = 0; at + units <= folded.length; at++) {
        const part = folded.slice(at, at + units)
        here.set(part, (here.get(part) ?? 0) + 1)
      }
    for (const [part, count] of here) if (count > most) counts.set(part, count)
  }
  return (term) => counts.has(term.toLowerCase())
}

function byFrequency(items: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return [...counts].sort(([, one], [, other]) => other - one).map(([item]) => item)
}

/** Something that has the signs of code: names, calls, numbers, strings, indentation. */
function codeText(words: readonly string[], units: number): string {
  const random = seeded(23)
  const word = () => words[Math.floor(random() ** 2 * Math.min(words.length, 700))] as string
  const name = () => word() + Array.from({ length: between(random, 0, 2) }, () => capital(word())).join('')
  const value = () =>
    pick(random, [
      () => name(),
      () => String(between(random, 0, 4096)),
      () => `'${word()} ${word()}'`,
      () => `${name()}.${name()}(${name()})`,
      () => `0x${between(random, 0, 0xffff).toString(16)}`,
    ])()
  const statement = () =>
    pick(random, [
      () => `const ${name()} = ${value()}`,
      () => `if (${name()} === ${value()}) return ${value()}`,
      () => `for (const ${name()} of ${name()}) ${name()}.push(${value()})`,
      () => `${name()}(${value()}, { ${name()}: ${value()}, ${name()}: ${value()} })`,
      () => `// ${word()} ${word()} ${word()} ${word()}`,
      () => `import { ${name()} } from './${word()}-${word()}.ts'`,
    ])()
  const parts: string[] = []
  let length = 0
  while (length < units) {
    const line = `${'  '.repeat(between(random, 0, 4))}${statement()}\n`
    parts.push(line)
    length += line.length
  }
  return parts.join('')
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

/**
 * The same text in one piece of memory, one byte a unit where it can be. A text put together by `+` or taken by `slice`
 * is a tree that the first reader pays for, in whose time that happens to fall.
 */
export function flat(text: string): string {
  let most = 0
  for (let index = 0; index < text.length; index++) most = Math.max(most, text.charCodeAt(index))
  const encoding = most < 256 ? 'latin1' : 'utf16le'
  return Buffer.from(text, encoding).toString(encoding)
}

/** The text in pieces of `units` units, as a model's tokens come; strings so short are never views of a longer one. */
export function piecesOf(text: string, units = 4): string[] {
  return Array.from({ length: Math.ceil(text.length / units) }, (_, index) => text.slice(index * units, (index + 1) * units))
}
