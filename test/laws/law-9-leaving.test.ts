/** Law 9: whoever leaves is noticed, on both sides; every exit runs the one end-of-stream hook exactly once. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guardExchange } from '../../src/flow/index.ts'
import type { Exit, Trail } from '../../src/terms/trail.ts'
import { someChatOf } from '../generators/chat.ts'
import { framesOf, plainStyle } from '../generators/frames.ts'
import { textWith } from '../generators/secrets.ts'
import { patience, runs } from '../generators/settings.ts'
import type { OraclePolicy } from '../oracle/policy.ts'
import { planOf } from './plan.ts'
import { readChat } from './read-chat.ts'
import { type After, bodyOf } from './upstream.ts'

const secret = '\u{10330}ᚠ'
const policy: OraclePolicy = {
  rules: [
    {
      id: 'cut',
      action: 'cut',
      channels: ['answer', 'prompt'],
      words: { terms: [secret], except: [], fold: 'none', boundary: 'none' },
    },
  ],
}
const encoder = new TextEncoder()
const text = (content: string, choice = 0): Uint8Array =>
  encoder.encode(
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: choice, delta: { content }, finish_reason: null }] })}\n\n`,
  )
const done = encoder.encode('data: [DONE]\n\n')

interface Upstream {
  readonly response: Response
  /** Its body was cancelled. */
  readonly cancelled: () => boolean
}

function upstreamOf(pieces: readonly Uint8Array[], after: After): Upstream {
  let cancelled = false
  const body = bodyOf(pieces, after, () => {
    cancelled = true
  })
  return { response: new Response(body, { headers: { 'content-type': 'text/event-stream' } }), cancelled: () => cancelled }
}

interface Course {
  readonly trails: readonly Trail[]
  readonly text: string
  readonly upstreamAborted: boolean
  readonly cancelled: boolean
}

interface Setting {
  readonly answer: () => Upstream | Promise<Upstream>
  readonly prompt?: string
  readonly path?: string
  readonly n?: number
  /** What the reader does; reads all of it unless told otherwise. */
  readonly reader?: (response: Response, leave: () => void) => Promise<string>
  readonly requireTerminal?: boolean
}

/** Runs one exchange to its end, whichever that is. */
async function course({
  answer,
  prompt = 'hi',
  path = '/v1/chat/completions',
  n = 1,
  reader,
  requireTerminal,
}: Setting): Promise<Course> {
  const trails: Trail[] = []
  const work: Promise<unknown>[] = []
  const leaving = new AbortController()
  let upstream: Upstream | undefined
  let upstreamSignal: AbortSignal | undefined
  const body = JSON.stringify({ model: 'm', stream: true, n, messages: [{ role: 'user', content: prompt }] })
  const response = await guardExchange({
    request: { method: 'POST', url: `http://sluice.example${path}`, body: new Response(body).body },
    plan: planOf(policy, requireTerminal === undefined ? {} : { require_terminal: requireTerminal }),
    signal: leaving.signal,
    waitUntil: (promise) => work.push(promise),
    onEnd: (trail) => trails.push(trail),
    call: async (_body, signal) => {
      upstreamSignal = signal
      upstream = await answer()
      return upstream.response
    },
  })
  const read = await (reader ?? ((all) => all.text()))(response, () => leaving.abort())
  await Promise.all(work)
  return { trails, text: read, upstreamAborted: upstreamSignal?.aborted ?? false, cancelled: upstream?.cancelled() ?? false }
}

/** Reads so many times, then hangs up. */
const readsThenLeaves =
  (times: number) =>
  async (response: Response): Promise<string> => {
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    let read = ''
    for (let turn = 0; turn < times; turn++) read += new TextDecoder().decode((await reader.read()).value)
    await reader.cancel('enough')
    return read
  }

const exits: Record<string, { setting: Setting; exit: Exit; stopsUpstream: boolean }> = {
  'the last word comes': {
    setting: { answer: () => upstreamOf([text('hello'), done], 'close') },
    exit: 'done',
    stopsUpstream: false,
  },
  'a clean end without a last word': {
    setting: { answer: () => upstreamOf([text('hello')], 'close') },
    exit: 'unterminated',
    stopsUpstream: false,
  },
  'the same, where a last word is required': {
    setting: { answer: () => upstreamOf([text('hello')], 'close'), requireTerminal: true },
    exit: 'upstream_failed',
    stopsUpstream: true,
  },
  'the last choice is cut, the upstream would go on': {
    setting: { answer: () => upstreamOf([text('hello '), text(secret), text(' more')], 'hang') },
    exit: 'cut',
    stopsUpstream: true,
  },
  'every one of several choices is cut': {
    setting: { n: 2, answer: () => upstreamOf([text(secret), text('on'), text(secret, 1), text('more')], 'hang') },
    exit: 'cut',
    stopsUpstream: true,
  },
  'the upstream is reset': {
    setting: { answer: () => upstreamOf([text('hello')], 'reset') },
    exit: 'upstream_failed',
    stopsUpstream: true,
  },
  'the upstream ends inside an event': {
    setting: { answer: () => upstreamOf([text('hello'), text('you').slice(0, 30)], 'close') },
    exit: 'upstream_failed',
    stopsUpstream: true,
  },
  'an event cannot be read': {
    setting: { answer: () => upstreamOf([text('hello'), encoder.encode('data: {"a":\n\n')], 'hang') },
    exit: 'fault',
    stopsUpstream: true,
  },
  'the upstream cannot be reached': {
    setting: { answer: () => Promise.reject(new Error('refused')) },
    exit: 'upstream_failed',
    stopsUpstream: false,
  },
  'the upstream answers with a page': {
    setting: {
      answer: () => ({
        response: new Response('<html>', { status: 500, headers: { 'content-type': 'text/html' } }),
        cancelled: () => false,
      }),
    },
    exit: 'upstream_failed',
    stopsUpstream: true,
  },
  'the prompt is blocked': {
    setting: { prompt: `say ${secret}`, answer: () => upstreamOf([done], 'close') },
    exit: 'blocked',
    stopsUpstream: false,
  },
  'the endpoint is unknown': {
    setting: { path: '/v1/else', answer: () => upstreamOf([done], 'close') },
    exit: 'refused',
    stopsUpstream: false,
  },
  'the reader hangs up while text flows': {
    setting: {
      answer: () =>
        upstreamOf(
          Array.from({ length: 500 }, () => text('hello')),
          'hang',
        ),
      reader: readsThenLeaves(2),
    },
    exit: 'client_left',
    stopsUpstream: true,
  },
  'the reader hangs up while the upstream is silent': {
    setting: { answer: () => upstreamOf([text('hello')], 'hang'), reader: readsThenLeaves(1) },
    exit: 'client_left',
    stopsUpstream: true,
  },
  "the request's signal fires while the upstream is silent": {
    setting: {
      answer: () => upstreamOf([text('hello')], 'hang'),
      reader: async (response, leave) => {
        const reader = (response.body as ReadableStream<Uint8Array>).getReader()
        await reader.read()
        leave()
        return ''
      },
    },
    exit: 'client_left',
    stopsUpstream: true,
  },
}

describe('law 9: leaving is noticed', () => {
  for (const [name, { setting, exit, stopsUpstream }] of Object.entries(exits)) {
    test(`one hook, and the upstream ${stopsUpstream ? 'is told to stop' : 'is left alone'}: ${name}`, async () => {
      const { trails, upstreamAborted } = await course(setting)
      expect(trails.map((trail) => trail.exit)).toEqual([exit])
      expect(upstreamAborted).toBe(stopsUpstream)
    })
  }

  test(
    'wherever the reader leaves and however the upstream goes on, there is one hook',
    async () => {
      const stream = fc.record({
        chat: someChatOf((most) => textWith([secret], most)),
        after: fc.constantFrom<After>('close', 'reset'),
        left: fc.nat(12),
        reads: fc.nat(8),
      })
      await fc.assert(
        fc.asyncProperty(stream, async ({ chat, after, left, reads }) => {
          const frames = framesOf(chat, plainStyle).map(({ bytes }) => bytes)
          const { trails } = await course({
            n: chat.choices,
            answer: () => upstreamOf(frames.slice(0, left), after),
            reader: readsThenLeaves(reads),
          })
          expect(trails).toHaveLength(1)
        }),
        runs(150),
      )
    },
    patience,
  )

  test('a failure in mid-stream is told to the reader in the way of the protocol, once', async () => {
    for (const after of ['reset', 'close'] as const) {
      const { text: read } = await course({ answer: () => upstreamOf([text('hello'), text('you').slice(0, 30)], after) })
      const { errors, dones, said } = readChat(encoder.encode(read))
      expect(errors).toHaveLength(1)
      expect([dones, said.get('0/content')]).toEqual([1, 'hello'])
    }
  })
})
