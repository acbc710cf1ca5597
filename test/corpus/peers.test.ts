/** Streaming tests that peers publish, as facts: the same spans in the same chunks. */
import { describe, expect, test } from 'vitest'
import { compileNumber } from '../../src/checks/numbers-compile.ts'
import { compilePattern } from '../../src/checks/pattern-compile.ts'
import type { RuleDefinition } from '../../src/policy/definition.ts'
import { createPlan } from '../../src/policy/plan.ts'
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

describe('content filter', () => {
  interface Filter {
    readonly id: string
    readonly name: string
    readonly text: string
    readonly policy: {
      readonly words?: readonly { readonly keyword: string; readonly action: string }[]
      readonly patterns?: readonly { readonly name: string; readonly regex?: string; readonly action: string }[]
      readonly category?: string
    }
    readonly expected_action?: 'block'
    readonly expected_text?: string
  }

  const does = (action: string, label: string) =>
    action === 'BLOCK' ? ({ action: 'cut' } as const) : ({ action: 'mask', with: `[${label}_REDACTED]` } as const)

  function rulesOf({ words = [], patterns = [] }: Filter['policy']): RuleDefinition[] {
    return [
      ...words.map(({ keyword, action }, index) => ({
        id: `w${index}`,
        words: { terms: [keyword] },
        ...does(action, 'KEYWORD'),
      })),
      ...patterns.map(({ name, regex, action }, index) => ({
        id: `p${index}`,
        pattern: regex === undefined ? compileNumber(name) : compilePattern(regex, { most: 64 }),
        ...does(action, name.toUpperCase()),
      })),
    ]
  }

  // A category of theirs is a list of theirs.
  const claimed = readRows<Filter>('data/peers/litellm_content_filter.jsonl').filter(
    ({ policy }) => policy.category === undefined,
  )

  test.each(claimed)('$id $name', ({ text, policy, expected_action, expected_text }) => {
    const plan = createPlan({ rules: rulesOf(policy) })
    for (const pieces of everyPlainSplit(text)) {
      const { verdict, released } = readText(plan, pieces)
      expect(verdict).toBe(expected_action === 'block' ? 'cut' : 'mask')
      if (expected_text !== undefined) expect(released).toBe(expected_text)
    }
  })
})
