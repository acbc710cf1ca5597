/** A whole exchange: reads the request, asks about its prompts, calls the upstream, guards what comes back. */
import { SluiceError } from '../errors.ts'
import type { Dialect, RequestReading } from '../terms/dialect.ts'
import type { Plan } from '../terms/plan.ts'
import type { Exit } from '../terms/trail.ts'
import { doorFor } from '../wire/doors.ts'
import { repeatsKeys } from '../wire/json-body.ts'
import { type Call, callUpstream } from './call.ts'
import { type Choose, chosen } from './choice.ts'
import { asSluiceError, publicFailure } from './failure.ts'
import { Ledger } from './ledger.ts'
import { type GuardOptions, limitsOf } from './limits.ts'
import { passThrough } from './pass.ts'
import { checkPrompts, refuseUnread } from './prompts.ts'
import { readBody } from './read-body.ts'
import { guardResponse, onlooker, type ResponseGuard, replied } from './response.ts'
import type { Shadow } from './shadow.ts'
import { textsOf } from './usage.ts'

export interface ExchangeOptions extends Omit<GuardOptions, 'plan'> {
  /** The plan, or a choice of plan by what is asked. The choice is the operator's: what a request says of itself may be untrue. */
  readonly plan: Plan | Choose
  readonly request: { readonly method: string; readonly url: string; readonly body: ReadableStream<Uint8Array> | null }
  readonly call: Call
}

/**
 * Guards one exchange from request to response. Always answers: bad requests, blocks and failures are replies in the
 * protocol's own shape. Endpoints without generated text are passed on; one that nobody knows is refused with 501.
 */
export async function guardExchange(options: ExchangeOptions): Promise<Response> {
  const { request, plan } = options
  const ledger = new Ledger(options)
  if (typeof plan !== 'function') ledger.chose({ plan })
  const url = new URL(request.url)
  const door = doorFor(request.method, url.pathname)
  const { dialect } = door
  if (door.kind === 'refused') return refused(ledger, dialect, new SluiceError('endpoint_unknown', door.reason))
  try {
    const text = await readRequestText(options)
    if (door.kind === 'passed') return await passThrough(options, options.call, text, ledger)
    ledger.dialect = dialect.name
    const value = parsed(text)
    const reading = dialect.request(value, url)
    const choice = await chosen(plan, reading.facts)
    const guard = { ...options, ...choice }
    ledger.chose(choice)
    const shadow = onlooker(guard, ledger)
    refuseUnread(guard.plan, reading)
    const prompts = await checkPrompts(guard, reading, ledger)
    if (prompts.blocked) return blocked(ledger, dialect, reading, guard, shadow)
    // Of a repeated key the provider may read the one that was not checked: then what was checked is what is sent.
    const asked = repeatsKeys(text, value) ? JSON.stringify(value) : text
    const prompt = options.tokens === undefined ? [] : textsOf(value)
    return await ask({ ...guard, prompt, ledger, ...(shadow && { onlooker: shadow }) }, dialect, reading, prompts.body ?? asked)
  } catch (error) {
    return refused(ledger, dialect, asSluiceError(error), options.signal)
  }
}

function blocked(
  ledger: Ledger,
  dialect: Dialect,
  reading: RequestReading,
  { plan, waitUntil }: GuardOptions,
  shadow: Shadow | undefined,
): Response {
  const { facts } = reading
  const { as, message } = plan.settings.on_block
  shadow?.prompts(reading)
  const seen = shadow?.finish('blocked')
  if (seen === undefined) ledger.close('blocked')
  else {
    const closed = seen.then(() => ledger.close('blocked'))
    waitUntil?.(closed)
  }
  const told = as === 'answer' ? dialect.refusal(facts, message) : as === 'native' ? dialect.block?.(facts, message) : undefined
  const reply = told ?? dialect.error(400, 'content_filter', message, false)
  return replied(reply, ledger.id)
}

function refused(ledger: Ledger, dialect: Dialect, error: SluiceError, signal?: AbortSignal): Response {
  const { status, code, message, retry } = publicFailure(error)
  ledger.fault(error.code, error.message)
  ledger.close(exitOf(status, signal))
  return replied(dialect.error(status, code, message, retry), ledger.id)
}

function exitOf(status: number, signal: AbortSignal | undefined): Exit {
  if (signal?.aborted) return 'client_left'
  return status === 502 || status === 504 ? 'upstream_failed' : 'refused'
}

async function readRequestText(options: ExchangeOptions): Promise<string> {
  const { most_body_bytes, idle_ms } = limitsOf(options)
  try {
    const bytes = await readBody(options.request.body, { most_bytes: most_body_bytes, idle_ms, signal: options.signal })
    return new TextDecoder().decode(bytes)
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'frame_too_large') {
      throw new SluiceError('request_too_large', `the request body is larger than ${most_body_bytes} bytes`)
    }
    throw new SluiceError('request_invalid', 'the request body could not be read', { cause: error })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SluiceError('request_invalid', 'the request body is not JSON')
  }
}

async function ask(
  options: Omit<ResponseGuard, 'dialect' | 'facts'> & Pick<ExchangeOptions, 'call'>,
  dialect: Dialect,
  reading: RequestReading,
  body: string,
): Promise<Response> {
  const called = callUpstream(options, options.call, body)
  // The upstream is on its way: what only looks on takes none of the reader's time.
  options.onlooker?.prompts(reading)
  const { response, abort } = await called
  return guardResponse(response, { ...options, dialect, facts: reading.facts, abort })
}
