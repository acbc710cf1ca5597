/** The rehearsal as a server of its own, so that it can break off in the middle of an answer. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { rehearsal } from '../../src/gateway/rehearsal/index.ts'
import { breaking } from './cases.ts'

export interface Upstream {
  readonly url: string
  close(): void
}

export async function startUpstream(): Promise<Upstream> {
  const ask = rehearsal({ pace: 0 })
  const server = createServer((request, response) => {
    answer(ask, request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function answer(
  ask: (request: Request) => Promise<Response>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const asked = new Request(new URL(request.url ?? '/', 'http://upstream'), {
    method: request.method ?? 'GET',
    ...(body.length > 0 && { body, headers: { 'content-type': 'application/json' } }),
  })
  const given = await ask(asked)
  response.writeHead(given.status, Object.fromEntries(given.headers))
  const decoder = new TextDecoder()
  for await (const bytes of given.body ?? []) {
    const text = decoder.decode(bytes, { stream: true })
    const at = text.indexOf(breaking)
    if (at === -1) {
      response.write(bytes)
      continue
    }
    // A whole answer stops in its middle, a stream after an event that says what stood before.
    const last = text.startsWith('{') ? text.slice(0, at) : text.replaceAll(new RegExp(` ?${breaking}[^"]*`, 'g'), '')
    response.write(last, () => setTimeout(() => response.destroy(), 20))
    return
  }
  response.end()
}
