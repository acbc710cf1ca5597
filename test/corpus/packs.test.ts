/** The packs on ordinary text: how seldom they act on what is harmless, what they find, and that their headers tell the truth. */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Plan } from '../../src/terms/plan.ts'
import { factsOf, guardChat } from '../laws/guard-chat.ts'
import { type Counts, figuresOf, linesOf } from './pack-figures.ts'
import { type Measured, packFile, packNames, tableFile, withHeader, withTable } from './pack-headers.ts'
import { packNamed } from './pack-reading.ts'
import { readRows } from './shared.ts'

const measured = new Map<string, Measured>()

beforeAll(async () => {
  for (const name of packNames) {
    const pack = await packNamed(name)
    const figures = figuresOf(pack)
    measured.set(name, { pack, figures })
    console.log(
      [
        `${name}, ${Math.round(pack.artifact.byteLength / 1000)} kB compiled`,
        ...linesOf(figures).map((line) => `  ${line}`),
      ].join('\n'),
    )
  }
}, 600_000)

function of(name: string): Measured {
  const one = measured.get(name)
  if (one === undefined) throw new Error(`${name} was not measured`)
  return one
}

const touchedShare = ({ touched, of: all }: Counts): number => touched / all

describe('consumer-chat', () => {
  test('acts on one English answer in a hundred at most, also where the question was alarming', () => {
    const { english, alarming } = of('consumer-chat').figures
    expect(touchedShare(english)).toBeLessThanOrEqual(0.01)
    expect(touchedShare(alarming)).toBeLessThanOrEqual(0.01)
  })

  test('acts on two Chinese answers in a hundred at most', () => {
    expect(touchedShare(of('consumer-chat').figures.chinese)).toBeLessThanOrEqual(0.02)
  })

  test('keeps less than half a character waiting on average, in English, Chinese and code', () => {
    const { english, chinese, code } = of('consumer-chat').figures.held
    for (const { mean } of [english, chinese, code]) expect(mean).toBeLessThan(0.5)
  })
})

test('consumer-chat is no larger than a megabyte, compressed as it is stored', () => {
  expect(gzipSync(of('consumer-chat').pack.artifact).length).toBeLessThan(1_000_000)
})

test.each(packNames)('%s ends no reply of support', (name) => {
  const { support } = of(name).figures
  expect(support.of).toBeGreaterThan(300)
  expect(support.cut).toBe(0)
})

test.each(packNames)('%s refuses no harmless prompt that looks dangerous', (name) => {
  expect(of(name).figures.prompts.cut).toBe(0)
})

test.each(['harassment-care', 'self-harm-care'])('%s touches nothing at all', (name) => {
  const { english, alarming, chinese, code, support, prompts, labelled } = of(name).figures
  for (const { touched } of [english, alarming, chinese, code, support, prompts, ...labelled]) expect(touched).toBe(0)
})

test('secrets finds two things at most in a million characters of prose and code', () => {
  expect(of('secrets').figures.perMillion).toBeLessThanOrEqual(2)
})

describe('what is labelled is found at least as often as when this was written', () => {
  const floors: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    secrets: { "two scanners' secrets": 0.2 },
    pii: { 'cards, accounts, numbers and addresses in English sentences': 0.75, 'numbers in Chinese sentences': 0.85 },
    'profanity-en': {
      'hateful tweets': 0.75,
      'offensive tweets': 0.8,
      'disguised spellings of words on the lists': 0.75,
      'Unicode forms of words on the lists': 0.95,
    },
  }

  test.each(Object.keys(floors))('%s', (name) => {
    const shares = of(name).figures.labelled.map((counts) => [counts.name, counts.found / counts.of] as const)
    for (const [set, floor] of Object.entries(floors[name] ?? {})) {
      expect(new Map(shares).get(set), set).toBeGreaterThanOrEqual(floor)
    }
  })
})

describe('tool calls under consumer-chat', () => {
  const calls = readRows<{ id: string; tool_call_json: string }>('data/benign/tool_calls.jsonl').map(({ id, tool_call_json }) => {
    const { name, arguments: input } = JSON.parse(tool_call_json) as { name: string; arguments: unknown }
    return { id, name, input: typeof input === 'string' ? input : JSON.stringify(input) }
  })

  test.each([
    ['as they are', (input: string) => input],
    ['with a card and a number in every string', (input: string) => JSON.stringify(planted(JSON.parse(input)))],
  ])('%s: what arrives is valid JSON, and nothing personal', async (_, make) => {
    const { plan } = of('consumer-chat').pack
    let masked = 0
    for (const { id, name, input } of calls) {
      const sent = make(input)
      const got = await throughChat(plan, name, sent)
      expect(() => JSON.parse(got), id).not.toThrow()
      expect(got, id).not.toMatch(/4111|13800138000/)
      expect(Object.keys(JSON.parse(got) as object), id).toEqual(Object.keys(JSON.parse(sent) as object))
      if (got !== sent) masked++
    }
    expect(masked > 0).toBe(make('"x"') !== '"x"')
  })
})

/** Quotation marks, a backslash and a line end around it: what a mask covers stands escaped on the wire. */
function planted(value: unknown): unknown {
  if (typeof value === 'string') return `${value} "4111 1111 1111 1111"\n\\13800138000`
  if (Array.isArray(value)) return value.map(planted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, planted(member)]))
}

/** Sends a call through the chat protocol, its arguments in pieces as models send them. @returns the arguments that arrive. */
async function throughChat(plan: Plan, name: string, input: string): Promise<string> {
  const chunk = (delta: unknown, finish_reason: string | null) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`
  const call = (fields: object) => ({ tool_calls: [{ index: 0, ...fields }] })
  const begin = call({ id: 'call_0', type: 'function', function: { name, arguments: '' } })
  const pieces = input.match(/[\s\S]{1,7}/g) ?? []
  const stream = [
    chunk({ role: 'assistant', content: null, ...begin }, null),
    ...pieces.map((piece) => chunk(call({ function: { arguments: piece } }), null)),
    chunk({}, 'tool_calls'),
    'data: [DONE]\n\n',
  ]
  const encoder = new TextEncoder()
  const { reading } = await guardChat(
    plan,
    factsOf({ choices: 1, json: false }),
    stream.map((event) => encoder.encode(event)),
  )
  expect(reading.finishes.get('0')).toEqual(['tool_calls'])
  return reading.said.get('0/arguments/0') ?? ''
}

describe('what is written of it is what is measured (npm run measure:packs)', () => {
  test.each(packNames)('in the header of %s', (name) => {
    expect(readFileSync(packFile(name), 'utf8')).toBe(withHeader(of(name)))
  })

  test('in the table of packs', () => {
    expect(readFileSync(tableFile, 'utf8')).toBe(withTable([...measured.values()]))
  })
})
