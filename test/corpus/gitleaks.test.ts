/** Real rules of a secret scanner: each is compiled and does what it did there, or is refused with a reason; the refused are listed. */
import { describe, expect, test } from 'vitest'
import { patternMatcher } from '../../src/checks/pattern.ts'
import { compilePattern, PatternError } from '../../src/checks/pattern-compile.ts'
import type { PatternProgram } from '../../src/text/pattern/program.ts'
import { readJson, readRows } from './shared.ts'

/** What that engine spells in its own way, and we will not guess: the author writes `$`, `[A-Za-z0-9]`, `(?<name>…)`. */
const refused: Readonly<Record<string, RegExp>> = {
  'airtable-personnal-access-token': /POSIX classes/,
  'curl-auth-header': /Invalid escape/,
  'curl-auth-user': /Invalid escape/,
  'jwt-base64': /Invalid group/,
  'openshift-user-token': /Invalid escape/,
  'sentry-org-token': /Invalid escape/,
}

/** Without an end, so that a policy has to say how long a span to look for. */
const endless = [
  '1password-service-account-token',
  'facebook-page-access-token',
  'flyio-access-token',
  'freemius-secret-key',
  'generic-api-key',
  'jwt',
  'kubernetes-secret-yaml',
  'microsoft-teams-webhook',
  'nuget-config-password',
  'private-key',
  'slack-app-token',
  'slack-bot-token',
  'slack-legacy-token',
  'yandex-access-token',
]

interface Rule {
  readonly id: string
  readonly regex_re2: string
}

interface Case {
  readonly id: string
  readonly rule: string
  readonly expected_match: boolean
  readonly parts: readonly string[]
}

const programs = new Map<string, PatternProgram>()
const refusals = new Map<string, string>()
const withoutEnd: string[] = []

for (const { id, regex_re2 } of readJson<Rule[]>('data/secrets/gitleaks_rules.json')) {
  try {
    programs.set(id, compilePattern(regex_re2))
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    if (/no longest match/.test(error.message)) {
      withoutEnd.push(id)
      programs.set(id, compilePattern(regex_re2, { most: 4000 }))
    } else refusals.set(id, error.message)
  }
}

describe('217 rules', () => {
  test('compile, or are refused for the reasons listed', () => {
    expect([...refusals.keys()].sort()).toEqual(Object.keys(refused).sort())
    for (const [id, message] of refusals) expect(message).toMatch(refused[id] as RegExp)
    expect(withoutEnd.sort()).toEqual(endless)
    expect(programs.size + refusals.size).toBe(217)
  })

  const cases = readRows<Case>('data/secrets/gitleaks_cases.jsonl').filter(
    ({ rule, expected_match }) => expected_match && programs.has(rule),
  )

  // Cases that are not to be found are rejected there by entropy and word lists, which are no part of the expressions.
  test.each(cases)('$rule finds $id, in pieces and whole', ({ rule, parts }) => {
    const matcher = patternMatcher([
      { rule: 0, effect: { holds: true, stops: false }, spec: programs.get(rule) as PatternProgram },
    ])
    const read = (pieces: readonly string[]) => {
      const run = matcher.open()
      for (const piece of pieces) run.push(piece)
      run.end()
      return run.take()
    }
    expect(read(parts).length).toBeGreaterThan(0)
    expect(read([parts.join('')])).toEqual(read(parts))
  })
})
