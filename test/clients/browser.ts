/** A browser's own readers: `fetch` with a reader, and `EventSource` over a page that asks in its place. */

import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'puppeteer-core'
import type { Cell, Read } from './cases.ts'
import { type Client, requestOf } from './client.ts'

/** Chromium packed in an npm package, or one that is there already. */
async function startBrowser(): Promise<Browser> {
  const { default: puppeteer } = await import('puppeteer-core')
  const found = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser']
  const own = found.find((path) => path !== undefined && existsSync(path))
  if (own !== undefined && (process.env['CHROMIUM'] !== undefined || process.platform !== 'linux' || process.arch !== 'x64')) {
    return await puppeteer.launch({ executablePath: own, args: ['--no-sandbox'] })
  }
  const { default: chromium } = await import('@sparticuz/chromium')
  return await puppeteer.launch({ executablePath: await chromium.executablePath(), args: chromium.args, headless: 'shell' })
}

async function missing(): Promise<string | undefined> {
  try {
    await (await startBrowser()).close()
    return undefined
  } catch (error) {
    return `a Chromium that starts here, its path in CHROMIUM (${String(error).split('\n')[0]})`
  }
}

type Reader = (page: Page, cell: Cell, url: string) => Promise<Read>

function browserClient(name: string, modes: readonly boolean[], read: Reader): Client {
  return {
    name,
    protocols: ['chat', 'completions'],
    modes,
    missing,
    async read(url, cells) {
      const [browser, relay] = await Promise.all([startBrowser(), startRelay(url)])
      try {
        const page = await browser.newPage()
        await page.goto(relay.url)
        const readings: Read[] = []
        for (const cell of cells) readings.push(await read(page, cell, relay.url))
        return readings
      } finally {
        relay.close()
        await browser.close()
      }
    },
  }
}

/** Serves an empty page, and passes on to Sluice: `POST` as it is, `GET ?ask=` as the `POST` that `EventSource` cannot make. */
async function startRelay(sluice: string): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page')
    if (pathname === '/') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<title>reader</title>')
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = searchParams.get('ask') ?? Buffer.concat(chunks).toString()
    const given = await fetch(sluice + pathname, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    response.writeHead(given.status, Object.fromEntries(given.headers))
    for await (const bytes of given.body ?? []) response.write(bytes)
    response.end()
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

/** What runs in the page may use nothing from around it. */
const fetched: Reader = (page, cell) =>
  page.evaluate(
    async ({ path, body }, stream) => {
      const read = { text: '', finish: null as string | null, error: null as string | null }
      // biome-ignore lint/suspicious/noExplicitAny: as the examples on the web do
      const take = (chunk: any): void => {
        if (chunk.error) read.error = `error ${JSON.stringify(chunk.error)}`
        for (const choice of chunk.choices ?? []) {
          read.text += (choice.delta ?? choice.message)?.content ?? choice.text ?? ''
          read.finish = choice.finish_reason ?? read.finish
        }
      }
      const response = await fetch(path, { method: 'POST', body: JSON.stringify(body) })
      if (!response.ok) return { ...read, error: `HTTP ${response.status}` }
      if (!stream) {
        take(await response.json())
        return read
      }
      const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream() as never).getReader()
      let rest = ''
      for (;;) {
        const { value, done } = (await reader.read()) as { value?: string; done: boolean }
        const events = (rest + (value ?? '')).split('\n\n')
        rest = events.pop() ?? ''
        for (const event of events) {
          const data = event.replace(/^data: /, '')
          if (data !== '[DONE]' && !data.startsWith(':')) take(JSON.parse(data))
        }
        if (done) return read
      }
    },
    requestOf(cell),
    cell.stream,
  )

const listened: Reader = (page, cell) =>
  page.evaluate(
    ({ path, body }) =>
      new Promise<Read>((resolve) => {
        const read = { text: '', finish: null as string | null, error: null as string | null }
        const source = new EventSource(`${path}?ask=${encodeURIComponent(JSON.stringify(body))}`)
        const end = (): void => {
          source.close()
          resolve(read)
        }
        source.onmessage = ({ data }) => {
          if (data === '[DONE]') return end()
          const chunk = JSON.parse(data)
          if (chunk.error) read.error = `error ${JSON.stringify(chunk.error)}`
          for (const choice of chunk.choices ?? []) {
            read.text += (choice.delta ?? choice.message)?.content ?? choice.text ?? ''
            read.finish = choice.finish_reason ?? read.finish
          }
        }
        source.onerror = () => {
          // It tells no status: whatever is not an event stream answered with 200 ends it.
          read.error ??=
            source.readyState === EventSource.CLOSED ? 'no event stream (400, 502 or their like)' : 'the connection broke'
          end()
        }
      }),
    requestOf(cell),
  )

export const browserClients: readonly Client[] = [
  browserClient('Chromium, fetch with a reader', [true, false], fetched),
  browserClient('Chromium, EventSource', [true], listened),
]
