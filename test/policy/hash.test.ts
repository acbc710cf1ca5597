/** A content hash is the SHA-256 everybody else computes, of what is said and not of how it was laid out. */
import { expect, test } from 'vitest'
import { contentHash, sha256 } from '../../src/policy/hash.ts'

test('sha256 agrees with the platform at every length around its blocks', async () => {
  for (const length of [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 70_001]) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 31 + length) & 255)
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    expect(sha256(bytes)).toBe(Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''))
  }
})

test('the order of keys does not matter, the order of entries does', () => {
  expect(contentHash({ a: 1, b: { c: 2, d: 3 } })).toBe(contentHash({ b: { d: 3, c: 2 }, a: 1 }))
  expect(contentHash([1, 2])).not.toBe(contentHash([2, 1]))
  expect(contentHash({ a: undefined })).toBe(contentHash({}))
})
