/** The whole course of an exchange in which an upstream says its pieces and then goes on as it is told: what came of it. */
import { type ExchangeOptions, guardExchange } from '../../src/flow/index.ts'
import type { Trail } from '../../src/terms/trail.ts'
import type { Speaker } from './speakers.ts'
import { type After, bodyOf } from './upstream.ts'

export interface Course {
  readonly trails: readonly Trail[]
  readonly text: string
  /** The upstream was told to stop. */
  readonly aborted: boolean
}

/** What an upstream answers. */
export function spoken({ type }: Speaker, pieces: readonly string[], after: After): Response {
  const bytes = pieces.map((piece) => new TextEncoder().encode(piece))
  return new Response(bodyOf(bytes, after), { headers: { 'content-type': type } })
}

/** @param reads how often the reader reads before it leaves; it stays where that is left out. */
export async function courseOf(
  speaker: Speaker,
  pieces: readonly string[],
  after: After,
  { reads, ...options }: Pick<ExchangeOptions, 'plan' | 'tokens'> & { readonly reads?: number },
): Promise<Course> {
  const trails: Trail[] = []
  const work: Promise<unknown>[] = []
  let asked: AbortSignal | undefined
  const response = await guardExchange({
    ...options,
    request: {
      method: 'POST',
      url: `http://sluice.example${speaker.path}`,
      body: new Response(JSON.stringify(speaker.body)).body,
    },
    waitUntil: (promise) => work.push(promise),
    onEnd: (trail) => trails.push(trail),
    call: async (_body, signal) => {
      asked = signal
      return spoken(speaker, pieces, after)
    },
  })
  let text = ''
  if (reads === undefined) text = await response.text()
  else {
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    for (let turn = 0; turn < reads; turn++) text += new TextDecoder().decode((await reader.read()).value)
    await reader.cancel('enough')
  }
  await Promise.all(work)
  return { trails, text, aborted: asked?.aborted ?? false }
}
