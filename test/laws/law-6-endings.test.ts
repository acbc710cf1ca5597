/** Law 6: however a response ends, it ends as its protocol knows: every scope once, nothing open, nothing after the last word. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPlan } from '../../src/policy/plan.ts'
import type { OnCut } from '../../src/terms/plan.ts'
import type { Exit } from '../../src/terms/trail.ts'
import { patience, runs } from '../generators/settings.ts'
import { divide, somePlaces } from '../generators/texts.ts'
import { courseOf } from './course.ts'
import { type Speaker, someWords, speakers } from './speakers.ts'
import type { After } from './upstream.ts'

const secret = 'zyxwv'

type Fields = Record<string, unknown>

/** What is wrong with a stream, in words; nothing where it is lawful. */
type Judgement = (text: string, failed: boolean) => string[]

interface SaidEvent {
  readonly name: string | undefined
  readonly data: string
}

function eventsIn(text: string): SaidEvent[] {
  return text
    .split(/\r?\n\r?\n/)
    .filter((block) => block !== '' && !block.startsWith(':'))
    .map((block) => {
      const [, name, data] = /^(?:event: (.+)\r?\n)?data: (.+)$/.exec(block) ?? []
      return { name, data: data ?? `no event: ${block}` }
    })
}

const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value : [])

/** OpenAI's completions: one finish reason, or an error, and then `[DONE]`. */
const completions: Judgement = (text, failed) => {
  const events = eventsIn(text).map(({ data }) => data)
  const values = events.filter((data) => data !== '[DONE]').map((data) => JSON.parse(data) as Fields)
  const finished = values.flatMap(({ choices }) => listOf(choices)).filter(({ finish_reason }) => Boolean(finish_reason))
  const last = values.findLastIndex(({ choices }) => listOf(choices).length > 0)
  return [
    ...(events.filter((data) => data === '[DONE]').length === 1 && events.at(-1) === '[DONE]' ? [] : ['no one last word']),
    ...(values.filter(({ error }) => error !== undefined).length === (failed ? 1 : 0) ? [] : ['errors']),
    ...(failed || finished.length === 1 ? [] : [`${finished.length} finish reasons`]),
    ...(failed || listOf(values[last]?.['choices'])[0] === finished[0] ? [] : ['a choice goes on after its end']),
  ]
}

/** Responses: what was opened is closed with the text that was said, in numbered order, and one event is the last. */
const responses: Judgement = (text, failed) => {
  const events = eventsIn(text).map(({ name, data }) => ({ name, event: JSON.parse(data) as Fields }))
  const types = events.map(({ event }) => String(event['type']))
  const wrong = events.filter(({ name, event }) => name !== event['type']).map(({ name }) => `an event is misnamed ${name}`)
  const lasts = types.filter((type) => /^response\.(completed|incomplete|failed)$/.test(type))
  if (lasts.length !== 1 || lasts[0] !== types.at(-1)) wrong.push(`ends: ${lasts.join()}`)
  if ((lasts[0] === 'response.failed') !== failed) wrong.push(`${lasts[0]} of a response that failed: ${failed}`)
  if (!failed) {
    const count = (type: string): number => types.filter((one) => one === type).length
    for (const what of ['output_item', 'content_part'])
      if (count(`response.${what}.added`) !== count(`response.${what}.done`)) wrong.push(`${what} stays open`)
    const said = events.filter(({ event }) => event['type'] === 'response.output_text.delta').map(({ event }) => event['delta'])
    const told = events.filter(({ event }) => event['type'] === 'response.output_text.done').map(({ event }) => event['text'])
    for (const whole of told) if (whole !== said.join('')) wrong.push('another text is told than was said')
    const last = events.at(-1)?.event['response'] as Fields
    const texts = listOf(last['output']).flatMap(({ content }) => listOf(content).map(({ text }) => text ?? ''))
    if (listOf(last['output']).length > 0 && texts.join('') !== said.join('')) wrong.push('the response tells another text')
  }
  return wrong
}

/** Messages: blocks in order, one stop reason, one `message_stop`; after an error nothing. */
const messages: Judgement = (text, failed) => {
  const events = eventsIn(text).map(({ data }) => JSON.parse(data) as Fields)
  const types = events.map(({ type }) => String(type)).filter((type) => type !== 'ping')
  const order = types.map((type) => type.replace(/^(content_block|message)_/, (_, what: string) => what.charAt(0))).join(' ')
  const lawful = failed ? /^mstart( cstart( cdelta)*( cstop)?)* error$/ : /^mstart( cstart( cdelta)* cstop)* mdelta mstop$/
  const reasons = events.filter(({ type, delta }) => type === 'message_delta' && Boolean((delta as Fields)['stop_reason']))
  return [...(lawful.test(order) ? [] : [order]), ...(failed || reasons.length === 1 ? [] : ['no one stop reason'])]
}

/** Google's: the candidate finishes once, in the last chunk, whatever comes beside an error. */
const chunks =
  (read: (text: string) => Fields[]): Judgement =>
  (text, failed) => {
    const values = read(text)
    const finishes = values.flatMap(({ candidates }) => listOf(candidates)).filter(({ finishReason }) => Boolean(finishReason))
    return [
      ...(finishes.length === 1 ? [] : [`${finishes.length} finish reasons`]),
      ...(listOf(values.at(-1)?.['candidates']).some(({ finishReason }) => Boolean(finishReason))
        ? []
        : ['goes on after its end']),
      ...(values.filter(({ error }) => error !== undefined).length === (failed ? 1 : 0) ? [] : ['errors']),
    ]
  }

const judgements: Readonly<Record<string, Judgement>> = {
  chat: completions,
  completions,
  responses,
  messages,
  'gemini, events': chunks((text) => eventsIn(text).map(({ data }) => JSON.parse(data) as Fields)),
  'gemini, an array': chunks((text) => JSON.parse(text) as Fields[]),
}

async function sent(speaker: Speaker, pieces: readonly string[], after: After, on_cut: OnCut): Promise<[string, Exit[]]> {
  const plan = createPlan({ settings: { on_cut }, rules: [{ id: 'secret', action: 'cut', words: { terms: [secret] } }] })
  const { text, trails } = await courseOf(speaker, pieces, after, { plan, tokens: async () => (text) => text.length })
  return [text, trails.map(({ exit }) => exit)]
}

const someName = fc.constantFrom(...Object.keys(speakers))
const someEnding = fc.record({
  ending: fc.constantFrom('native', 'refusal', 'stop', 'error') as fc.Arbitrary<OnCut['ending']>,
  notice: fc.constant('Not this.'),
  notice_in: fc.constantFrom('answer', 'refusal', 'none') as fc.Arbitrary<OnCut['notice_in']>,
})

describe('law 6: an ending is lawful', () => {
  test('every protocol has its judgement here', () => {
    expect(Object.keys(judgements)).toEqual(Object.keys(speakers))
  })

  test('the judgements see what is not lawful', () => {
    const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`
    const finish = data({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
    expect(judgements['chat']?.(`${finish}${finish}data: [DONE]\n\n`, false)).toContain('2 finish reasons')
    expect(judgements['chat']?.(finish, false)).toEqual(['no one last word'])
    expect(judgements['messages']?.(data({ type: 'message_start' }) + data({ type: 'message_stop' }), false)).not.toEqual([])
    expect(judgements['responses']?.(data({ type: 'response.completed', response: { output: [] } }), false)).not.toEqual([])
    expect(judgements['gemini, an array']?.('[{"candidates":[{"index":0}]}]', false)).not.toEqual([])
  })

  test(
    'of a response that is cut, wherever, with whatever ending and notice the policy wants',
    async () => {
      await fc.assert(
        fc.asyncProperty(someName, someWords, somePlaces, someEnding, async (name, words, places, how) => {
          const speaker = speakers[name] as Speaker
          const said = [...words, ...divide(secret, places), ' more'].map(speaker.says)
          const [text, exits] = await sent(speaker, [...speaker.opening, ...said, ...speaker.ending], 'hang', how)
          expect(exits).toEqual(['cut'])
          expect(text).not.toContain(secret)
          const failed = how.ending === 'error'
          expect({ text, wrong: judgements[name]?.(text, failed) }).toEqual({ text, wrong: [] })
        }),
        runs(200),
      )
    },
    patience,
  )

  test(
    'of a response whose upstream breaks off, and of one that ends by itself',
    async () => {
      await fc.assert(
        fc.asyncProperty(someName, someWords, fc.boolean(), someEnding, async (name, words, broken, how) => {
          const speaker = speakers[name] as Speaker
          const pieces = [...speaker.opening, ...words.map(speaker.says), ...(broken ? [] : speaker.ending)]
          const [text, exits] = await sent(speaker, pieces, broken ? 'reset' : 'close', how)
          expect(exits).toEqual([broken ? 'upstream_failed' : 'done'])
          // What ends by itself is as lawful as it came, and not ours to judge.
          if (broken) expect({ text, wrong: judgements[name]?.(text, true) }).toEqual({ text, wrong: [] })
          else expect(text).toBe(pieces.join(''))
        }),
        runs(120),
      )
    },
    patience,
  )
})
