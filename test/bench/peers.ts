/** The engines other people wrote, each behind the same two doors: a whole text, and a stream of pieces. */
import { createRequire } from 'node:module'
import { AhoCorasick as Monyone } from '@monyone/aho-corasick'
import { AhoCorasick as MonyoneFast } from '@monyone/aho-corasick/fast'
import { AhoCorasick as MonyoneStream } from '@monyone/aho-corasick/stream'
import { Mint } from 'mint-filter'
import Modern from 'modern-ahocorasick'
import { createReplaceStream } from 'modern-ahocorasick/stream'
import { parseRawPattern, RegExpMatcher } from 'obscenity'
import { RE2JS, RE2Set } from 're2js'
import type { Counting } from './reference.ts'

export interface Peer {
  readonly name: string
  /** Something the reader of a figure must know. */
  readonly note?: string
  /** Written in another language than ours, and compared with apart. */
  readonly native?: boolean
  build(terms: readonly string[]): BuiltPeer
}

export interface BuiltPeer {
  readonly counting: Counting
  /** It is known to find fewer than it should; the note of the peer says why. */
  readonly misses?: boolean
  /** @returns what it found, counted its own way. */
  scan(text: string): number
}

/** Native, and not to be had everywhere. */
interface Re2 {
  new (source: string, flags: string): RegExp
  readonly Set: new (sources: readonly string[], flags: string, options: { maxMem: number }) => { match(text: string): number[] }
}

/** The module, or why there is none. */
const re2: Re2 | string = loadRe2()

function loadRe2(): Re2 | string {
  try {
    return createRequire(import.meta.url)('re2') as Re2
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n')
    return `re2 cannot be had here: ${reason}`
  }
}

/** Bytes of memory re2's automata may take: it refuses long lists with less. With more than its own default re2js gets slower. */
const generous = 1 << 30

const literal = (term: string) => term.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** Longest first, so that the first alternative that matches is the longest. */
const alternation = (terms: readonly string[]) =>
  [...terms]
    .sort((one, other) => other.length - one.length)
    .map(literal)
    .join('|')

function countMatches(expression: RegExp, text: string): number {
  expression.lastIndex = 0
  let found = 0
  while (expression.exec(text) !== null) found++
  return found
}

const mint: Peer = {
  name: 'mint-filter',
  note: 'finds the longest path only, and misses terms that end inside it; folds case',
  build(terms) {
    const filter = new Mint([...terms])
    return { counting: 'occurrences', misses: true, scan: (text) => filter.filter(text, { replace: false }).words.length }
  },
}

const monyone: Peer = {
  name: '@monyone/aho-corasick',
  build(terms) {
    const automaton = new Monyone([...terms])
    return { counting: 'occurrences', scan: (text) => automaton.matchInText(text).length }
  },
}

const monyoneFast: Peer = {
  name: '@monyone/aho-corasick/fast',
  build(terms) {
    const automaton = new MonyoneFast([...terms])
    return { counting: 'occurrences', scan: (text) => automaton.matchInText(text).length }
  },
}

const modern: Peer = {
  name: 'modern-ahocorasick',
  build(terms) {
    const automaton = new Modern([...terms])
    return { counting: 'occurrences', scan: (text) => automaton.search(text).length }
  },
}

const obscenity: Peer = {
  name: 'obscenity',
  note: 'a RegExp a term; without its transformers, which would make it slower',
  build(terms) {
    const matcher = new RegExpMatcher({
      blacklistedTerms: terms.map((term, id) => ({ id, pattern: parseRawPattern(term.replace(/[\\[\]?|]/g, '\\$&')) })),
    })
    return { counting: 'each term', scan: (text) => matcher.getAllMatches(text).length }
  },
}

const oneRegExp: Peer = {
  name: 'one RegExp',
  build(terms) {
    const expression = new RegExp(alternation(terms), 'g')
    // It is compiled when it is first used, and once more when it is used again: that is building, not scanning.
    const some = terms.slice(0, 10).join(' ')
    for (let use = 0; use < 3; use++) countMatches(expression, some)
    return { counting: 'leftmost-longest', scan: (text) => countMatches(expression, text) }
  },
}

const re2Alternation: Peer = {
  name: 're2',
  native: true,
  build(terms) {
    if (typeof re2 === 'string') throw new Error(re2)
    const expression = new re2(alternation(terms), 'gu')
    return { counting: 'leftmost-longest', scan: (text) => countMatches(expression, text) }
  },
}

const re2Set: Peer = {
  name: 're2 Set',
  native: true,
  note: 'says which terms occur, not where',
  build(terms) {
    const set = setOfRe2(terms.map(literal))
    return { counting: 'terms', scan: (text) => set(text).length }
  },
}

const re2js: Peer = {
  name: 're2js',
  build(terms) {
    const expression = RE2JS.compile(alternation(terms))
    return {
      counting: 'leftmost-longest',
      scan(text) {
        const matcher = expression.matcher(text)
        let found = 0
        while (matcher.find()) found++
        return found
      },
    }
  },
}

const re2jsSet: Peer = {
  name: 're2js RE2Set',
  note: 'says which terms occur, not where',
  build(terms) {
    const set = setOfRe2js(terms.map(literal))
    return { counting: 'terms', scan: (text) => set(text).length }
  },
}

/** What finds out which of many expressions occur in a text, by index. */
export type FindsWhich = (text: string) => readonly number[]

export function setOfRe2(sources: readonly string[]): FindsWhich {
  if (typeof re2 === 'string') throw new Error(re2)
  const set = new re2.Set(sources, 'u', { maxMem: generous })
  return (text) => set.match(text)
}

export function setOfRe2js(sources: readonly string[]): FindsWhich {
  const set = new RE2Set()
  for (const source of sources) set.add(source)
  set.compile()
  return (text) => set.match(text)
}

/** Those in JavaScript first; the fastest of these is what the targets compare with. */
export const peers: readonly Peer[] = [
  mint,
  monyone,
  monyoneFast,
  modern,
  obscenity,
  oneRegExp,
  re2Alternation,
  re2Set,
  re2js,
  re2jsSet,
]

export interface StreamPeer {
  readonly name: string
  readonly note?: string
  build(terms: readonly string[]): BuiltStreamPeer
}

export interface BuiltStreamPeer {
  /** Reads the pieces one after the other. @returns the pieces that came out, matches replaced. */
  read(pieces: readonly string[], replacement: string): Iterable<string>
}

/** Peers that keep their state between pieces and hold back what may still become a match. */
export const streamPeers: readonly StreamPeer[] = [
  {
    name: '@monyone/aho-corasick/stream',
    note: 'replaces leftmost-longest: part of an overlapping match leaves',
    build(terms) {
      const automaton = new MonyoneStream([...terms])
      return { read: (pieces, replacement) => automaton.replaceSync(pieces, () => replacement) }
    },
  },
  {
    name: 'modern-ahocorasick/stream',
    note: 'replaces leftmost-longest: part of an overlapping match leaves',
    build(terms) {
      const automaton = new Modern([...terms])
      return {
        *read(pieces, replacement) {
          const stream = createReplaceStream(automaton, replacement)
          for (const piece of pieces) yield* stream.write(piece)
          yield* stream.end()
        },
      }
    },
  },
]
