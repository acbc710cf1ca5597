/** `sluice()`: the guard as Hono middleware, in front of a handler that answers with the upstream's response. */
import type { Context, MiddlewareHandler } from 'hono'
import { demandPlan } from './flow/choice.ts'
import { requestHeaders } from './flow/headers.ts'
import { type Choice, type GuardOptions, guardExchange } from './flow/index.ts'
import type { RequestFacts } from './terms/dialect.ts'
import type { Plan } from './terms/plan.ts'
import type { Trail } from './terms/trail.ts'

export interface SluiceOptions extends Omit<GuardOptions, 'plan' | 'signal' | 'id' | 'onEnd' | 'waitUntil' | 'languages'> {
  /**
   * The plan, or a choice of plan by request. It is called once, after the body was read (which is gone from `c.req` then), with
   * what the protocol says of the request: `facts.model` is the model that is asked. The choice is the operator's: a model or
   * a header is the client's word, so let nothing weaker rule for it than what you would give anybody.
   */
  readonly plan: Plan | ((c: Context, facts: RequestFacts) => Plan | Choice | Promise<Plan | Choice>)
  /** What the reader reads, in the form of `Accept-Language`; the request's own header unless given. */
  readonly languages?: (c: Context) => string | undefined
  /** The end-of-exchange hook, called exactly once. */
  readonly onEnd?: (trail: Trail, c: Context) => void
}

/**
 * Guards the routes it is mounted on. The handler behind it finds the request to send upstream in `c.req` (prompts
 * masked where the policy says so) and should pass `c.req.raw.signal` to its `fetch`: it fires when the reader leaves
 * and when the answer is cut or the prompt blocked, so that the upstream stops.
 *
 * @throws SluiceError `configuration` where there is no plan, or the definition of one in its place.
 * @example
 * app.post('/v1/chat/completions', sluice({ plan }), (c) =>
 *   fetch('https://api.openai.com/v1/chat/completions', c.req.raw))
 */
export function sluice(options: SluiceOptions): MiddlewareHandler {
  if (typeof options?.plan !== 'function') demandPlan(options?.plan, 'sluice({ plan })')
  const { plan: chosen, onEnd, languages: read, ...rest } = options
  return async function sluice(c, next) {
    const { method, url, signal } = c.req.raw
    const body = await bodyOf(c)
    const plan = typeof chosen === 'function' ? (facts: RequestFacts) => chosen(c, facts) : chosen
    const waitUntil = executionOf(c)
    const languages = read === undefined ? c.req.header('accept-language') : read(c)
    const around = new Headers(c.res.headers)
    let handling: Promise<void> | undefined
    const response = await guardExchange({
      ...rest,
      plan,
      signal,
      ...(onEnd && { onEnd: (trail: Trail) => onEnd(trail, c) }),
      ...(waitUntil && { waitUntil }),
      ...(languages && { languages }),
      request: { method, url, body },
      call: async (asked, callSignal) => {
        const sent = method === 'GET' || method === 'HEAD' ? undefined : asked
        const headers = requestHeaders(c.req.raw.headers, sent)
        c.req.raw = new Request(url, { method, headers, signal: callSignal, ...(sent !== undefined && { body: sent }) })
        c.req.bodyCache = {}
        handling = next()
        await handling
        // Hono has already answered for a handler that threw; what it threw says more than a 500 without a shape.
        if (c.error !== undefined) throw c.error
        return c.res
      },
    })
    // A handler that is still at it (the prompt was blocked meanwhile) may not put its own response in the place of this one.
    await handling?.catch(() => {})
    // Hono merges the headers of a response that is already there, lengths and encodings included.
    c.res = undefined
    // What stands around it has set some already (who may read the answer, say), and an answer of ours has none of those.
    for (const [name, value] of around)
      if (name === 'set-cookie' || !response.headers.has(name)) response.headers.append(name, value)
    c.res = response
  }
}

/** What stands before the guard may have read the body (to validate it, to log it): then Hono has kept it. */
async function bodyOf({ req }: Context): Promise<ReadableStream<Uint8Array> | null> {
  if (!req.raw.bodyUsed) return req.raw.body
  try {
    return new Response(await req.arrayBuffer()).body
  } catch {
    // Read without Hono's knowledge: it is gone, and the guard says that it could not be read.
    return req.raw.body
  }
}

function executionOf(c: Context): ((promise: Promise<unknown>) => void) | undefined {
  try {
    const execution = c.executionCtx
    return (promise) => execution.waitUntil(promise)
  } catch {
    // Outside Workers there is no execution context, and nothing to keep alive.
    return undefined
  }
}
