/** A provider's wire protocol as a lens: finds the text in a frame, puts text back, and knows how to end. */

import type { Edit, Frame, Reading, Segment, Usage } from './frame.ts'
import type { OnCut } from './plan.ts'

/** What the flow must know of a request to guard its response. */
export interface RequestFacts {
  readonly stream: boolean
  /** Scopes the response will have (`n`). */
  readonly scopes: number
  /** The answer was asked for as JSON. */
  readonly json: boolean
  /** The client asked for a usage frame at the end of the stream. */
  readonly usage: boolean
  readonly model: string
  /** How a stream comes: server-sent events, unless the request asked for one JSON array that is written piece by piece. */
  readonly framing?: FramingName
}

export type FramingName = 'events' | 'array'

/** Cuts the bytes of a streamed response into frames, and knows what has to be minded when they are put together again. */
export interface Framing {
  /** The frames that these bytes complete. @throws SluiceError `frame_too_large`, `unreadable_frame`. */
  push(bytes: Uint8Array): Frame[]
  /** The stream is over. */
  end(): StreamEnd
  /** Bytes that are about to leave, made to follow those that left before: the commas and brackets of an array. */
  follow(bytes: Uint8Array): Uint8Array
}

export interface StreamEnd {
  /** What stood after the last frame, where it is complete in itself. */
  readonly frames: readonly Frame[]
  /** The stream stopped inside a frame; its bytes are given up. */
  readonly unfinished: boolean
}

/** An image of a prompt. */
export interface PromptImage {
  /** Where it is, or all of it as a `data:` address. */
  readonly address: string
  /** It came after the model's last turn. */
  readonly fresh: boolean
}

export interface RequestReading {
  readonly facts: RequestFacts
  /** The request's text in order: channels of kind `prompt` and `prompt.system`, one channel a message part. */
  readonly prompts: readonly Segment[]
  /** The images of the prompts, in order; those that are named by an upload's id only are not among them. Looked for when it is asked for. */
  readonly images?: readonly PromptImage[]
  /** What of the prompt nobody here can read (the numbers of tokens): a policy that looks at prompts refuses the request. */
  readonly unread?: string
  /** The request with new texts by slot, as JSON text. */
  write(texts: ReadonlyMap<number, string>): string
}

/** A whole answer of ours: an error, a block. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** One response's view; keeps what it must remember of earlier frames. */
export interface Lens {
  /** Everything read so far may be all: every scope has said how it ended, and the protocol's last word is the stream's end. */
  readonly complete?: boolean
  /** @throws SluiceError `unreadable_frame` where the frame is not the protocol's. */
  read(frame: Frame): Reading
  /** The frame with the edit applied, or null where nothing of it is left to send. One line of data, well formed, nothing that the protocol does not know. */
  write(frame: Frame, edit: Edit): Uint8Array | null
  /**
   * A frame with a `note` has left, as it came or written anew: what clients have seen of the response's structure by now.
   * Frames are read ahead of that, and a cut may take back what was read.
   */
  left?(note: unknown): void
  /** Something that frames are numbered by has changed: from here on each is written anew, whatever it says. */
  readonly renumbers?: boolean
  /**
   * The frames that end a scope that was cut; empty in a whole body, where `write` does it.
   *
   * @param released what was released of each channel that is `restated`; a channel is absent where `at_cap: forward` let
   * the scope say more than is kept.
   */
  cut(scope: string, how: OnCut, released?: ReadonlyMap<string, string>): Uint8Array
  /**
   * The frames after the last scope was cut and the upstream left: the protocol's own last word.
   *
   * @param usage an estimate, for protocols that would have told it now.
   */
  close(usage?: Usage): Uint8Array
  /** Bytes between frames that tell every client the stream lives; empty where the protocol has none. */
  keepAlive(): Uint8Array
  /** The frames by which the protocol tells a failure in mid-stream. `message` is for outsiders. */
  fail(code: string, message: string): Uint8Array
}

export interface Dialect {
  readonly name: string
  /**
   * @param url the request's: some protocols name the model there, and how the answer shall come.
   * @throws SluiceError `request_invalid` with the offending field in the message.
   */
  request(body: unknown, url: URL): RequestReading
  /** The view of a streamed response. */
  stream(facts: RequestFacts): Lens
  /** The view of a whole JSON body: a stream of one frame. */
  body(facts: RequestFacts): Lens
  /** An error before the first byte, in the protocol's own shape. `retry` false tells SDKs not to try again. */
  error(status: number, code: string, message: string, retry: boolean): Reply
  /** A block answered as if the model had refused (`on_block: { as: answer }`). */
  refusal(facts: RequestFacts, message: string): Reply
  /** A block as the protocol itself tells one (`on_block: { as: native }`); absent: it is told as an error. */
  block?(facts: RequestFacts, message: string): Reply
}
