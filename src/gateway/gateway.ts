/** Puts the service together from what the platform hands over, or says why it cannot. */
import { SluiceError } from '../errors.ts'
import type { TrailRefusal } from '../terms/trail.ts'
import { type AppParts, createApp } from './app.ts'
import { type GatewayEnv, readConfig } from './config.ts'
import { Judges, type JudgesOptions } from './judges.ts'
import { Policies } from './policies.ts'
import { tokenizer } from './tokens.ts'
import { consoleSink, type TrailSink } from './trail.ts'

export interface Execution {
  waitUntil(promise: Promise<unknown>): void
  passThroughOnException(): void
  props: unknown
}

export interface Gateway {
  fetch(request: Request, env: GatewayEnv, execution: Execution): Response | Promise<Response>
}

export interface GatewayOptions {
  /** The compiled policy that came with the Worker. */
  readonly bundled: ArrayBuffer
  readonly sinks?: readonly TrailSink[]
  readonly openPipe?: AppParts['openPipe']
  /** Loads the `openai` package, for judges that are asked through it. */
  readonly openai?: JudgesOptions['openai']
  /** Loads the table of the tokenizer; without it nothing is estimated. */
  readonly tokenTable?: () => Promise<ArrayBuffer>
}

/** Made once per isolate. Never throws: what cannot be put together answers 503 and says why in the log and in the answer. */
export function createGateway(env: GatewayEnv, options: GatewayOptions): Gateway {
  const { bundled, sinks = [consoleSink], openPipe, tokenTable, openai } = options
  try {
    const config = readConfig(env)
    const policies = new Policies({
      bundled,
      store: env.POLICIES,
      name: config.policyName,
      routed: config.routes.map(({ policy }) => policy),
      cacheMs: config.policyCacheMs,
      onRefused: logRefusal,
    })
    const tokens = config.estimates && tokenTable !== undefined ? tokenizer(tokenTable) : undefined
    const judges = new Judges({
      env: env as Readonly<Record<string, unknown>>,
      openai,
      rehearses: config.rehearsalPace !== undefined,
      onMissing: (policy, judge, { code, message: detail }) =>
        console.error(JSON.stringify({ sluice: 'judge_not_configured', policy, judge, code, detail })),
    })
    const app = createApp({ config, policies, judges, sinks, ...(openPipe && { openPipe }), ...(tokens && { tokens }) })
    return { fetch: async (request, bindings, execution) => named(await app.fetch(request, bindings, execution)) }
  } catch (error) {
    return brokenGateway(
      error instanceof SluiceError ? error : new SluiceError('internal', 'an unexpected failure', { cause: error }),
    )
  }
}

function logRefusal({ code, message }: SluiceError, { part, hash }: TrailRefusal, name: string): void {
  console.error(JSON.stringify({ sluice: 'policy_refused', name, part, hash, code, detail: message }))
}

/** Whatever is asked, the answer has a name to ask about; those of guarded exchanges have that of their record. */
function named(response: Response): Response {
  if (response.headers.has('x-sluice-id')) return response
  const named = new Response(response.body, response)
  named.headers.set('x-sluice-id', crypto.randomUUID())
  return named
}

function brokenGateway({ code, message }: SluiceError): Gateway {
  const error = {
    message: code === 'configuration' ? message : 'This service is not ready.',
    type: 'server_error',
    param: null,
    code,
  }
  console.error(JSON.stringify({ sluice: 'failed', code, detail: message }))
  return {
    fetch: () =>
      named(Response.json({ status: 'not_configured', error }, { status: 503, headers: { 'x-should-retry': 'false' } })),
  }
}
