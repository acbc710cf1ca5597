/** One unit of the wire as it arrived, and the text that was found in it. */
import type { Channel } from './channel.ts'
import type { OnCut } from './plan.ts'

/** An SSE event, a block of SSE lines without an event, or a whole JSON body; `bytes` are exactly those that came. */
export interface Frame {
  readonly bytes: Uint8Array
  /** The event's data with its lines joined, or the body; undefined where the block dispatches no event. */
  readonly data: string | undefined
  /** The event's name, where one was given. */
  readonly event: string | undefined
  /** Everything else the block says: comments, ids, unknown fields. Invisible to most clients, but text all the same. */
  readonly asides: readonly string[]
  /** Nothing but the line feed of the line end that closed the frame before: it leaves with that frame's own bytes or not at all. */
  readonly completes?: true
}

/** Text found in a frame, in the order in which its scope says it. */
export interface Segment {
  readonly kind: 'text'
  readonly channel: Channel
  /** May be empty where the frame is part of what leaves together or not at all, and says nothing of its own: it goes with it. */
  readonly text: string
  /**
   * `adds`: continues its channel. `whole`: a text of its own, checked at once from start to end, which holds nothing
   * and belongs to no thread (an unknown string outside any delta; an alternative token). `restates`: says it is the whole
   * text of its channel, which thereby is over; where it is not, or the channel never spoke, it is a text of its own.
   */
  readonly relation: 'adds' | 'whole' | 'restates'
  /** Identifies the segment within its frame, for writing text back. */
  readonly slot: number
  /** In a request: said after the last turn of the assistant. */
  readonly fresh?: boolean
  /** Stays as it is or goes altogether, with what hangs on it: a key, a text spread over a structure. */
  readonly indivisible?: true
  /** Offsets at which the segment may be divided, ascending; absent: anywhere between code points. */
  readonly joints?: readonly number[]
}

/** The channel has said all it will. */
export interface ChannelEnd {
  readonly kind: 'channel-end'
  readonly channel: string
  /** Nothing more can come of its tool call either, be it without any input. */
  readonly last?: true
}

/** Every channel of the scope has said all it will (a finish reason). */
export interface ScopeEnd {
  readonly kind: 'scope-end'
  readonly scope: string
}

export type Step = Segment | ChannelEnd | ScopeEnd

/** A part that cannot be read as text (base64); the policy's `media` says whether it passes, is dropped or cuts. */
export interface Media {
  readonly kind: 'image' | 'audio' | 'file'
  readonly scope: string
  /** Identifies the part among the frame's segments, for taking it out. */
  readonly slot: number
}

/** Tokens that a response cost, as far as the upstream told. */
export interface Usage {
  /** What the model read. */
  readonly input?: number
  /** What it wrote, thoughts included. */
  readonly output?: number
}

/** What a dialect read in a frame. */
export interface Reading {
  readonly steps: readonly Step[]
  /** Every scope the frame says anything about, text or not (a finish reason, an annotation). */
  readonly mentions: readonly string[]
  /** Scopes whose text the frame describes by what goes stale when that text is changed: logprobs, offsets, copies. */
  readonly describes: readonly string[]
  /** The protocol's own last word (`[DONE]`, a whole body): every scope ends. */
  readonly terminal: boolean
  /** What the frame says about the way the response ended, for the trail (`stop`, `length`, …). */
  readonly finish?: string
  /** What the frame says the response has cost so far. */
  readonly usage?: Usage
  /** The frame cannot be accounted for as it came (repeated keys): it leaves rewritten even if no verdict touched it. */
  readonly rewrite?: boolean
  readonly media?: readonly Media[]
  /** The frame leaves in one piece: no part of it could go ahead of the rest (a whole item, a closing event). */
  readonly undivided?: boolean
  /** The lens's own, handed back to it (`Lens.left`) when the frame leaves. */
  readonly note?: unknown
}

/** What is to be different in a frame that leaves. */
export interface Edit {
  /** New text by slot; a slot that is absent keeps its text. */
  readonly texts: ReadonlyMap<number, string>
  /** Slots whose string is removed altogether, with the structure that holds nothing else (a tool call, an unknown field). */
  readonly removed: ReadonlySet<number>
  /** Scopes that said their last in an earlier frame: nothing of them may remain. */
  readonly gone: ReadonlySet<string>
  /** Scopes that are cut inside this frame: what `texts` and `removed` leave of them stays, their own ending does not. */
  readonly cut: ReadonlySet<string>
  /** Scopes whose text was changed, here or in an earlier frame: what describes it is shifted, dropped or nulled. */
  readonly stale: ReadonlySet<string>
  /**
   * `head`: the earlier part of a frame that is being divided: text and nothing that comes after text (finish reason,
   * usage). `tail`: the later part. `whole`: the frame is not divided.
   */
  readonly part: 'whole' | 'head' | 'tail'
  /** How the scopes in `cut` end, where the frame itself has to say it (a whole body); absent: natively, without a notice. */
  readonly how?: OnCut
}
