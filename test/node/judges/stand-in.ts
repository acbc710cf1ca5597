/** A judge's service on this machine: answers as a test says, and remembers what it was asked. */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { askerFor } from '../../../src/judges/askers.ts'
import type { JudgeDefinition } from '../../../src/policy/definition.ts'
import { settleJudge } from '../../../src/policy/judges.ts'
import type { Answer, AskJudge, Question } from '../../../src/terms/judge.ts'
import { type Listening, listen } from '../listen.ts'

export interface Asked {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The other side went away before the answer was whole. */
  readonly left: () => boolean
}

export type Behaviour = (asked: Asked, response: ServerResponse) => void

export interface StandIn extends Listening {
  readonly asked: Asked[]
  behaviour: Behaviour
}

export async function standIn(): Promise<StandIn> {
  const asked: Asked[] = []
  const listening = await listen(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    let left = false
    response.on('close', () => {
      left = !response.writableFinished
    })
    const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(pieces).toString(), left: () => left }
    asked.push(one)
    here.behaviour(one, response)
  })
  const here: StandIn = { ...listening, asked, behaviour: (_, response) => response.writeHead(500).end() }
  return here
}

export function answering(body: unknown, status = 200, headers: Record<string, string> = {}): Behaviour {
  return (_, response) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
  }
}

/** The key, id and secret of every judge in these tests; no fault may have it. */
export const secret = 'sk-judge-SECRET-0123456789'

/** Variables that point at `url`. */
function variables(url: string): (name: string) => string | undefined {
  const known: Record<string, string> = {
    OPENAI_BASE_URL: `${url}/v1`,
    OPENAI_API_KEY: secret,
    URL: url,
    HOOK: `${url}/hook`,
    KEY: secret,
  }
  return (name) => known[name]
}

export function askerOf(definition: JudgeDefinition, url: string): AskJudge {
  return askerFor(settleJudge('guard', definition), { variable: variables(url), openai: () => import('openai') })
}

export const judgedText = 'Where is the 🦆 CANARY-9 pond?'

function question(more: Partial<Question> = {}): Question {
  const channel = { name: 'answer', scope: '0', kind: 'answer' as const }
  return {
    id: 1,
    judge: 'guard',
    channel,
    start: 0,
    end: judgedText.length,
    text: judgedText,
    context: '',
    prompt: 'Tell me of ponds.',
    ...more,
  }
}

export const promptChannel = { name: 'prompt', scope: 'prompt', kind: 'prompt' as const }

export function ask(asker: AskJudge, more: Partial<Question> = {}, signal = new AbortController().signal): Promise<Answer> {
  return asker(question(more), signal)
}
