/** What every protocol's speaker has in common: listen to a request, cast the part, play it by beats or say it whole. */
import { type Beat, beatsOf, piecesOf } from './beats.ts'
import { castFor, type Part } from './cast.ts'
import type { Question, Speech } from './script.ts'
import { pause, played } from './stage.ts'

/** A request as the speaker of its protocol understood it. */
export interface Asked {
  readonly question: Question
  readonly stream: boolean
}

export interface Speaker<Heard extends Asked> {
  /** @returns undefined where the body is not what the protocol asks with. */
  hear(body: unknown, url: URL): Heard | undefined
  /** The answer to such a body. */
  misheard(): Response
  /** The part the model plays; the cast's own unless the protocol asks for several. */
  cast?(heard: Heard): Part
  whole(heard: Heard, part: Part): object
  /** Begins a stream. @returns what the protocol makes of each beat, and of `null`, the last word; empty where it waits for more. */
  begin(heard: Heard, part: Part): (beat: Beat | null) => string
  /** The content type of a stream; events unless told otherwise. */
  type?(heard: Heard): string
}

/** Milliseconds a whole answer takes to think, at pace 1. */
const wholeAnswerTakes = 800

/** Answers a request of the speaker's protocol. @param pace factor on every pause. */
export function speaking<Heard extends Asked>(speaker: Speaker<Heard>): (request: Request, pace: number) => Promise<Response> {
  return async (request, pace) => {
    const heard = speaker.hear(await request.json().catch(() => undefined), new URL(request.url))
    if (heard === undefined) return speaker.misheard()
    const part = speaker.cast?.(heard) ?? castFor(heard.question)
    if (!heard.stream) {
      if (pace > 0) await pause(wholeAnswerTakes * pace, request.signal)
      return Response.json(speaker.whole(heard, part))
    }
    const body = played(beatsOf(part.speeches, part.letterByLetter), pace, request.signal, speaker.begin(heard, part))
    const type = speaker.type?.(heard) ?? 'text/event-stream; charset=utf-8'
    return new Response(body, { headers: { 'content-type': type, 'cache-control': 'no-cache', 'x-request-id': nameOf('req') } })
  }
}

let names = 0

/** Names follow one another, so that nothing shown is luck. */
export function nameOf(prefix: string): string {
  names++
  return `${prefix}_rehearsal_${names}`
}

/** Seconds since 1970. */
export function now(): number {
  return Math.floor(Date.now() / 1000)
}

export function said(speech: Speech, voice: 'answer' | 'reasoning'): string {
  return speech.flatMap((part) => (part.voice === voice ? [part.text] : [])).join('')
}

export function callsTools(speech: Speech): boolean {
  return speech.some((part) => part.voice === 'tool')
}

export interface Counted {
  readonly prompt: number
  readonly completion: number
  readonly reasoning: number
}

/** One piece counts as one token. */
export function counted({ text }: Question, part: Part): Counted {
  let completion = 0
  let reasoning = 0
  for (const { voice } of beatsOf(part.speeches, part.letterByLetter)) {
    if (voice !== 'over') completion++
    if (voice === 'reasoning') reasoning++
  }
  return { prompt: piecesOf(text).length, completion, reasoning }
}
