/** A whole stream of ours, where an answer that declines was asked for as one. */
import type { Reply } from '../terms/dialect.ts'

/** Streams must not be cached or buffered on the way. */
export const unbuffered = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' }

export function streamReply(body: string): Reply {
  return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8', ...unbuffered }, body }
}
