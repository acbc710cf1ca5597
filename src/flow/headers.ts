/** Which of the upstream's response headers the reader gets. */

/**
 * Hop-by-hop headers (RFC 9110, 7.6.1) and what describes a body that may be rewritten: the runtime has decoded the content;
 * lengths, ranges, digests (RFC 9530) and what was signed over them (RFC 9421) no longer hold. The upstream's cookies are not
 * the reader's, and what it orders for its own site (that it be asked over TLS only, or elsewhere) would be taken for ours.
 */
const dropped = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'content-encoding',
  'content-md5',
  'content-digest',
  'repr-digest',
  'digest',
  'signature',
  'signature-input',
  'content-range',
  'accept-ranges',
  'etag',
  'last-modified',
  'set-cookie',
  'location',
  'refresh',
  'alt-svc',
  'strict-transport-security',
  'clear-site-data',
  'nel',
  'report-to',
  'reporting-endpoints',
  'x-sluice-id',
]

export function responseHeaders(upstream: Headers, id: string): Headers {
  const headers = new Headers(upstream)
  for (const name of (headers.get('connection') ?? '').split(',')) if (name.trim() !== '') headers.delete(name.trim())
  for (const name of dropped) headers.delete(name)
  headers.set('x-sluice-id', id)
  return headers
}

/** Streams must not be cached or buffered on the way (nginx reads `x-accel-buffering`). */
export function streamHeaders(upstream: Headers, id: string): Headers {
  const headers = responseHeaders(upstream, id)
  headers.set('cache-control', 'no-cache, no-transform')
  headers.set('x-accel-buffering', 'no')
  return headers
}
