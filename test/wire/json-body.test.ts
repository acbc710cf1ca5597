/** A JSON body is a frame only if what was parsed is all that its bytes say. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bodyFrame, keysIn, readRecord, roundsNumbers } from '../../src/wire/json-body.ts'
import { runs } from '../generators/settings.ts'
import { bytesOf } from './events.ts'

function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const members = Object.values(value).reduce((sum: number, member) => sum + keysOf(member), 0)
  return members + (Array.isArray(value) ? 0 : Object.keys(value).length)
}

test('a text has as many keys as its value, whatever its strings hold', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), fc.nat(2), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      expect(keysIn(text)).toBe(keysOf(JSON.parse(text)))
    }),
    runs(300),
  )
}, 60_000)

test('repeated keys are counted each time', () => {
  expect(keysIn('{"a":1,"a":{"b":":"},"\\"":"\\\\","a" : 2}')).toBe(5)
  expect(keysIn('{"__proto__":{},"__proto__":{}}')).toBe(2)
})

test('only a JSON record is a frame', () => {
  for (const data of ['', 'x', '[1]', '"a"', '1', 'null', '{"a":1', '{"a":1}x']) {
    expect(() => readRecord(data), data).toThrow(expect.objectContaining({ code: 'unreadable_frame' }))
  }
})

test('no error says what it could not read', () => {
  expect(() => readRecord('a secret')).toThrow(/^(?!.*secret)/)
})

test('a body is one frame of its very bytes', () => {
  const bytes = bytesOf('\n\n \ufeff{"a":1}')
  expect(bodyFrame(bytes)).toEqual({ bytes, data: '\n\n \ufeff{"a":1}', event: undefined, asides: [] })
})

test('a number that is read as another one is noticed, and digits in strings are no numbers', () => {
  const digits = fc.stringMatching(/^[1-9]\d{0,24}$/)
  fc.assert(
    fc.property(digits, (number) => {
      const json = `{"a":[${number}],"b":"${number}"}`
      const read = (JSON.parse(json) as { a: number[] }).a[0] as number
      if (!roundsNumbers(json)) expect(BigInt(read)).toBe(BigInt(number))
      expect(roundsNumbers(`{"a":[1],"b":"${number} \\" ${number}"}`)).toBe(false)
    }),
    runs(300),
  )
  expect(roundsNumbers('{"a":1.2345678901234567}')).toBe(true)
  expect(roundsNumbers('{"a":123456789012345,"b":[-12.5e3,0.1]}')).toBe(false)
})
