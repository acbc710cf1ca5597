/** What the suites over recordings must know of a dialect. */
import type { guardFetch } from '../../src/flow/index.ts'
import type { RequestFacts } from '../../src/terms/dialect.ts'
import type { Leaf } from './walker.ts'

export type Fields = Record<string, unknown>

export interface RecordedDialect {
  /** As the manifest names it. */
  readonly protocol: string
  /** Where requests go. */
  readonly url: string
  facts(recording: Uint8Array): RequestFacts
  /** Chunks that were recorded without their framing, as the manifest says they were replayed. */
  framed(chunks: readonly string[]): string
  /** The recording in another form than it came in. */
  reframed?(recording: Uint8Array): Uint8Array
  /** What the official client does with a stream, in the words of the record; only what is on record is compared. */
  readonly outcomes: Readonly<Record<string, (send: ReturnType<typeof guardFetch>) => Promise<string>>>
  /** The events of a stream, parsed. */
  eventsOf(bytes: Uint8Array): Fields[]
  /** Every string of an event by where it stands: strings at one path, over all events, are one thread. */
  leavesOf(event: Fields): Leaf[]
  /** A model's text, said piece by piece; everything else is names, ids, numbers and copies. */
  isSaid(path: string): boolean
  /** A text that is never edited: what would be masked in it cuts. */
  isSigned?(path: string): boolean
  /** Said piece by piece like the rest, but no text that is read as it stands. */
  isInput?(path: string): boolean
  /** What ends together with the thread at the path. */
  scopeOf(path: string): string
  /**
   * A stream like the recording whose first scope says the pieces in such a thread as the one at the path, and ends by itself.
   *
   * @returns its bytes, and where its thread is.
   */
  streamOf(recording: Uint8Array, path: string, pieces: readonly string[]): { readonly bytes: Uint8Array; readonly path: string }
  /** How the scopes of a stream ended. @throws where the protocol's last word did not come exactly once. */
  endingsOf(bytes: Uint8Array): ('own' | 'cut')[]
}

/** What stands at each path, over all events, joined. */
export function threadsOf(dialect: RecordedDialect, bytes: Uint8Array): Map<string, string> {
  const threads = new Map<string, string>()
  for (const { path, text } of stringsOf(dialect, bytes)) threads.set(path, (threads.get(path) ?? '') + text)
  return threads
}

export function stringsOf(dialect: RecordedDialect, bytes: Uint8Array): Leaf[] {
  return dialect.eventsOf(bytes).flatMap((event) => dialect.leavesOf(event))
}
