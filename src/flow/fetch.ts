/** A `fetch` that guards what comes back, for SDKs that take one. */
import { demandPlan } from './choice.ts'
import { type ExchangeOptions, guardExchange } from './exchange.ts'
import { requestHeaders } from './headers.ts'
import type { GuardOptions } from './limits.ts'

export interface GuardFetchOptions extends Omit<GuardOptions, 'plan' | 'signal' | 'id'>, Pick<ExchangeOptions, 'plan'> {
  /** The fetch underneath; the runtime's own by default. */
  readonly fetch?: typeof fetch
}

/**
 * Wraps `fetch`: requests to endpoints Sluice knows are guarded, any other is refused with 501 in the protocol's error shape.
 *
 * @throws SluiceError `configuration` where there is no plan, or the definition of one in its place.
 * @example
 * const client = new OpenAI({ fetch: guardFetch({ plan }) })
 */
export function guardFetch(options: GuardFetchOptions): typeof fetch {
  if (typeof options?.plan !== 'function') demandPlan(options?.plan, 'guardFetch({ plan })')
  const underlying = options.fetch ?? fetch
  return async function guardedFetch(input, init) {
    const { method, url, headers, signal, body } = new Request(input, init)
    const languages = options.languages ?? headers.get('accept-language')
    const response = await guardExchange({
      ...options,
      ...(languages && { languages }),
      signal,
      request: { method, url, body },
      call: (asked, callSignal) => {
        const sent = method === 'GET' || method === 'HEAD' ? undefined : asked
        const withBody = sent !== undefined && { body: sent }
        // Of what else was asked of it (a proxy to go through, the platform's own options) the fetch underneath knows more.
        return underlying(url, { ...init, method, headers: requestHeaders(headers, sent), signal: callSignal, ...withBody })
      },
    })
    if (!signal.aborted) return response
    // Whoever gave up is told nothing else than that: SDKs take an answer for the upstream's, and ask again.
    response.body?.cancel().catch(() => {})
    throw signal.reason
  }
}
