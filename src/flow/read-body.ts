/** Reads a whole body within bounds: bytes, silence, and the reader's patience. */
import { SluiceError } from '../errors.ts'
import { inTime } from './in-time.ts'

export interface BodyBounds {
  readonly most_bytes: number
  /** Milliseconds of silence that are waited out. */
  readonly idle_ms: number
  readonly signal: AbortSignal | undefined
}

/** @throws SluiceError `frame_too_large`, `upstream_silent`, `upstream_failed`. */
export async function readBody(body: ReadableStream<Uint8Array> | null, bounds: BodyBounds): Promise<Uint8Array<ArrayBuffer>> {
  if (body === null) return new Uint8Array(0)
  const reader = body.getReader()
  const leave = (): void => void reader.cancel('nobody waits for it').catch(() => {})
  bounds.signal?.addEventListener('abort', leave, { once: true })
  const silent = (): SluiceError => new SluiceError('upstream_silent', `nothing came for ${bounds.idle_ms} ms`)
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for (;;) {
      const { value, done } = await inTime(reader.read(), bounds.idle_ms, silent)
      if (done) break
      bytes += value.length
      if (bytes > bounds.most_bytes)
        throw new SluiceError('frame_too_large', `the body is larger than ${bounds.most_bytes} bytes`)
      chunks.push(value)
    }
  } catch (error) {
    leave()
    if (error instanceof SluiceError) throw error
    throw new SluiceError('upstream_failed', 'the body broke off', { cause: error })
  } finally {
    bounds.signal?.removeEventListener('abort', leave)
  }
  const whole = new Uint8Array(bytes)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
