/** The threads of model text that rules can look at, and the scopes that end them together. */

/** What a rule may name under `channels`. */
export const channelKinds = ['answer', 'reasoning', 'refusal', 'tool_input', 'prompt', 'prompt.system'] as const

export type ChannelKind = (typeof channelKinds)[number]

/** A rule that names no channels looks at these four. */
export const answerSide = ['answer', 'reasoning', 'refusal', 'tool_input'] as const satisfies ChannelKind[]

/**
 * One thread of text inside a response.
 *
 * `name` is unique within the response and reads `scope/kind[/index]`; for scope 0 the scope is left out
 * (`answer`, `tool_input/0`, `1/answer`). Text found under a path no dialect knows gets a channel named by that path
 * (`unknown/delta.mystery`) and is looked at by every rule of the four answer-side kinds.
 */
export interface Channel {
  readonly name: string
  readonly scope: string
  readonly kind: ChannelKind | 'unknown'
  /** The text is one JSON document (tool arguments, an answer that was asked for as JSON). */
  readonly json?: boolean
  /** Nothing of the channel leaves before its end (a tool call is whole or not at all). */
  readonly atomic?: boolean
  /** The tool call it is part of: id, name and input of a call leave together or not at all. */
  readonly call?: string
  /** The protocol says the whole text again later: its masks, its fingerprint and what was released of it are kept until then. */
  readonly restated?: boolean
  /** A signature vouches for the text, so it is never edited: a mask finding cuts or, with `reasoning: hold`, takes all of it out. */
  readonly signed?: boolean
  /** Cannot be masked (a tool's name): a mask finding cuts instead. */
  readonly fixed?: boolean
}
