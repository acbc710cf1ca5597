/** Word lists over real prose: as many occurrences as a plain search finds, and no character held beyond the provable bound. */
import { describe, expect, test } from 'vitest'
import { wordsMatcher } from '../../src/checks/words.ts'
import { readJson, readRows, readText } from './shared.ts'

interface Counts {
  readonly list: string
  readonly corpus: string
  readonly occurrences: number
  readonly texts_with_hit: number
  readonly distinct_words_hit: number
}

interface Hold {
  readonly list: string
  readonly corpus: string
  readonly positions: number
  readonly zero_hold_share: number
  readonly mean_held: number
  readonly p99_held: number
  readonly max_held: number
}

const plain = { except: [], fold: 'none', boundary: 'none' } as const

function termsOf(list: string): string[] {
  const [path = '', language] = list.split(' (')
  if (path.endsWith('.json')) {
    const lists = readJson<Record<string, string[]>>(`data/${path}`)
    return [...new Set((lists[language?.split(',')[0] ?? 'en'] ?? []).map((term) => term.toLowerCase()))]
  }
  return [
    ...new Set(
      readText(`data/${path}`)
        .split('\n')
        .filter((line) => line !== ''),
    ),
  ]
}

function textsOf(corpus: string): string[] {
  const [path = '', lowered] = corpus.split(' (')
  const texts = readRows<{ text: string }>(`data/${path}`).map(({ text }) => text)
  return lowered === undefined ? texts : texts.map((text) => text.toLowerCase())
}

describe('occurrences', () => {
  for (const { list, corpus, occurrences, texts_with_hit, distinct_words_hit } of readJson<Counts[]>(
    'data/keywords/oracle.json',
  )) {
    test(`${list} in ${corpus}`, () => {
      const terms = termsOf(list)
      const matcher = wordsMatcher(
        terms.map((term, rule) => ({ rule, effect: { holds: false, stops: false }, spec: { ...plain, terms: [term] } })),
      )
      const hit = new Set<number>()
      let found = 0
      let texts = 0
      for (const text of textsOf(corpus)) {
        const run = matcher.open()
        // Pieces as a model writes them: the count must not depend on where they end.
        for (let at = 0; at < text.length; at += 3) run.push(text, at, Math.min(at + 3, text.length))
        run.end()
        const findings = run.take()
        for (const { rule } of findings) hit.add(rule)
        found += findings.length
        if (findings.length > 0) texts++
      }
      expect({ found, texts, words: hit.size }).toEqual({ found: occurrences, texts: texts_with_hit, words: distinct_words_hit })
    }, 300_000)
  }
})

describe('hold', () => {
  for (const bound of readJson<Hold[]>('data/keywords/hold_oracle.json')) {
    test(`${bound.list} over ${bound.corpus}`, () => {
      const matcher = wordsMatcher([
        { rule: 0, effect: { holds: true, stops: false }, spec: { ...plain, terms: termsOf(bound.list) } },
      ])
      const counts: number[] = []
      let positions = 0
      let sum = 0
      for (const text of textsOf(bound.corpus)) {
        const run = matcher.open()
        for (let at = 0; at < text.length; at++) {
          run.push(text, at, at + 1)
          // Half a character is no position of the record, which counts characters.
          if (/[\ud800-\udbff]/.test(text.charAt(at))) continue
          const held = [...text.slice(run.safeTo, at + 1)].length
          counts[held] = (counts[held] ?? 0) + 1
          positions++
          sum += held
        }
      }
      let seen = 0
      const p99 = Array.from(counts, (count = 0) => (seen += count)).findIndex((upTo) => upTo >= positions * 0.99)
      expect(positions).toBe(bound.positions)
      expect(Number((sum / positions).toFixed(4))).toBe(bound.mean_held)
      expect(Number(((counts[0] ?? 0) / positions).toFixed(4))).toBe(bound.zero_hold_share)
      expect([p99, counts.length - 1]).toEqual([bound.p99_held, bound.max_held])
    }, 300_000)
  }
})
