/** Answers of ours that decline, as a whole stream where one was asked for, or as a body. */
import type { Reply } from '../terms/dialect.ts'

/** Streams must not be cached or buffered on the way. */
export const unbuffered = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' }

export function streamReply(body: string): Reply {
  return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8', ...unbuffered }, body }
}

export function bodyReply(body: string): Reply {
  return { status: 200, headers: { 'content-type': 'application/json' }, body }
}
