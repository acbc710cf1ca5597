/** What clients and proxies prove themselves by, compared without telling by the time it takes how much of it was right. */
import { sha256 } from '../policy/hash.ts'

/** By this header the operator's own proxy proves itself. It never goes upstream. */
export const proxyHeader = 'x-sluice-proxy-secret'

/** Lower-case hex of a secret's SHA-256, as `sluice key-hash` prints it. */
export function secretHash(secret: string): string {
  return sha256(new TextEncoder().encode(secret))
}

/** Compares two hashes in a time that depends on nothing. */
export function sameHash(one: string, other: string): boolean {
  let different = one.length ^ other.length
  for (let at = 0; at < one.length; at += 1) different |= one.charCodeAt(at) ^ other.charCodeAt(at)
  return different === 0
}

/** Where clients of any provider bring their key; of a bearer's what follows the word. */
const keyHeaders = ['authorization', 'api-key', 'x-api-key', 'x-goog-api-key']
const keyParameters = ['key', 'access_token']

/** Every key a request brings, each once. */
export function clientKeys(headers: Headers, url: URL): string[] {
  const brought = [
    ...keyHeaders.map((name) => headers.get(name)?.replace(/^bearer\s+/i, '')),
    ...keyParameters.flatMap((name) => url.searchParams.getAll(name)),
  ]
  return [...new Set(brought.map((key) => key?.trim()).filter((key) => key !== undefined && key !== ''))] as string[]
}
