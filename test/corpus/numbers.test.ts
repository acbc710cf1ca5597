/** Numbers and keys in the recognisers' own test data: exact spans, and the misses named. */
import { describe, expect, test } from 'vitest'
import { numberNames } from '../../src/checks/numbers.ts'
import { compileNumber } from '../../src/checks/numbers-compile.ts'
import { patternMatcher } from '../../src/checks/pattern.ts'
import type { Matcher } from '../../src/terms/matcher.ts'
import { readRows } from './shared.ts'

const matchers = new Map<string, Matcher>()

function spans(names: readonly string[], text: string): number[][] {
  const key = names.join()
  const rules = () => names.map((name, rule) => ({ rule, effect: { holds: true, stops: false }, spec: compileNumber(name) }))
  const matcher = matchers.get(key) ?? patternMatcher(rules())
  matchers.set(key, matcher)
  const run = matcher.open()
  run.push(text)
  run.end()
  const out: number[][] = []
  for (const { start, end } of [...run.take()].sort((a, b) => a.start - b.start)) {
    const last = out.at(-1)
    if (last && start < (last[1] as number)) last[1] = Math.max(last[1] as number, end)
    else out.push([start, end])
  }
  return out
}

const recognisers: Readonly<Record<string, readonly string[]>> = {
  credit_card: ['payment_card'],
  iban: ['iban'],
  us_ssn: ['us_ssn'],
  email: ['email'],
  ip: ['ipv4', 'ipv6'],
  CN_PHONE: ['cn_mobile', 'phone'],
  CN_ID_CARD: ['cn_resident_id'],
  CN_BANK_CARD: ['payment_card'],
  EMAIL: ['email'],
}

interface Recognised {
  readonly id: string
  readonly recognizer?: string
  readonly entity: string
  readonly text: string
  readonly expected_count: number
  readonly expected_spans_u16: number[][] | null
}

describe('personal data', () => {
  const rows = [
    ...readRows<Recognised>('data/pii/presidio_recognizer_cases.jsonl'),
    ...readRows<Recognised>('data/pii/zh_pii_cases.jsonl'),
  ]

  test('spans are those of the recognisers, but for the misses named', () => {
    const missed = rows.flatMap(({ id, recognizer, entity, text, expected_count, expected_spans_u16 }) => {
      const names = recognisers[recognizer ?? entity]
      if (!names) return []
      const found = spans(names, text)
      const right = expected_spans_u16
        ? JSON.stringify(found) === JSON.stringify(expected_spans_u16)
        : found.length === expected_count
      return right ? [] : [id]
    })
    // A service number (400-…), which is no mobile and has no country code.
    expect(missed).toEqual(['zp-55'])
  })

  test('made-up letters and forms: every card, account, address and number but three', () => {
    interface Row {
      readonly text: string
      readonly spans: readonly {
        readonly type: string
        readonly start_u16: number
        readonly end_u16: number
        readonly value: string
      }[]
    }
    const names: Readonly<Record<string, readonly string[]>> = {
      CREDIT_CARD: ['payment_card'],
      IBAN_CODE: ['iban'],
      US_SSN: ['us_ssn'],
      EMAIL_ADDRESS: ['email'],
      IP_ADDRESS: ['ipv4', 'ipv6'],
    }
    let count = 0
    const missed = readRows<Row>('data/pii/presidio_synth.jsonl').flatMap(({ text, spans: expected }) =>
      expected.flatMap(({ type, start_u16, end_u16, value }) => {
        const wanted = names[type]
        if (!wanted) return []
        count++
        return spans(wanted, text).some(([start = 0, end = 0]) => start <= start_u16 && end >= end_u16) ? [] : [value]
      }),
    )
    expect(count).toBe(92)
    // Two whose sums do not hold, and one of no issuer's.
    expect(missed.sort()).toEqual(['060426070011', '3522235032377454', '3593156708213738'])
  })
})

describe('ordinary text', () => {
  const all = numberNames.filter((name) => name !== 'api_token')

  test.each(['en_prose', 'zh_prose', 'source_code'])('%s holds nothing taken for a key, a card, an account or an id', (file) => {
    const quiet = all.filter((name) => name !== 'ipv4' && name !== 'email')
    const found = readRows<{ text: string }>(`data/benign/${file}.jsonl`).flatMap(({ text }) =>
      spans(quiet, text).map(([start, end]) => text.slice(start, end)),
    )
    expect(found).toEqual([])
  })
})
