/** The Worker as it is deployed sends the very bytes of the transcripts: what clients read above is what they will read. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningWorker, startWorkerd } from '../node/workerd.ts'
import { anthropicMessages } from './anthropic/wire.ts'
import { cases, plain, plainArtifact } from './cases.ts'
import type { Wire } from './dialect.ts'
import { gemini, geminiArray } from './gemini/wire.ts'
import { openaiChat } from './openai-chat/wire.ts'
import { openaiCompletions } from './openai-completions/wire.ts'
import { openaiResponses } from './openai-responses/wire.ts'
import { transcriptFile, transcriptOf } from './transcript.ts'
import { upstreamAnswer } from './upstream.ts'

const wires: readonly Wire[] = [openaiChat, openaiCompletions, openaiResponses, anthropicMessages, gemini, geminiArray]

/** The Worker has one policy and one patience, and cannot be told that a client leaves at the first text. */
const told = cases.filter(({ plan, leaves, script }) => plan === plain && !leaves && !script.includes('pause'))

let upstream: Server
let worker: RunningWorker

/** Cases that are under way; their number travels in a header, which the Worker passes on. */
const asked: { readonly wire: Wire; readonly case: (typeof cases)[number]; readonly stream: boolean }[] = []

beforeAll(async () => {
  upstream = createServer((request, response) => {
    request.resume()
    const { wire, case: one, stream } = asked[Number(request.headers['x-told'])]!
    const answer = async (): Promise<void> => {
      const { status, headers, body } = upstreamAnswer({
        wire,
        told: one,
        stream,
        turn: 0,
        signal: new AbortController().signal,
        sent: () => 0,
      })
      response.writeHead(status, Object.fromEntries(headers)).flushHeaders()
      for await (const bytes of body ?? []) response.write(bytes)
      response.end()
    }
    // Whoever is out of reach and whatever breaks off is a connection that ends.
    answer().catch(() => setTimeout(() => response.destroy(), 20))
  })
  upstream.listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const address = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  const upstreams = {
    OPENAI_BASE_URL: `${address}/v1`,
    ANTHROPIC_BASE_URL: `${address}/v1`,
    GEMINI_BASE_URL: `${address}/v1beta`,
  }
  worker = await startWorkerd(upstreams, plainArtifact)
}, 120_000)

afterAll(async () => {
  await worker?.stop()
  upstream?.close()
  upstream?.closeAllConnections()
})

describe.each(wires)('$name through the deployed Worker', (wire) => {
  const able = told.filter((one) => wire.tells?.(one) ?? true)
  test.each(
    able.flatMap((one) => [true, false].map((stream) => ({ name: one.name, mode: stream ? 'streamed' : 'whole', one, stream }))),
  )('$name, $mode: as in the transcript', async ({ one, stream }) => {
    const number = asked.push({ wire, case: one, stream }) - 1
    const response = await fetch(worker.url + wire.path(stream), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-told': String(number) },
      body: JSON.stringify(wire.request(one.prompt, one.asks, stream)),
    })
    const sent = await response.text()
    const exchange = { status: response.status, headers: response.headers, sent, end: 'whole', trail: undefined } as const
    expect(transcriptOf(exchange)).toBe(readFileSync(transcriptFile(wire.name, one.name, stream), 'utf8'))
  })
})
