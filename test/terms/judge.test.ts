/** Keeps what makes a rule care about an opinion: its own condition where it has one, else the judge's word. */
import { describe, expect, test } from 'vitest'
import { counts } from '../../src/terms/judge.ts'

describe('an opinion counts', () => {
  test.each([
    ['as a plain yes where no condition is given', { category: 'a' }, undefined, true],
    ['where its category is one of those asked for', { category: 'a' }, { category: ['b', 'a'] }, true],
    ['not where it is of another', { category: 'a' }, { category: 'b' }, false],
    [
      'not where the judge does not call it an offence, and the rule does not say how much is one',
      { category: 'a', score: 0.9, flagged: false },
      {},
      false,
    ],
    [
      'from the score on that a rule asks for, whatever the flag says',
      { category: 'a', score: 0.3, flagged: false },
      { at_least: 0.3 },
      true,
    ],
    ['not below it, whatever the flag says', { category: 'a', score: 0.2, flagged: true }, { at_least: 0.3 }, false],
    ['without a score as a plain yes', { category: 'a' }, { at_least: 0.3 }, true],
    ['from the severity on that a rule asks for', { category: 'a', severity: 2 }, { severity_at_least: 2 }, true],
    ['not below it', { category: 'a', severity: 1 }, { severity_at_least: 2 }, false],
    [
      'not where one of two conditions is not met',
      { category: 'a', score: 0.9, severity: 1 },
      { at_least: 0.5, severity_at_least: 2 },
      false,
    ],
  ])('%s', (_, opinion, where, yes) => {
    expect(counts(opinion, where)).toBe(yes)
  })
})
