/** A plan's patterns as bytes and back: what a compiled policy carries in place of regular expressions. */
import type { Matcher } from '../terms/matcher.ts'
import { flatten, unflatten } from '../text/pattern/flat.ts'
import { merge } from '../text/pattern/merged.ts'
import { type MatcherOptions, matcherOf, type PatternProgram } from './pattern.ts'
import type { RuleFor } from './rule.ts'

interface Head {
  readonly rules: readonly { readonly rule: number; readonly holds: boolean; readonly stops: boolean; readonly check?: string }[]
}

/** @returns bytes: the length of the head in units of four, the head as padded JSON, the merged patterns. */
export function packPatterns(rules: readonly RuleFor<PatternProgram>[]): Uint8Array {
  const head: Head = {
    rules: rules.map(({ rule, effect, spec }) => ({
      rule,
      ...effect,
      ...(spec.check === undefined ? {} : { check: spec.check }),
    })),
  }
  const flat = flatten(merge(rules.map(({ spec }) => spec)))
  const json = new TextEncoder().encode(JSON.stringify(head))
  const padded = Math.ceil(json.length / 4) * 4
  const bytes = new Uint8Array(4 + padded + flat.byteLength).fill(0x20)
  new Uint32Array(bytes.buffer)[0] = padded / 4
  bytes.set(json, 4)
  bytes.set(new Uint8Array(flat.buffer), 4 + padded)
  return bytes
}

/**
 * @param bytes what `packPatterns` made; they are looked at in place where they are aligned, and must not change.
 * @throws RangeError where they are not such bytes, or of another format.
 */
export function loadPatterns(bytes: Uint8Array, options?: MatcherOptions): Matcher {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 2)
  const padded = words[0] ?? -1
  const merged = padded >= 0 && padded < words.length ? unflatten(words.subarray(1 + padded)) : undefined
  if (!merged) throw new RangeError('not packed patterns of this format')
  const { rules } = JSON.parse(new TextDecoder().decode(aligned.subarray(4, 4 + padded * 4))) as Head
  return matcherOf(
    merged,
    rules.map(({ rule, holds, stops }) => ({ rule, effect: { holds, stops } })),
    rules.map(({ check }) => check),
    options,
  )
}
