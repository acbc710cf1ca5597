/** The Worker's entry: one service per isolate, built at its first request. */
import bundled from '../.wrangler/policy/bundled.plan'
import type { GatewayEnv } from './gateway/config.ts'
import { createGateway, type Execution, type Gateway } from './gateway/gateway.ts'

/** A module beside this script, which the platform reads only when it is asked for. */
const tokenTable = async (): Promise<ArrayBuffer> => (await import('gpt-tokenizer/data/o200k_base.tiktoken')).default

/** Another, for judges that ask through the `openai` package. */
const openai = () => import('./openai.bundle.mjs')

let gateway: Gateway | undefined

export default {
  fetch(request: Request, env: GatewayEnv, execution: Execution): Response | Promise<Response> {
    gateway ??= createGateway(env, { bundled, tokenTable, openai, openPipe: () => new IdentityTransformStream() })
    return gateway.fetch(request, env, execution)
  },
}
