/** The service: every request through the guard to the upstream, and a page for whoever asks how it is. */
import { type Context, Hono } from 'hono'
import { SluiceError } from '../errors.ts'
import { type SluiceOptions, sluice } from '../hono.ts'
import { choosePolicy } from './choice.ts'
import type { GatewayConfig } from './config.ts'
import { healthOf } from './health.ts'
import type { Judges } from './judges.ts'
import type { Policies, Ruling } from './policies.ts'
import { rehearsal } from './rehearsal/index.ts'
import { deliver, type TrailSink } from './trail.ts'
import { upstreamOf } from './upstreams.ts'

export interface AppParts {
  readonly config: GatewayConfig
  readonly policies: Policies
  readonly judges: Judges
  readonly sinks: readonly TrailSink[]
  readonly openPipe?: SluiceOptions['openPipe']
  readonly tokens?: SluiceOptions['tokens']
}

/** What the rehearsal says before the gate: development only, for showing both sides. */
const unguarded = '/_sluice/rehearsal'

export function createApp(parts: AppParts): Hono {
  const { config, policies, judges, sinks, openPipe, tokens } = parts
  const upstream = upstreamOf(config)
  const app = new Hono()

  app.get('/_sluice/health', async (c) => {
    const health = await healthOf(upstream, policies, judges)
    return c.json(health, health.status === 'not_configured' ? 503 : 200)
  })

  if (upstream.kind === 'rehearsal') app.post(`${unguarded}/*`, (c) => rehearsal({ pace: config.rehearsalPace ?? 1 })(c.req.raw))

  const guard = sluice({
    plan: async (c, facts) => counselled(await choosePolicy(config, policies, c.req.raw, facts), judges),
    limits: config.limits,
    onEnd: (trail, c) => deliver(trail, sinks, (promise) => c.executionCtx.waitUntil(promise)),
    ...(openPipe && { openPipe }),
    ...(tokens && { tokens }),
  })
  app.all('*', refuseUpgrade, guard, (c) => upstream.ask(c.req.raw))

  app.onError((error, c) => failed(error, c))
  return app
}

/** What rules, with those who ask its judges. */
function counselled(ruling: Ruling, judges: Judges) {
  const { plan, shadow } = ruling
  return {
    ...ruling,
    judges: judges.askers(plan),
    ...(shadow && { shadow: { plan: shadow.plan, judges: judges.askers(shadow.plan) } }),
  }
}

/** What goes over a WebSocket (realtime, Responses in that mode) is neither frames nor bodies: there is nothing to guard it with. */
async function refuseUpgrade(c: Context, next: () => Promise<void>): Promise<Response | undefined> {
  if (!/\bwebsocket\b/i.test(c.req.header('upgrade') ?? '')) {
    await next()
    return undefined
  }
  const message = 'Sluice serves no WebSocket: ask over HTTP.'
  return c.json({ error: { message, type: 'invalid_request_error', param: null, code: 'endpoint_unknown' } }, 501, {
    'x-should-retry': 'false',
  })
}

/** What the guard's own answer takes the place of, and what fails outside it: that is a defect, and the log has its name. */
function failed(error: Error, c: Context): Response {
  const code = error instanceof SluiceError ? error.code : 'internal'
  const id = crypto.randomUUID()
  // A call that was ended (the reader left, the prompt was blocked) fails as it should.
  if (code === 'internal' && !c.req.raw.signal.aborted)
    console.error(JSON.stringify({ sluice: 'failed', id, code, error: error.name }))
  const body = { error: { message: 'This service is not ready.', type: 'server_error', param: null, code } }
  return c.json(body, 503, { 'x-sluice-id': id })
}
