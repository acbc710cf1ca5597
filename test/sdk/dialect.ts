/** How one protocol is put on the wire by the scripted upstream, and asked for by hand. */
import type { Asks, Case, Step } from './cases.ts'

export interface Wire {
  readonly name: string
  /** Whether the protocol has words for the case; everything unless given. */
  readonly tells?: (told: Case) => boolean
  /** Address of the endpoint below the service's, for a stream or a whole answer. */
  path(stream: boolean): string
  /** The request as a program without a client would write it: the transcripts are of its answer. */
  request(prompt: string, asks: Asks, stream: boolean): object
  readonly streamType: string
  /** The frames of a stream, one string each; `break`, `garbage` and `stall` are the upstream's doing and not in here. */
  frames(script: readonly Step[]): string[]
  /** What takes the place of a frame that cannot be read. */
  readonly garbage: string
  /** A whole answer. */
  whole(script: readonly Step[]): object
  /** The provider's own refusal of a request: 429 in its own shape. */
  readonly refusal: object
}

/** One call, with the place among the calls of its answer. */
export interface Called {
  readonly name: string
  readonly input: string
}

/** What a script says, added up: the material of a whole answer. */
export function summed(script: readonly Step[]): { text: string; thought: string; calls: readonly Called[] } {
  let text = ''
  let thought = ''
  const calls: Called[] = []
  for (const step of script) {
    if (typeof step === 'string') continue
    if ('say' in step) text += step.say
    else if ('think' in step) thought += step.think
    else calls.push({ name: step.call, input: step.input.join('') })
  }
  return { text, thought, calls }
}

/** Whether a case is about text alone. */
export function isPlain({ asks, script }: Case): boolean {
  return asks === 'text' && !script.some((step) => typeof step !== 'string' && !('say' in step))
}

/** Tokens are of no interest here; that they arrive is. */
export const counted = { input: 7, output: 11 }
