/** One conversation, heard on both sides of the gate: what the model writes, and what the reader gets meanwhile. */
import { performance } from 'node:perf_hooks'
import OpenAI from 'openai'
import { TextGate } from '../../gate/text-gate.ts'
import type { Plan } from '../../terms/plan.ts'

/** Text that had to wait, and what became of it. */
export interface Hold {
  readonly text: string
  readonly ms: number
  readonly outcome: 'released' | 'masked' | 'cut'
}

export interface Talk {
  readonly question: string
  /** What the model has written so far. */
  model: string
  /** What the reader has got so far. */
  reader: string
  /** What the policy lets pass of it, notices of a cut not included. */
  expected: string
  /** Units of the model's text that are free to be sent. */
  clear: number
  isCut: boolean
  holds: Hold[]
  /** How the reader's stream ended. */
  finish: string | null
}

/** Both sides of one question, at the same time; `onChange` follows every piece. */
export async function converse(url: string, plan: Plan, question: string, onChange: (talk: Talk) => void): Promise<Talk> {
  const talk: Talk = { question, model: '', reader: '', expected: '', clear: 0, isCut: false, holds: [], finish: null }
  await Promise.all([listen(url, talk, onChange), overhear(url, plan, talk, onChange)])
  return talk
}

/** The reader's side: the official client, pointed at the service. */
async function listen(url: string, talk: Talk, onChange: (talk: Talk) => void): Promise<void> {
  for await (const chunk of await ask(`${url}/v1`, talk.question)) {
    const [choice] = chunk.choices
    talk.reader += choice?.delta.content ?? ''
    talk.finish = choice?.finish_reason ?? talk.finish
    onChange(talk)
  }
}

/**
 * The model's side: the same script without the gate, which the service offers in rehearsal only. A gate of our own over
 * the same pieces tells which of them wait; the split does not matter, so it is the service's gate in everything but place.
 */
async function overhear(url: string, plan: Plan, talk: Talk, onChange: (talk: Talk) => void): Promise<void> {
  const gate = new TextGate(plan)
  const pieces: { readonly from: number; readonly at: number }[] = []
  const take = (released: string, from: number, waiting: string): void => {
    talk.expected += released
    talk.clear = gate.watch.clear
    talk.isCut = gate.isCut
    const moved = talk.clear > from
    if (waiting === '' || !(moved || talk.isCut)) return
    const masked = released !== talk.model.slice(from, talk.clear)
    const arrived = pieces.findLast((piece) => piece.from <= from)?.at ?? 0
    talk.holds.push({
      text: waiting,
      ms: performance.now() - arrived,
      outcome: masked ? 'masked' : talk.isCut ? 'cut' : 'released',
    })
  }
  for await (const chunk of await ask(`${url}/_sluice/rehearsal/v1`, talk.question)) {
    const piece = chunk.choices[0]?.delta.content ?? ''
    const waiting = talk.model.slice(talk.clear)
    pieces.push({ from: talk.model.length, at: performance.now() })
    talk.model += piece
    if (!talk.isCut) take(gate.push(piece), talk.clear, waiting)
    onChange(talk)
  }
  if (!talk.isCut) take(gate.end(), talk.clear, talk.model.slice(talk.clear))
  onChange(talk)
}

function ask(baseURL: string, question: string) {
  const client = new OpenAI({ baseURL, apiKey: 'rehearsal', maxRetries: 0, logLevel: 'off' })
  return client.chat.completions.create({ model: 'rehearsal', stream: true, messages: [{ role: 'user', content: question }] })
}
