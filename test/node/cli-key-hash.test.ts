/** `sluice key-hash` gives the hash by which a route knows a key, and takes the key from nowhere else than standard input. */
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { secretHash } from '../../src/gateway/secrets.ts'
import { Workplace } from './cli.ts'

let place: Workplace

beforeEach(() => {
  place = new Workplace()
})

afterEach(() => place.remove())

test('the hash is the SHA-256 that the service compares, the line end left out', async () => {
  const key = 'a-client-key-äöü'
  const hash = createHash('sha256').update(key).digest('hex')
  for (const input of [key, `${key}\n`, `${key}\r\n`])
    expect(await place.run(['key-hash'], input)).toEqual({ code: 0, out: `${hash}\n`, err: '' })
  expect(secretHash(key)).toBe(hash)
})

test.each(['', '\n', 'two keys', 'two\nkeys'])('%j is not one key', async (input) => {
  const { code, out, err } = await place.run(['key-hash'], input)
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain('standard input has to be one key')
})

test('a key on the command line is refused, and not repeated', async () => {
  const { code, out, err } = await place.run(['key-hash', 'my-secret'], 'my-secret')
  expect([code, out]).toEqual([2, ''])
  expect(err).not.toContain('my-secret')
})
