/** The report says beforehand what a pattern costs, and what to change where that is much. */
import { describe, expect, test } from 'vitest'
import { compilePattern } from '../../src/checks/pattern-compile.ts'
import { mostStates, patternReport } from '../../src/checks/pattern-report.ts'

describe('the report on a pattern', () => {
  test('a literal is cheap, and nothing is to be changed', () => {
    const report = patternReport(compilePattern('sk-[a-z]{20}'))
    expect(report).toMatchObject({ shortest: 23, longest: 23, advice: [] })
    expect(report.states).toBeLessThan(100)
    expect(report.held.english).toBeLessThan(0.2)
    expect(report.held.chinese).toBeLessThan(0.01)
  })

  test('what begins like any word holds every word', () => {
    const report = patternReport(compilePattern('\\w+@\\w+\\.com', { most: 100 }))
    expect(report.held.english).toBeGreaterThan(1)
    expect(report.advice.join()).toMatch(/ordinary English.*begin it with signs that are rare/)
  })

  test('a long span is more than a policy allows to hold', () => {
    const report = patternReport(compilePattern('<<.*>>', { most: 9000 }))
    expect(report.longest).toBe(9000)
    expect(report.advice.join()).toMatch(/9000 units may be held/)
  })

  test('counted classes that can begin anywhere make too many states', () => {
    const report = patternReport(compilePattern('(?:a|[ab][^x]){3,40}c'))
    expect(report.states).toBe(mostStates)
    expect(report.advice.join()).toMatch(/under way at once/)
  })

  test('whoever follows the advice on a literal that may stand in its own rest has fewer states', () => {
    const key = 'sk-[A-Za-z0-9_-]{20,200}'
    expect(patternReport(compilePattern(key)).advice.join()).toContain('(?<![\\w-])')
    expect(patternReport(compilePattern(`(?<![\\w-])${key}`)).states).toBeLessThan(mostStates / 2)
  })
})
