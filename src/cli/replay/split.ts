/** In which pieces a replay feeds the gate: the outcome must not depend on it, and this is how to see that it does not. */
import type { Framing } from '../../terms/dialect.ts'
import { UsageError } from '../command.ts'

export type Split =
  | { readonly kind: 'whole' }
  | { readonly kind: 'events' }
  | { readonly kind: 'size'; readonly size: number }
  | { readonly kind: 'random'; readonly seed: string }

/** `whole`, `chars`, `events`, a number, or `random:SEED`. */
export function parseSplit(text: string): Split {
  if (text === 'whole' || text === 'events') return { kind: text }
  if (text === 'chars') return { kind: 'size', size: 1 }
  if (/^[1-9]\d{0,8}$/.test(text)) return { kind: 'size', size: Number(text) }
  const seed = /^random:(.+)$/s.exec(text)?.[1]
  if (seed !== undefined) return { kind: 'random', seed }
  throw new UsageError(`--split takes whole, chars, events, a number of characters, or random:SEED, not "${text}"`)
}

/** What can be cut into pieces: a string by its units, bytes by bytes. */
interface Sliceable {
  readonly length: number
  slice(start: number, end: number): this
}

/**
 * Pieces of `whole`; together they are the whole.
 *
 * @param events the pieces it was recorded in.
 * @param salt tells one input from another, so that equal seeds do not split all inputs alike.
 */
export function* piecesOf<Whole extends Sliceable>(
  split: Split,
  whole: Whole,
  events: readonly Whole[],
  salt: string,
): Generator<Whole> {
  if (split.kind === 'events') yield* events
  else if (split.kind === 'whole') yield whole
  else {
    const next = sizesOf(split, salt)
    for (let at = 0; at < whole.length; ) {
      const end = Math.min(whole.length, at + next())
      yield whole.slice(at, end) as Whole
      at = end
    }
  }
}

/** The same of bytes as they come: no more of them is kept than a piece, unless the pieces are to be whole. */
export async function* piecesOfStream(
  split: Split,
  chunks: AsyncIterable<Uint8Array>,
  framing: Framing | undefined,
  salt: string,
): AsyncGenerator<Uint8Array> {
  if (split.kind === 'whole' || (split.kind === 'events' && framing === undefined)) {
    const all: Uint8Array[] = []
    for await (const chunk of chunks) all.push(chunk)
    yield new Uint8Array(Buffer.concat(all))
    return
  }
  const next = split.kind === 'events' ? undefined : sizesOf(split, salt)
  let size = next?.() ?? 0
  let rest: Uint8Array = new Uint8Array()
  for await (const chunk of chunks) {
    const events = framing === undefined || next !== undefined ? [] : framing.push(chunk)
    rest = rest.length === 0 ? chunk : new Uint8Array(Buffer.concat([rest, chunk]))
    let at = 0
    const take = (length: number): Uint8Array => {
      at += length
      return rest.slice(at - length, at)
    }
    if (next === undefined) for (const { bytes } of events) yield take(bytes.length)
    else for (; rest.length - at >= size; size = next()) yield take(size)
    rest = rest.slice(at)
  }
  // Whatever stands after the last event is part of the recording too.
  if (rest.length > 0) yield rest
}

function sizesOf(split: Split, salt: string): () => number {
  if (split.kind === 'size') return () => split.size
  return randomSizes(`${split.kind === 'random' ? split.seed : ''}\n${salt}`)
}

/** Mostly small sizes, now and then a large one, the same for the same seed on every machine. */
function randomSizes(seed: string): () => number {
  let state = 0x811c9dc5
  for (let index = 0; index < seed.length; index += 1) state = Math.imul(state ^ seed.charCodeAt(index), 0x01000193)
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    const chance = ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
    return 1 + Math.floor(chance ** 3 * 40)
  }
}
