/** The way of requests whose answers hold no model's words: to the upstream and back, unread, within the same bounds. */
import { SluiceError } from '../errors.ts'
import { type Call, callUpstream } from './call.ts'
import { responseHeaders } from './headers.ts'
import type { Ledger } from './ledger.ts'
import type { GuardOptions } from './limits.ts'

/**
 * Passes a request on. What comes back has to be JSON, as at all these endpoints: a stream of events, say, is nothing they
 * answer with, and so nothing that may leave unread. It is not kept, so its size does not matter.
 *
 * @throws SluiceError `upstream_*`.
 */
export async function passThrough(
  options: Pick<GuardOptions, 'limits' | 'signal'>,
  call: Call,
  body: string,
  ledger: Ledger,
): Promise<Response> {
  const { response, abort } = await callUpstream(options, call, body)
  const type = response.headers.get('content-type')?.toLowerCase() ?? ''
  if (response.body !== null && !/\bjson\b/.test(type)) {
    response.body.cancel().catch(() => {})
    abort('the answer is not what is passed on')
    throw new SluiceError('upstream_failed', `the upstream answered ${response.status} with content type "${type}"`)
  }
  ledger.wrote()
  ledger.close(response.ok ? 'done' : 'upstream_failed')
  return new Response(response.body, { status: response.status, headers: responseHeaders(response.headers, ledger.id) })
}
