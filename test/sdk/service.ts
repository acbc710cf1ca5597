/** Sluice as a server on this machine, in front of the scripted upstream; remembers what it was asked and what it sent. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { guardExchange } from '../../src/flow/index.ts'
import { tokenizer } from '../../src/gateway/tokens.ts'
import type { Channel } from '../../src/terms/channel.ts'
import type { Trail } from '../../src/terms/trail.ts'
import type { Case } from './cases.ts'
import type { Wire } from './dialect.ts'
import { upstreamAnswer } from './upstream.ts'

/** One request and what became of it. */
export interface Exchange {
  status: number
  headers: Headers
  /** The body's bytes as text. */
  sent: string
  /** `open` until the response is over; `broken`: its connection was broken by us; `left`: by the client. */
  end: 'open' | 'whole' | 'broken' | 'left'
  trail: Trail | undefined
}

export interface Visit {
  /** Where the client goes instead of the provider. */
  readonly url: string
  readonly exchanges: readonly Exchange[]
  /** What left, by kind of channel, over all exchanges. */
  readonly released: ReadonlyMap<Channel['kind'], string>
  /** Calls of the upstream, and those that were given up. */
  readonly asked: number
  readonly abandoned: number
}

export interface Service {
  /** A place of its own for one client and one case. */
  open(wire: Wire, told: Case, stream: boolean): Visit
  close(): Promise<void>
}

interface Room {
  readonly wire: Wire
  readonly told: Case
  readonly stream: boolean
  readonly exchanges: Exchange[]
  readonly released: Map<Channel['kind'], string>
  asked: number
  abandoned: number
}

/** The table of the tokenizer that the Worker brings along: what is estimated here is what it estimates. */
const table = new URL('../../node_modules/gpt-tokenizer/data/o200k_base.tiktoken', import.meta.url)
const tokens = tokenizer(async () => Uint8Array.from(await readFile(table)).buffer)

export async function startService(): Promise<Service> {
  const rooms = new Map<string, Room>()
  const server = createServer((request, response) => {
    const room = rooms.get(request.url?.split('/')[1] ?? '')
    if (room === undefined) response.writeHead(404).end()
    else answer(room, request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    open(wire, told, stream) {
      const name = `visit-${rooms.size}`
      const room: Room = { wire, told, stream, exchanges: [], released: new Map(), asked: 0, abandoned: 0 }
      rooms.set(name, room)
      return Object.assign(room, { url: `${address}/${name}` })
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(room: Room, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { wire, told, stream, exchanges, released } = room
  const exchange: Exchange = { status: 0, headers: new Headers(), sent: '', end: 'open', trail: undefined }
  const turn = exchanges.push(exchange) - 1
  const gone = new AbortController()
  response.once('close', () => {
    if (response.writableFinished) return
    if (exchange.end === 'open') exchange.end = 'left'
    gone.abort()
  })
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const guarded = await guardExchange({
    plan: told.plan,
    signal: gone.signal,
    tokens,
    ...(told.script.includes('pause') && { limits: { keep_alive_ms: 250 } }),
    request: {
      method: request.method ?? '',
      url: `http://sluice${request.url?.replace(/^\/visit-\d+/, '')}`,
      body: new Blob([Buffer.concat(chunks)]).stream(),
    },
    call: async (_, signal) => {
      room.asked++
      signal.addEventListener('abort', () => room.abandoned++, { once: true })
      return upstreamAnswer({ wire, told, stream, turn, signal, sent: () => exchange.sent.length })
    },
    observer: { released: ({ kind }, text) => void released.set(kind, (released.get(kind) ?? '') + text) },
    onEnd: (trail) => {
      exchange.trail = trail
    },
  })
  exchange.status = guarded.status
  exchange.headers = guarded.headers
  response.writeHead(guarded.status, Object.fromEntries(guarded.headers))
  await send(guarded.body, exchange, response)
}

async function send(body: ReadableStream<Uint8Array> | null, exchange: Exchange, response: ServerResponse): Promise<void> {
  const decoder = new TextDecoder()
  try {
    for await (const bytes of body ?? []) {
      exchange.sent += decoder.decode(bytes, { stream: true })
      if (!response.write(bytes)) await Promise.race([once(response, 'drain'), once(response, 'close')])
    }
  } catch {
    if (exchange.end === 'open') exchange.end = 'broken'
    response.destroy()
    return
  }
  if (exchange.end === 'open') exchange.end = 'whole'
  response.end()
}
