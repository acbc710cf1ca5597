/** A whole exchange: reads the request, asks about its prompts, calls the upstream, guards what comes back. */
import { SluiceError } from '../errors.ts'
import type { Dialect, RequestReading } from '../terms/dialect.ts'
import type { Plan } from '../terms/plan.ts'
import type { Exit } from '../terms/trail.ts'
import { doorFor } from '../wire/doors.ts'
import { repeatsKeys } from '../wire/json-body.ts'
import { withNumbersOf } from '../wire/numbers.ts'
import { askBeside } from './beside.ts'
import { type Call, callUpstream } from './call.ts'
import { type Choose, chosen } from './choice.ts'
import { asSluiceError, publicFailure } from './failure.ts'
import { inLanguage } from './languages.ts'
import { Ledger } from './ledger.ts'
import { type GuardOptions, limitsOf } from './limits.ts'
import { passThrough } from './pass.ts'
import { PromptCheck, refuseUnread } from './prompts.ts'
import { readBody } from './read-body.ts'
import { guardResponse, onlooker, type ResponseGuard, replied } from './response.ts'
import type { Shadow } from './shadow.ts'
import { topicOf } from './topic.ts'
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
    const { facts } = reading
    const choice = await chosen(plan, facts)
    const ruled = { ...options, ...choice }
    ledger.chose(choice)
    const shadow = onlooker(ruled, ledger)
    refuseUnread(ruled.plan, reading)
    const topic = topicOf(reading, ruled.plan)
    const check = new PromptCheck(ruled, reading, topic, ledger)
    // Of a repeated key the provider may read the one that was not checked: then what was checked is what is sent.
    const asked = repeatsKeys(text, value) ? withNumbersOf(text, JSON.stringify(value)) : text
    const prompt = options.tokens === undefined ? [] : textsOf(value)
    const guard = { ...ruled, dialect, facts, ledger, topic, prompt, ...(shadow && { onlooker: shadow }) }
    const block = (): Response => blocked(ledger, dialect, reading, ruled, shadow)
    if (check.overlaps && !check.isBlocked)
      return await askBeside({
        signal: options.signal,
        judged: async () => (await check.judged()).blocked,
        ask: (signal, shown) => ask({ ...guard, signal, shown }, reading, asked),
        blocked: block,
      })
    const judged = await check.judged()
    if (judged.blocked) return block()
    return await ask(guard, reading, judged.body === undefined ? asked : withNumbersOf(text, judged.body))
  } catch (error) {
    return refused(ledger, dialect, asSluiceError(error), options.signal)
  }
}

function blocked(
  ledger: Ledger,
  dialect: Dialect,
  reading: RequestReading,
  { plan, waitUntil, languages }: GuardOptions,
  shadow: Shadow | undefined,
): Response {
  const { facts } = reading
  const { as, message } = inLanguage(plan, languages).settings.on_block
  // Whatever becomes of the call that is being ended now, this is how the exchange ended.
  ledger.claim('blocked')
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
  // What a reader leaves behind is nobody's fault.
  if (!signal?.aborted) ledger.fault(error.code, error.message)
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
  guard: ResponseGuard & Pick<ExchangeOptions, 'call'>,
  reading: RequestReading,
  body: string,
): Promise<Response> {
  const called = callUpstream(guard, guard.call, body)
  // The upstream is on its way: what only looks on takes none of the reader's time.
  guard.onlooker?.prompts(reading)
  const { response, abort } = await called
  return guardResponse(response, { ...guard, abort })
}
