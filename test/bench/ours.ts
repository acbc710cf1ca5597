/** Our own engines behind the doors the peers stand behind, and the plans that are measured. */
import { type PatternProgram, patternMatcher } from '../../src/checks/pattern.ts'
import { compilePattern } from '../../src/checks/pattern-compile.ts'
import { wordsMatcher } from '../../src/checks/words.ts'
import { TextGate } from '../../src/gate/text-gate.ts'
import { createPlan } from '../../src/index.ts'
import type { Matcher } from '../../src/terms/matcher.ts'
import type { Plan } from '../../src/terms/plan.ts'
import type { Job } from './measure.ts'
import { benchPatterns } from './patterns.ts'

/** Masks hold text back, as most rules of most policies do. */
const masking = { holds: true, stops: false } as const

/** One rule of plain terms: what the peers can do too. */
export function plainWords(terms: readonly string[]): Matcher {
  return wordsMatcher([{ rule: 0, effect: masking, spec: { terms, except: [], fold: 'none', boundary: 'none' } }])
}

/** The rules whose words the gate's plan looks for: English ones as whole words, in any case. */
export function wordRules(english: readonly string[], chinese: readonly string[]) {
  return [
    { rule: 0, effect: masking, spec: { terms: english, except: [], fold: 'case', boundary: 'word' } },
    { rule: 1, effect: masking, spec: { terms: chinese, except: [], fold: 'case', boundary: 'none' } },
  ] as const
}

export function compiledPatterns(): PatternProgram[] {
  return benchPatterns.map(({ source, most }) => compilePattern(source, most === undefined ? {} : { most }))
}

export function allPatterns(programs: readonly PatternProgram[]): Matcher {
  return patternMatcher(programs.map((spec, rule) => ({ rule, effect: masking, spec })))
}

/** What a mask writes; no rule finds it. */
export const replacement = '***'

/** One rule that masks plain terms, for streams of redacted text beside those of the peers. */
export function maskingPlan(terms: readonly string[]): Plan {
  return createPlan({
    rules: [{ id: 'words', action: 'mask', with: replacement, words: { terms, fold: 'none', boundary: 'none' } }],
  })
}

/**
 * The whole policy of the targets: two lists and fifty patterns, folding on, everything masked.
 *
 * @param without ids of patterns to leave out.
 */
export function fullPlan(
  english: readonly string[],
  chinese: readonly string[],
  programs: readonly PatternProgram[],
  without: readonly string[] = [],
): Plan {
  const patterns = benchPatterns.flatMap(({ id }, index) => {
    const pattern = programs[index]
    return pattern === undefined || without.includes(id) ? [] : [{ id, action: 'mask' as const, with: replacement, pattern }]
  })
  return createPlan({
    rules: [
      { id: 'english', action: 'mask', with: replacement, words: { terms: english, fold: 'case', boundary: 'word' } },
      { id: 'chinese', action: 'mask', with: replacement, words: { terms: chinese, fold: 'case', boundary: 'none' } },
      ...patterns,
    ],
  })
}

/** Reads the whole text in one call. @returns the number of findings. */
export function findWhole(matcher: Matcher, text: string): number {
  const run = matcher.open()
  run.push(text)
  let found = run.take().length
  run.end()
  found += run.take().length
  return found
}

/** Reads piece by piece and asks after each what was found and how far the text is safe, as the gate does. */
export function findPieces(matcher: Matcher, pieces: readonly string[]): { found: number; safe: number } {
  const run = matcher.open()
  let found = 0
  let safe = 0
  for (const piece of pieces) {
    run.push(piece)
    found += run.take().length
    safe += run.safeTo
  }
  run.end()
  found += run.take().length
  return { found, safe }
}

export function gatePieces(plan: Plan, pieces: readonly string[]): string[] {
  const gate = new TextGate(plan)
  const released = pieces.map((piece) => gate.push(piece))
  released.push(gate.end())
  return released
}

/** Sends the pieces through a gate and counts what comes out, piece by piece: nothing is put together. */
export function gateJob(plan: Plan, pieces: readonly string[], units: number): Job {
  return {
    units,
    run() {
      const gate = new TextGate(plan)
      let released = 0
      for (const piece of pieces) released += gate.push(piece).length
      return released + gate.end().length
    },
  }
}

/** Units held after each piece: mean and 99th percentile. */
export function heldBy(plan: Plan, pieces: readonly string[]): { mean: number; p99: number } {
  const gate = new TextGate(plan)
  const held = Float64Array.from(pieces, (piece) => {
    gate.push(piece)
    return gate.held
  }).sort()
  const mean = held.reduce((sum, units) => sum + units, 0) / held.length
  return { mean, p99: held[Math.floor(held.length * 0.99)] ?? 0 }
}
