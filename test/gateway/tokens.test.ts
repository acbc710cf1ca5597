/** The tokenizer counts by a table in tiktoken's form, loads it once, and only when it is asked. */
import { describe, expect, test } from 'vitest'
import { tokenizer } from '../../src/gateway/tokens.ts'

/** A table of these tokens, in the order of their ranks. */
function tableOf(tokens: readonly (string | readonly number[])[]): ArrayBuffer {
  const encoder = new TextEncoder()
  const lines = tokens.map((token, rank) => {
    const bytes = typeof token === 'string' ? encoder.encode(token) : Uint8Array.from(token)
    return `${btoa(String.fromCharCode(...bytes))} ${rank}`
  })
  return encoder.encode(lines.join('\n')).slice().buffer as ArrayBuffer
}

const letters = [...' abcdefghijklmnopqrstuvwxyz']
const bytes = Array.from({ length: 128 }, (_, byte) => [byte + 128])

describe('the tokenizer', () => {
  test('joins what the table joins: words, characters of several bytes, and bytes where a character is none', async () => {
    const count = await tokenizer(async () =>
      tableOf([...letters, ...bytes, 'he', 'll', 'hell', 'hello', ' w', [0xe6, 0xb0], '水']),
    )()
    expect(count('hello')).toBe(1)
    expect(count('hell w')).toBe(2)
    expect(count('水')).toBe(1)
    expect(count('水火')).toBe(4)
    expect(count('')).toBe(0)
  })

  test('takes its table when it is first asked, and once', async () => {
    let loads = 0
    const load = tokenizer(async () => {
      loads++
      return tableOf(letters)
    })
    expect(loads).toBe(0)
    await load()
    await Promise.all([load(), load()])
    expect(loads).toBe(1)
  })

  test('does not wait for a table that somebody else waits for, and may never get', async () => {
    const tables: Promise<ArrayBuffer>[] = [new Promise(() => {}), Promise.resolve(tableOf(letters))]
    const load = tokenizer(() => tables.shift() as Promise<ArrayBuffer>)
    void load()
    expect((await load())('ab')).toBe(2)
  })

  test('of a table that cannot be read counts nothing as a token of it, and does not hang', async () => {
    await expect(tokenizer(async () => Promise.reject(new Error('gone')))()).rejects.toThrow('gone')
    const load = tokenizer(async () => new TextEncoder().encode('no table at all').buffer as ArrayBuffer)
    await expect(load().then((count) => typeof count)).resolves.toBe('function')
  })
})
