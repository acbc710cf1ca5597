/** What the rehearsal model can say, in no provider's terms: scripts are written once, every protocol's writer speaks them. */

/** A stretch of one voice. */
export interface Line {
  readonly voice: 'answer' | 'reasoning'
  readonly text: string
}

/** A tool call; `input` is JSON text. */
export interface Call {
  readonly voice: 'tool'
  readonly name: string
  readonly input: string
}

/** What one choice says, in order. */
export type Speech = readonly (Line | Call)[]

/** A tool the client offers. */
export interface Tool {
  readonly name: string
  /** JSON Schema of the tool's input. */
  readonly schema: unknown
}

/** A request, as far as the rehearsal listens: read by a protocol, answered by the cast. */
export interface Question {
  readonly model: string
  /** The user's last words. */
  readonly text: string
  /** What a tool answered, where that came after the user's last words. */
  readonly toolResult: string | undefined
  readonly tools: readonly Tool[]
  /** JSON Schema the answer has to fit, where one was asked for; `true` for any JSON. */
  readonly schema: unknown
  readonly choices: number
}

export function answer(text: string): Speech {
  return [{ voice: 'answer', text }]
}
