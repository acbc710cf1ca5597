/** What the service writes is told to whoever develops in a line each: which policy ruled, what looked on, what was refused. */
import { expect, test } from 'vitest'
import { shownLine } from '../../src/cli/development/dev-lines.ts'

const trail = {
  sluice: 'trail',
  id: 'the-id',
  policy: { name: 'river', hash: 'ab12cd34'.repeat(8), mode: 'enforce' },
  verdict: 'clear',
  exit: 'done',
  findings: [],
  cuts: [],
  faults: [],
  units: { received: 5, released: 5, masked: 0 },
  judges: { inquiries: 0, units: 0, calls: 0, waited_ms: 0, tokens: null, faults: 0, each: {} },
  held: { max: 0 },
  ms: { first_byte: 1, total: 7 },
}

test('a record is a line', () => {
  expect(shownLine(JSON.stringify(trail))).toBe('clear · 5 of 5 units sent · nothing held · 7 ms · the-id')
})

test('a canary that ruled and a policy in the shadow stand in it', () => {
  const shadow = { verdict: 'cut', policy: { hash: 'ff'.repeat(32) } }
  const line = shownLine(JSON.stringify({ ...trail, policy: { ...trail.policy, part: 'canary' }, shadow }))
  expect(line).toContain(' · canary ab12cd34 · in the shadow cut by ffffffff · ')
})

test.each([
  ['current', 'What the store has for "river" is refused'],
  ['canary', 'The canary of "river" is refused'],
  ['shadow', 'What should look on beside "river" is refused'],
])('a refusal says what was refused: %s', (part, says) => {
  const record = {
    sluice: 'policy_refused',
    name: 'river',
    part,
    hash: '',
    code: 'plan_unreadable',
    detail: 'its seal does not fit',
  }
  expect(shownLine(`✘ [ERROR] ${JSON.stringify(record)}`)).toBe(`${says}, the policy before rules on: its seal does not fit`)
})
