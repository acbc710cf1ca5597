/** Signs what is sent to an operator's own service, so that it can tell who asks, and when. */

const encoder = new TextEncoder()

/** HMAC-SHA-256 (RFC 2104) over UTF-8. */
export async function hmac(secret: string, message: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return hex(await crypto.subtle.sign('HMAC', key, encoder.encode(message)))
}

export async function sha256(message: string): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', encoder.encode(message)))
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * The headers of a signed request: `x-sluice-timestamp` (Unix seconds) and `x-sluice-signature` (`v1=` and, in hexadecimal,
 * HMAC-SHA-256 over the timestamp, a full stop and the body). A service checks the signature over the bytes it got and
 * refuses timestamps that are minutes old.
 */
export async function signed(secret: string, body: string, now = Date.now()): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000))
  return { 'x-sluice-timestamp': timestamp, 'x-sluice-signature': `v1=${await hmac(secret, `${timestamp}.${body}`)}` }
}
