/** Chat-completion upstreams made in memory, and an exchange with them that remembers how it ended. */
import { type ExchangeOptions, guardExchange } from '../../src/flow/index.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Trail } from '../../src/terms/trail.ts'

export const plan = createPlan({
  name: 'test',
  rules: [
    { id: 'bomb', action: 'mask', with: '***', words: { terms: ['bomb'], boundary: 'none' } },
    { id: 'key', action: 'cut', words: { terms: ['sk-live'], boundary: 'none' } },
    { id: 'ignore', action: 'cut', channels: ['prompt'], words: { terms: ['ignore all rules'], boundary: 'none' } },
    { id: 'mail', action: 'mask', with: '[mail]', channels: ['prompt'], words: { terms: ['a@b.example'], boundary: 'none' } },
  ],
})

const encoder = new TextEncoder()

export const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`

export const chunk = (delta: object, finish: string | null = null, index = 0): string =>
  data({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index, delta, finish_reason: finish }] })

export const done = 'data: [DONE]\n\n'

export interface Upstream {
  /** The call's signal fired or its body was cancelled. */
  left: boolean
  /** What was asked. */
  asked: string
  /** Sends a piece of the body. */
  send(piece: string): void
  end(): void
  fail(): void
  readonly answer: (body: string, signal: AbortSignal) => Promise<Response>
}

export function upstream(type = 'text/event-stream', status = 200, headers: Record<string, string> = {}): Upstream {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const self: Upstream = {
    left: false,
    asked: '',
    send: (piece) => controller?.enqueue(encoder.encode(piece)),
    end: () => controller?.close(),
    fail: () => controller?.error(new Error('reset')),
    answer: async (body, signal) => {
      self.asked = body
      signal.addEventListener('abort', () => {
        self.left = true
      })
      const stream = new ReadableStream<Uint8Array>({
        start: (given) => {
          controller = given
        },
        cancel: () => {
          self.left = true
        },
      })
      return new Response(stream, { status, headers: { 'content-type': type, ...headers } })
    },
  }
  return self
}

/** An upstream that answers these pieces and ends. */
export function answering(pieces: readonly string[], type?: string, status?: number, headers?: Record<string, string>): Upstream {
  const up = upstream(type, status, headers)
  const { answer } = up
  return Object.assign(up, {
    answer: async (body: string, signal: AbortSignal) => {
      const response = await answer(body, signal)
      for (const piece of pieces) up.send(piece)
      up.end()
      return response
    },
  })
}

export interface Exchange {
  readonly response: Response
  readonly trails: readonly Trail[]
}

export async function exchange(
  up: Upstream,
  body: object | string = {},
  options: Partial<Omit<ExchangeOptions, 'request'>> & { readonly url?: string } = {},
): Promise<Exchange> {
  const trails: Trail[] = []
  const { url = 'http://sluice.example/v1/chat/completions', ...rest } = options
  const asked =
    typeof body === 'string'
      ? body
      : JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'hi' }], ...body })
  const response = await guardExchange({
    plan,
    call: up.answer,
    onEnd: (trail) => trails.push(trail),
    ...rest,
    request: { method: 'POST', url, body: new Blob([asked]).stream() },
  })
  return { response, trails }
}

export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !condition(); tries++) await new Promise((resolve) => setTimeout(resolve, 5))
  if (!condition()) throw new Error('it never came to pass')
}
