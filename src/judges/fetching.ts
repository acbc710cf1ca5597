/** The one way to a judge over HTTP: no redirect is followed, no answer is read beyond its bound, and no failure quotes anything. */
import { type Said, Unfit, unreadable } from './unfit.ts'

/** Bytes of an answer; a judge that has more to say is not one. */
const mostBytes = 1 << 20

/**
 * `fetch`, for judges: resolves with what was answered in full, and only if it was answered with 2xx.
 *
 * @throws Unfit: `busy` (no connection, a connection that broke, 408, 429, 5xx), `refused` (any other status: what is asked again
 *   is refused again) or `unreadable` (an answer beyond its bound).
 */
export async function fetchWhole(fetching: typeof fetch, ...[address, init]: Parameters<typeof fetch>): Promise<Response> {
  let response: Response
  try {
    // A redirect would carry the text, and on some platforms the key, to a place nobody named.
    response = await fetching(address, { ...init, redirect: 'manual' })
  } catch {
    throw new Unfit('busy', 'could not be reached')
  }
  if (!response.ok) {
    // The body may quote what was asked; it is not even read.
    response.body?.cancel().catch(() => {})
    throw statusFault(response.status, response.headers.get('retry-after'))
  }
  return new Response(await whole(response), { status: 200, headers: { 'content-type': 'application/json' } })
}

function statusFault(status: number, retryAfter: string | null): Unfit {
  const busy = status === 408 || status === 425 || status === 429 || status >= 500
  return new Unfit(busy ? 'busy' : 'refused', `answered HTTP ${status}`, busy ? milliseconds(retryAfter) : undefined)
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function milliseconds(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined
  if (/^\d{1,6}$/.test(retryAfter)) return Number(retryAfter) * 1000
  const date = Date.parse(retryAfter)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}

async function whole(response: Response): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  for (const reader = response.body?.getReader(); reader !== undefined; ) {
    const { done, value } = await reader.read().catch(() => {
      throw new Unfit('busy', 'the connection broke within the answer')
    })
    if (done) break
    length += value.length
    if (length > mostBytes) {
      reader.cancel().catch(() => {})
      throw unreadable(`answered more than ${mostBytes} bytes`)
    }
    pieces.push(value)
  }
  return new Blob(pieces)
}

/** Posts JSON and reads JSON. @throws Unfit, as `fetchWhole`; `unreadable` where the answer is no JSON. */
export async function postJson(
  fetching: typeof fetch,
  address: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<unknown> {
  const init = {
    method: 'POST',
    body,
    signal,
    headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
  }
  const response = await fetchWhole(fetching, address, init)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await response.arrayBuffer()))
  } catch {
    throw unreadable('answered no JSON')
  }
}

/** Questions that go to one judge about one stretch, so many at a time: platforms allow a request few connections. */
const mostAtOnce = 4

/** What they come to together. @throws what the first of them throws; nobody needs the others then, and they are aborted. */
export async function each<One>(
  ones: readonly One[],
  signal: AbortSignal,
  ask: (one: One, signal: AbortSignal) => Promise<Said>,
): Promise<Said> {
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  const said: Said[] = []
  try {
    for (let at = 0; at < ones.length; at += mostAtOnce)
      said.push(...(await Promise.all(ones.slice(at, at + mostAtOnce).map((one) => ask(one, either)))))
  } catch (error) {
    failed.abort('another has failed')
    throw error
  }
  const tokens = said.flatMap((one) => one.tokens ?? [])
  return {
    opinions: said.flatMap(({ opinions }) => opinions),
    tokens: tokens.length > 0 ? tokens.reduce((sum, count) => sum + count) : undefined,
  }
}
