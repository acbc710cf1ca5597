/** A model's API on this machine that misbehaves on demand, and remembers what became of each call. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as after } from 'node:timers/promises'
import { type Listening, listen } from './listen.ts'

/** One call as the provider saw it. */
export interface ProviderCall {
  /** The model asked for; it names the behaviour, and after a slash whatever the test chose to find its call again. */
  readonly model: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: unknown
  readonly path: string
  /** `left`: the other side went away before the answer was whole. */
  state: 'open' | 'answered' | 'left'
  /** Milliseconds since the epoch at which `state` became what it is. */
  at: number
}

/** Below its address `/v1` is the base URL, and `/calls` lists the calls of the model given as `?model=`. */
export type Provider = Listening

type Behaviour = (response: ServerResponse, call: ProviderCall) => void | Promise<void>

const sse = { 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': 'req-1', 'set-cookie': 'theirs=1' }

function chunk(model: string, delta: object, finish: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }]
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model, choices })}\n\n`
}

function refuse(status: number, headers: Record<string, string> = {}): Behaviour {
  return (response) => {
    const error = { message: `The provider says ${status}.`, type: 'provider_error', param: null, code: `provider_${status}` }
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error }))
  }
}

/** Says the last message back, one word an event, like any provider does. */
const say: Behaviour = async (response, call) => {
  const { messages, stream } = call.body as { messages: { content: string }[]; stream?: boolean }
  const text = messages.at(-1)?.content ?? ''
  if (stream !== true) {
    const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }]
    response.writeHead(200, { 'content-type': 'application/json', 'openai-organization': 'org-theirs' })
    response.end(JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: call.model, choices }))
    return
  }
  response.writeHead(200, sse)
  response.write(chunk(call.model, { role: 'assistant', content: '' }))
  for (const word of text.match(/\s*\S+\s*?/g) ?? []) {
    response.write(chunk(call.model, { content: word }))
    await after(2)
  }
  response.end(`${chunk(call.model, {}, 'stop')}data: [DONE]\n\n`)
}

const behaviours: Readonly<Record<string, Behaviour>> = {
  say,
  /** Never stops talking. */
  flow: async (response, call) => {
    response.writeHead(200, sse)
    for (let word = 0; !response.destroyed; word++) {
      response.write(chunk(call.model, { role: 'assistant', content: `word ${word} ` }))
      await after(20)
    }
  },
  /** Says two words, then nothing, and never ends. */
  stall: (response, call) => {
    response.writeHead(200, sse)
    response.write(chunk(call.model, { role: 'assistant', content: 'two words ' }))
  },
  /** Says what has to be cut, then nothing, and never ends. */
  'stall-after-key': (response, call) => {
    response.writeHead(200, sse)
    response.write(chunk(call.model, { role: 'assistant', content: `The key is ${['sk', 'k7'.repeat(15)].join('-')} and more` }))
  },
  mute: () => {},
  html: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>It works! secret-page</h1>'),
  401: refuse(401),
  429: refuse(429, { 'retry-after': '7' }),
  500: refuse(500),
  redirect: (response) => void response.writeHead(307, { location: '/elsewhere' }).end(),
  half: (response, call) => {
    response.writeHead(200, sse)
    response.write(chunk(call.model, { role: 'assistant', content: 'whole ' }))
    response.end('data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"secret-half')
  },
  garbage: (response, call) => {
    response.writeHead(200, sse)
    response.write(chunk(call.model, { role: 'assistant', content: 'whole ' }))
    response.end('data: secret-garbage {{{\n\ndata: [DONE]\n\n')
  },
  endless: async (response) => {
    response.writeHead(200, sse)
    response.write('data: {"id":"')
    while (!response.destroyed) {
      if (response.write('x'.repeat(65_536))) await after(0)
      else await after(5)
    }
  },
  reset: (response, call) => {
    response.writeHead(200, sse)
    response.write(chunk(call.model, { role: 'assistant', content: 'whole ' }), () => setTimeout(() => response.destroy(), 20))
  },
  'reset-at-once': (response) => void response.destroy(),
  'not-json': (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[{"secret-body'),
}

export async function startProvider(): Promise<Provider> {
  const calls: ProviderCall[] = []
  return await listen((request, response) => {
    answer(request, response, calls).catch((error: unknown) => response.destroy(error as Error))
  })
}

async function answer(request: IncomingMessage, response: ServerResponse, calls: ProviderCall[]): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
  if (pathname === '/calls') {
    const found = calls.filter(({ model }) => model === searchParams.get('model'))
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(found))
    return
  }
  const chunks: Buffer[] = []
  for await (const piece of request) chunks.push(piece as Buffer)
  const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as { model?: string }
  const model = body.model ?? pathname
  const call: ProviderCall = { model, headers: request.headers, body, path: request.url ?? '', state: 'open', at: Date.now() }
  calls.push(call)
  response.on('close', () => {
    call.state = response.writableFinished ? 'answered' : 'left'
    call.at = Date.now()
  })
  const behave = behaviours[model.split('/')[0] as string]
  if (behave === undefined) response.writeHead(404).end()
  else await behave(response, call)
}
