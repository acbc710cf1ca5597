/** Sends a response through the whole way, from the upstream's bytes to the reader's, and tells what came of it. */
import { guardResponse } from '../../src/flow/index.ts'
import type { Dialect, RequestFacts } from '../../src/terms/dialect.ts'
import type { Plan } from '../../src/terms/plan.ts'
import type { Trail } from '../../src/terms/trail.ts'
import { bodyOf } from '../generators/frames.ts'

export interface Guarded {
  readonly bytes: Uint8Array
  readonly trail: Trail
  /** How often the upstream was told to stop. */
  readonly aborts: number
}

/** The content type of a stream in the form that was asked for. */
function typeOf({ framing }: Pick<RequestFacts, 'framing'>): string {
  return framing === 'array' ? 'application/json; charset=UTF-8' : 'text/event-stream'
}

export async function guardStream(
  dialect: Dialect,
  plan: Plan,
  facts: RequestFacts,
  pieces: readonly Uint8Array[],
  shadow?: Plan,
): Promise<Guarded> {
  const trails: Trail[] = []
  const work: Promise<unknown>[] = []
  let aborts = 0
  const upstream = new Response(bodyOf(pieces), { headers: { 'content-type': typeOf(facts) } })
  const response = await guardResponse(upstream, {
    plan,
    dialect,
    facts,
    onEnd: (trail) => trails.push(trail),
    waitUntil: (promise) => work.push(promise),
    abort: () => aborts++,
    ...(shadow && { shadow: { plan: shadow } }),
  })
  const bytes = new Uint8Array(await response.arrayBuffer())
  await Promise.all(work)
  if (trails.length !== 1) throw new Error(`${trails.length} trails for one exchange`)
  return { bytes, trail: trails[0] as Trail, aborts }
}

/** The same for a whole body. */
export async function guardBody(
  dialect: Dialect,
  plan: Plan,
  facts: RequestFacts,
  body: Uint8Array,
  shadow?: Plan,
): Promise<Pick<Guarded, 'bytes' | 'trail'>> {
  const trails: Trail[] = []
  const upstream = new Response(body as Uint8Array<ArrayBuffer>, { headers: { 'content-type': 'application/json' } })
  const response = await guardResponse(upstream, {
    plan,
    dialect,
    facts: { ...facts, stream: false },
    onEnd: (trail) => trails.push(trail),
    ...(shadow && { shadow: { plan: shadow } }),
  })
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (trails.length !== 1) throw new Error(`${trails.length} trails for one exchange`)
  return { bytes, trail: trails[0] as Trail }
}
