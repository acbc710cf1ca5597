/** Streaming tests that peers publish, as facts: the same spans in the same chunks. */
import { describe, expect, test } from 'vitest'
import { everyPlainSplit } from '../generators/texts.ts'
import { planOf } from '../laws/plan.ts'
import { readText } from '../laws/read-text.ts'
import type { OracleRule } from '../oracle/policy.ts'
import { readRows } from './shared.ts'

interface Row {
  readonly id: string
  readonly name: string
  readonly chunks: readonly string[]
  readonly policy: { readonly detectors?: readonly string[] }
  readonly expected_segments?: readonly {
    readonly start: number
    readonly detections: readonly { readonly start: number; readonly end: number }[]
  }[]
  readonly expected_text?: string
}

/** The peers' detectors find what stands between brackets of a kind. */
const detectors: Record<string, OracleRule> = {
  '<...>': { id: 'angles', action: 'flag', pattern: { source: '(?<=<)[^<>]{1,40}(?=>)' } },
  '(...)': { id: 'rounds', action: 'flag', pattern: { source: '(?<=\\()[^()]{1,40}(?=\\))' } },
}

describe('streaming redaction', () => {
  for (const { id, name, chunks, policy, expected_segments = [], expected_text } of readRows<Row>(
    'data/peers/streaming_redaction.jsonl',
  )) {
    test(`${id} ${name}`, () => {
      const text = chunks.join('')
      const plan = planOf({ rules: (policy.detectors ?? []).map((detector) => detectors[detector] as OracleRule) })
      // Theirs are counted from the segment they were found in.
      const spans = expected_segments.flatMap((segment) =>
        segment.detections.map(({ start, end }) => ({ start: segment.start + start, end: segment.start + end })),
      )
      for (const pieces of [chunks, ...everyPlainSplit(text)]) {
        const { released, findings } = readText(plan, pieces)
        expect(released).toBe(expected_text ?? text)
        expect(findings.map(({ start, end }) => ({ start, end }))).toEqual(spans)
      }
    })
  }
})
