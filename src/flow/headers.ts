/** Which headers go on with a body that may be another: the client's to the upstream, the upstream's to the reader. */

/**
 * What belongs to one connection (RFC 9110, 7.6.1). Node refuses to send most of it: a client that sent its body in chunks got
 * no answer.
 */
const ofTheConnection = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/**
 * What describes a body that may be rewritten: the runtime has decoded the content; lengths, ranges, digests (RFC 9530) and
 * what was signed over them (RFC 9421) no longer hold. The upstream's cookies are not the reader's, and what it orders for its
 * own site (that it be asked over TLS only, or elsewhere) would be taken for ours.
 */
const dropped = [
  ...ofTheConnection,
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

/**
 * The client's headers for a request with this body. Node sends whatever length the headers tell, and the upstream would wait
 * for the rest.
 *
 * @param body undefined where the request has none.
 */
export function requestHeaders(client: Headers, body: string | undefined): Headers {
  const headers = without([...ofTheConnection, 'expect', 'content-length'], client)
  if (body !== undefined) headers.set('content-length', String(new TextEncoder().encode(body).length))
  return headers
}

export function responseHeaders(upstream: Headers, id: string): Headers {
  const headers = without(dropped, upstream)
  headers.set('x-sluice-id', id)
  return headers
}

function without(names: readonly string[], given: Headers): Headers {
  const headers = new Headers(given)
  for (const name of (headers.get('connection') ?? '').split(',')) if (name.trim() !== '') headers.delete(name.trim())
  for (const name of names) headers.delete(name)
  return headers
}

/** Streams must not be cached or buffered on the way (nginx reads `x-accel-buffering`). */
export function streamHeaders(upstream: Headers, id: string): Headers {
  const headers = responseHeaders(upstream, id)
  headers.set('cache-control', 'no-cache, no-transform')
  headers.set('x-accel-buffering', 'no')
  return headers
}
