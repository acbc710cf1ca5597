/** The Worker's entry: one service per isolate, built at its first request. */
import bundled from '../.wrangler/policy/bundled.plan'
import type { GatewayEnv } from './gateway/config.ts'
import { createGateway, type Execution, type Gateway } from './gateway/gateway.ts'

let gateway: Gateway | undefined

export default {
  fetch(request: Request, env: GatewayEnv, execution: Execution): Response | Promise<Response> {
    gateway ??= createGateway(env, { bundled, openPipe: () => new IdentityTransformStream() })
    return gateway.fetch(request, env, execution)
  },
}
