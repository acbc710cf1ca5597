/** OpenAI's own client reads what we make of Responses: every way a cut, a block or a fault ends, streamed and whole. */
import OpenAI from 'openai'
import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { describe, expect, test } from 'vitest'
import { guardFetch } from '../../src/flow/index.ts'
import type { PlanDefinition, RuleDefinition } from '../../src/policy/definition.ts'
import { createPlan } from '../../src/policy/plan.ts'
import { type ResponsesScript, responsesBody, responsesEvents, responsesFrames } from '../generators/responses.ts'

type Settings = NonNullable<PlanDefinition['settings']>

const style = {
  named: true,
  numbered: true,
  padding: true,
  outputText: false,
  sentinel: false,
  escaped: false,
  rotating: false,
  whole: false,
  logprobs: false,
}

const rules: RuleDefinition[] = [
  { id: 'mask', action: 'mask', with: '***', words: { terms: ['idiot'] } },
  { id: 'cut', action: 'cut', words: { terms: ['sk-1'] } },
  { id: 'prompt', action: 'cut', channels: ['prompt'], words: { terms: ['forbidden'] } },
]

const part = (text: string, type: 'output_text' | 'reasoning_text' | 'summary_text' = 'output_text') => ({
  type,
  text,
  places: [3, 7, 12],
})
const thought = { kind: 'reasoning' as const, parts: [part('thinking, idiot', 'summary_text')] }
const call = (input: string) => ({
  kind: 'call' as const,
  type: 'function_call' as const,
  name: 'look_up',
  input,
  places: [2, 5],
})
const message = (...texts: string[]) => ({ kind: 'message' as const, parts: texts.map((text) => part(text)) })

function clientOf(script: ResponsesScript['items'] | Response, settings: Settings = {}): OpenAI {
  const plan = createPlan({ rules, settings })
  const upstream = (async (_url: unknown, init?: RequestInit) => {
    if (script instanceof Response) return script
    const items = { json: false, items: script }
    if (JSON.parse(String(init?.body)).stream !== true) return Response.json(responsesBody(items, style).response)
    const frames = responsesFrames(
      responsesEvents(items, style).map(({ event }) => event),
      style,
    )
    return new Response(new Blob(frames.map(({ bytes }) => bytes as Uint8Array<ArrayBuffer>)), {
      headers: { 'content-type': 'text/event-stream' },
    })
  }) as typeof fetch
  const guarded = guardFetch({ plan, fetch: upstream })
  return new OpenAI({ apiKey: 'k', baseURL: 'http://upstream.example/v1', maxRetries: 0, fetch: guarded })
}

const asked = { model: 'm-9', input: 'hi' }

async function final(client: OpenAI): Promise<OpenAI.Responses.Response> {
  return client.responses.stream(asked).finalResponse()
}

async function iterated(client: OpenAI): Promise<ResponseStreamEvent[]> {
  const events: ResponseStreamEvent[] = []
  for await (const event of await client.responses.create({ ...asked, stream: true })) events.push(event)
  return events
}

const notice = { notice: 'Not this.', notice_in: 'answer' } as const

describe('an answer with a mask', () => {
  const script = [thought, message('an idiot and an idiot', 'fine'), call('{"q":"idiot"}')]

  test('is one text everywhere the client looks', async () => {
    const response = await final(clientOf(script))
    expect(response.output_text).toBe('an *** and an ***fine')
    expect(response.status).toBe('completed')
    expect(response.output[0]).toMatchObject({ type: 'reasoning', summary: [{ text: 'thinking, ***' }] })
    expect(response.output[2]).toMatchObject({ type: 'function_call', name: 'look_up', arguments: '{"q":"***"}' })
    expect((await clientOf(script).responses.create(asked)).output_text).toBe('an *** and an ***fine')
  })
})

describe('a cut in the text', () => {
  const script = [thought, message('before', 'idiot, my sk-1 is'), message('never')]
  const cases: [Settings['on_cut'], string, string, string | undefined][] = [
    [{ ending: 'native' }, 'incomplete', 'before***, my ', undefined],
    [{ ending: 'native', ...notice }, 'incomplete', 'before***, my Not this.', undefined],
    [{ ending: 'native', notice: 'No.', notice_in: 'refusal' }, 'incomplete', 'before***, my ', 'No.'],
    [{ ending: 'stop' }, 'completed', 'before***, my ', undefined],
    [{ ending: 'stop', ...notice }, 'completed', 'before***, my Not this.', undefined],
    [{ ending: 'refusal', notice: 'No.', notice_in: 'none' }, 'completed', 'before***, my ', 'No.'],
  ]
  for (const [on_cut, status, text, refusal] of cases) {
    test(`ends ${on_cut?.ending}, notice in ${on_cut?.notice_in ?? 'none'}: ${status}`, async () => {
      for (const response of [
        await final(clientOf(script, { on_cut: on_cut as object })),
        await clientOf(script, { on_cut: on_cut as object }).responses.create(asked),
      ]) {
        expect(response.output_text).toBe(text)
        expect(response.status).toBe(status)
        expect(response.incomplete_details).toEqual(status === 'incomplete' ? { reason: 'content_filter' } : null)
        const refusals = response.output
          .flatMap((item) => (item.type === 'message' ? item.content : []))
          .filter((one) => one.type === 'refusal')
        expect(refusals.map((one) => one.refusal)).toEqual(refusal === undefined ? [] : [refusal])
      }
      const events = await iterated(clientOf(script, { on_cut: on_cut as object }))
      expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index))
      expect(events.filter(({ type }) => type === `response.${status}`)).toHaveLength(1)
      // Whatever was opened was closed.
      const count = (type: string) => events.filter((event) => event.type === type).length
      expect(count('response.output_item.added')).toBe(count('response.output_item.done'))
      expect(count('response.content_part.added')).toBe(count('response.content_part.done'))
    })
  }

  test('ends as an error where the policy says so', async () => {
    const client = () => clientOf(script, { on_cut: { ending: 'error', notice: 'Not this.' } })
    await expect(final(client())).rejects.toThrow(OpenAI.APIError)
    await expect(iterated(client())).rejects.toThrow('Not this.')
    await expect(client().responses.create(asked)).rejects.toMatchObject({ status: 400, code: 'content_filter' })
  })
})

describe('a cut in a tool call or in reasoning', () => {
  for (const ending of ['native', 'refusal', 'stop'] as const) {
    test(`leaves no call that could be run (${ending})`, async () => {
      const script = [message('hello'), call('{"q":"sk-1"}')]
      for (const response of [
        await final(clientOf(script, { on_cut: { ending, notice: 'No.', notice_in: 'none' } })),
        await clientOf(script, { on_cut: { ending, notice: 'No.', notice_in: 'none' } }).responses.create(asked),
      ]) {
        expect(response.output_text).toBe('hello')
        expect(response.output.filter(({ type }) => type === 'function_call')).toEqual([])
      }
      const events = await iterated(clientOf(script, { on_cut: { ending, notice: 'No.', notice_in: 'none' } }))
      expect(JSON.stringify(events)).not.toContain('look_up')
    })

    test(`a call before the cut stays whole (${ending})`, async () => {
      const response = await final(
        clientOf([call('{"q":"idiot"}'), message('sk-1')], { on_cut: { ending, notice: 'No.', notice_in: 'none' } }),
      )
      expect(response.output[0]).toMatchObject({
        type: 'function_call',
        call_id: 'call_0',
        name: 'look_up',
        arguments: '{"q":"***"}',
      })
      expect(response.output_text).toBe('')
    })

    test(`a search that was announced is closed without its query (${ending})`, async () => {
      const script = [message('hello'), { kind: 'search' as const, query: 'sk-1' }, message('never')]
      const client = () => clientOf(script, { on_cut: { ending, notice: 'No.', notice_in: 'none' } })
      for (const response of [await final(client()), await client().responses.create(asked)]) {
        expect(response.output_text).toBe('hello')
        expect(JSON.stringify(response)).not.toContain('sk-1')
      }
    })

    test(`reasoning is closed with what was released of it (${ending})`, async () => {
      const script = [{ kind: 'reasoning' as const, parts: [part('so my sk-1 is', 'summary_text')] }, message('never')]
      const response = await final(clientOf(script, { on_cut: { ending, notice: 'No.', notice_in: 'none' } }))
      expect(response.output[0]).toMatchObject({ type: 'reasoning', summary: [{ type: 'summary_text', text: 'so my ' }] })
      expect(response.output_text).toBe('')
    })
  }
})

describe('a block', () => {
  const forbidden = { model: 'm-9', input: 'a forbidden thing' }
  const script = [message('never')]

  test('is a typed error that is not tried again', async () => {
    const refused = await clientOf(script)
      .responses.create(forbidden)
      .catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(OpenAI.BadRequestError)
    expect(refused).toMatchObject({ status: 400, code: 'content_filter', param: 'input' })
  })

  test('or an answer that declines, streamed and whole', async () => {
    const settings: Settings = { on_block: { as: 'answer', message: 'I cannot.' } }
    for (const response of [
      await clientOf(script, settings).responses.stream(forbidden).finalResponse(),
      await clientOf(script, settings).responses.create(forbidden),
    ]) {
      expect(response).toMatchObject({ status: 'completed', model: 'm-9' })
      expect(response.output[0]).toMatchObject({ type: 'message', content: [{ type: 'refusal', refusal: 'I cannot.' }] })
    }
  })
})

describe('a fault', () => {
  /** Some events, then a connection that breaks. */
  const broken = (): Response => {
    const events = responsesEvents({ json: false, items: [message('hello')] }, style).map(({ event }) => event)
    const left = responsesFrames(events, style).slice(0, 5)
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const next = left.shift()
          if (next === undefined) controller.error(new Error('reset'))
          else controller.enqueue(next.bytes)
        },
      },
      { highWaterMark: 0 },
    )
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }

  test('in mid-stream raises, with the text before it delivered', async () => {
    const seen: ResponseStreamEvent[] = []
    const read = async () => {
      for await (const event of await clientOf(broken()).responses.create({ ...asked, stream: true })) seen.push(event)
    }
    await expect(read()).rejects.toThrow(OpenAI.APIError)
    expect(seen.map(({ type }) => type)).toContain('response.output_text.delta')
    await expect(final(clientOf(broken()))).rejects.toThrow(OpenAI.APIError)
  })

  test('before the stream is an error of the protocol', async () => {
    const down = new Response('oops', { status: 500, headers: { 'content-type': 'text/plain' } })
    await expect(clientOf(down).responses.create(asked)).rejects.toThrow(OpenAI.APIError)
  })
})
