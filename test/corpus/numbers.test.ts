/** Numbers and keys in the recognisers' own test data: exact spans, and the misses named. */
import { describe, expect, test } from 'vitest'
import { numberNames } from '../../src/checks/numbers.ts'
import { compileNumber } from '../../src/checks/numbers-compile.ts'
import { patternMatcher } from '../../src/checks/pattern.ts'
import type { Matcher } from '../../src/terms/matcher.ts'
import { readRows } from './shared.ts'
import { Tally } from './tally.ts'

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

  test('spans are those of the recognisers, near misses are let be', () => {
    const tally = new Tally('presidio_recognizer_cases and zh_pii_cases, exact spans, of the kinds we claim')
    for (const { id, recognizer, entity, text, expected_count, expected_spans_u16 } of rows) {
      const kind = recognizer ?? entity
      const names = recognisers[kind]
      if (!names) continue
      const found = spans(names, text)
      const right = expected_spans_u16
        ? JSON.stringify(found) === JSON.stringify(expected_spans_u16)
        : found.length === expected_count
      tally.count(kind, right, `${id} ${text}`)
    }
    // A service number (400-…), which is no mobile and has no country code.
    tally.expectAtLeast({ ...Object.fromEntries(Object.keys(recognisers).map((kind) => [kind, 1])), CN_PHONE: 9 / 10 })
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

describe('formats', () => {
  const formats: Readonly<Record<string, readonly string[]>> = {
    isCreditCard: ['payment_card'],
    isEmail: ['email'],
    isIBAN: ['iban'],
    isIP: ['ipv4', 'ipv6'],
    isJWT: ['jwt'],
  }

  test('what a validator takes is found, what it refuses is not', () => {
    const tally = new Tally('validator_formats, of the kinds we claim')
    const all = readRows<{ validator: string; text: string; valid: boolean }>('data/pii/validator_formats.jsonl')
    const ever = new Set(all.filter(({ valid }) => valid).map(({ validator, text }) => `${validator} ${text}`))
    for (const { validator, text, valid } of all) {
      const names = formats[validator]
      // Refused there are also cards of another network, and accounts of another country, than was asked for.
      if (!names || (!valid && ever.has(`${validator} ${text}`))) continue
      const whole = spans(names, text).some(([start, end]) => start === 0 && end === text.length)
      tally.count(`${validator}, ${valid ? 'valid' : 'not valid'}`, whole === valid, text)
    }
    tally.expectAtLeast({
      'isCreditCard, valid': 1,
      'isCreditCard, not valid': 1,
      'isEmail, valid': 4 / 5,
      'isEmail, not valid': 1,
      'isIBAN, valid': 1,
      'isIBAN, not valid': 1,
      'isIP, valid': 1,
      'isIP, not valid': 1,
      'isJWT, valid': 1,
      'isJWT, not valid': 1,
    })
  })
})

describe('ordinary text', () => {
  const files = ['en_prose', 'zh_prose', 'source_code', 'tool_calls'] as const
  const texts = new Map(
    files.map((file) => [
      file,
      readRows<{ text?: string; tool_call_json?: string }>(`data/benign/${file}.jsonl`).map(
        ({ text, tool_call_json }) => text ?? tool_call_json ?? '',
      ),
    ]),
  )
  const found = (file: (typeof files)[number], names: readonly string[]) =>
    (texts.get(file) ?? []).flatMap((text) => spans(names, text).map(([start, end]) => text.slice(start, end)))

  test.each(files)('%s holds nothing taken for a key, a card, an account, an id or a telephone', (file) => {
    const quiet = numberNames.filter((name) => !['ipv4', 'ipv6', 'email'].includes(name))
    expect(found(file, quiet)).toEqual([])
  })

  test.each(files)('what is taken for an address in %s is one', (file) => {
    expect(found(file, ['email']).filter((one) => !/^[\w.%+-]+@[\w-]+(?:\.[\w-]+)+$/.test(one))).toEqual([])
    const machines = found(file, ['ipv4', 'ipv6'])
    console.log(`${file}: ${machines.length} addresses of machines: ${[...new Set(machines)].join(' ')}`)
    expect(machines.filter((one) => !/^(?:\d+\.){3}\d+(?:\/\d+)?$/.test(one))).toEqual([])
  })
})
