/** How the bytes of a streamed response are cut into frames: by what the request asked for and the content type that came. */
import type { Framing, FramingName, RequestFacts } from '../terms/dialect.ts'
import { ArrayFrames } from './array-frames.ts'
import { type FrameLimits, SseFrames } from './sse.ts'

/**
 * The framing of a response, or undefined where it is one whole body.
 *
 * @param type the response's content type in lower case. Events are events even where an array was asked for.
 */
export function framingOf(type: string, { stream, framing }: RequestFacts): FramingName | undefined {
  if (type.includes('text/event-stream')) return 'events'
  return stream && framing === 'array' && /\bjson\b/.test(type) ? 'array' : undefined
}

export function openFraming({ framing }: RequestFacts, limits: FrameLimits): Framing {
  return framing === 'array' ? new ArrayFrames(limits) : new SseFrames(limits)
}
