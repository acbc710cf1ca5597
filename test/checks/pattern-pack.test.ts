/** Packed patterns are the same patterns, wherever their bytes lie, and bytes that are none are refused. */
import { describe, expect, test } from 'vitest'
import { compileNumber } from '../../src/checks/numbers-compile.ts'
import { patternMatcher } from '../../src/checks/pattern.ts'
import { compilePattern } from '../../src/checks/pattern-compile.ts'
import { loadPatterns, packPatterns } from '../../src/checks/pattern-pack.ts'
import type { Matcher } from '../../src/terms/matcher.ts'

const rules = [
  { rule: 2, effect: { holds: true, stops: false }, spec: compileNumber('iban') },
  { rule: 5, effect: { holds: false, stops: false }, spec: compilePattern('\\bb+\\b', { most: 3 }) },
  { rule: 9, effect: { holds: true, stops: true }, spec: compilePattern('stop(?!ped)|s(?=top)') },
]
const text = 'to GB29 NWBK 6016 1331 9268 19 bb bbbb b, stopped, stop it'

function read(matcher: Matcher) {
  const run = matcher.open()
  const steps = text.split('').map((unit) => [run.push(unit), run.safeTo, run.take()])
  run.end()
  return [...steps, run.take()]
}

describe('packed patterns', () => {
  const bytes = packPatterns(rules)

  test('find, hold and halt as those they were packed from', () => {
    expect(read(loadPatterns(bytes))).toEqual(read(patternMatcher(rules)))
  })

  test('may lie anywhere in a buffer', () => {
    for (const offset of [1, 2, 4]) {
      const larger = new Uint8Array(bytes.length + offset)
      larger.set(bytes, offset)
      expect(read(loadPatterns(larger.subarray(offset)))).toEqual(read(patternMatcher(rules)))
    }
  })

  test('no rules are packed too', () => {
    const run = loadPatterns(packPatterns([])).open()
    expect([run.push('abc'), run.safeTo, run.take()]).toEqual([3, 3, []])
  })

  test('anything else is refused', () => {
    expect(() => loadPatterns(new Uint8Array(0))).toThrow(RangeError)
    expect(() => loadPatterns(bytes.subarray(0, bytes.length - 4))).toThrow(RangeError)
    expect(() => loadPatterns(new Uint8Array(bytes.length + 8).fill(7))).toThrow(RangeError)
    const other = bytes.slice()
    const head = new Uint32Array(other.buffer)[0] as number
    new Uint32Array(other.buffer)[1 + head]! += 1
    expect(() => loadPatterns(other)).toThrow(RangeError)
  })
})
