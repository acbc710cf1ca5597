/** Calls the upstream for a reader: gives up when the reader leaves or the upstream is silent, and can be ended later. */
import { SluiceError } from '../errors.ts'
import { type GuardOptions, limitsOf } from './limits.ts'

/** Asks the upstream. `signal` fires when nobody needs the answer any more: pass it to `fetch`. */
export type Call = (body: string, signal: AbortSignal) => Promise<Response>

export interface Called {
  readonly response: Response
  /** Ends the call. */
  abort(reason: unknown): void
}

/** @throws SluiceError `upstream_silent`, `upstream_unreachable`, `upstream_failed` for a redirect, or what the call itself threw. */
export async function callUpstream(options: Pick<GuardOptions, 'limits' | 'signal'>, call: Call, body: string): Promise<Called> {
  const { signal } = options
  const { idle_ms } = limitsOf(options)
  const upstream = besideReader(signal)
  let silent = false
  const timer = setTimeout(() => {
    silent = true
    upstream.abort('the upstream is silent')
  }, idle_ms)
  try {
    const response = await call(body, upstream.signal)
    if (response.status >= 300 && response.status < 400) {
      // Whoever followed it would be answered from an address that nobody configured, by nothing that was looked at.
      response.body?.cancel().catch(() => {})
      upstream.abort('the upstream sends elsewhere')
      throw new SluiceError('upstream_failed', `the upstream answered ${response.status} instead of an answer`)
    }
    return { response, abort: (reason) => upstream.abort(reason) }
  } catch (cause) {
    if (silent) throw new SluiceError('upstream_silent', `the upstream did not answer within ${idle_ms} ms`, { cause })
    if (cause instanceof SluiceError) throw cause
    throw new SluiceError('upstream_unreachable', 'the upstream could not be reached', { cause })
  } finally {
    clearTimeout(timer)
  }
}

/** Fires when the reader leaves, for the reader's reason, or when it is told to. */
export function besideReader(signal: AbortSignal | undefined): AbortController {
  const controller = new AbortController()
  const leave = (): void => controller.abort(signal?.reason)
  if (signal?.aborted) leave()
  signal?.addEventListener('abort', leave, { once: true })
  return controller
}
