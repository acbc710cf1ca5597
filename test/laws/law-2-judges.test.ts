/** Law 2 with judges: however late and in whatever order they answer, what is read is what it would be if they answered at once. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Gate } from '../../src/gate/gate.ts'
import { TextGate } from '../../src/gate/text-gate.ts'
import type { Inquiry } from '../../src/terms/judge.ts'
import { plainFrame, plainLens } from '../gate/plain-plan.ts'
import { answerOf, someJudgedPolicy } from '../generators/judges.ts'
import { patience, runs } from '../generators/settings.ts'
import { divide, somePlaces } from '../generators/texts.ts'
import type { OracleJudge } from '../oracle/judges.ts'
import { inForce, type OraclePolicy, type OracleRule } from '../oracle/policy.ts'
import { tellText } from '../oracle/text.ts'
import { planOf } from './plan.ts'

const someCase = fc.oneof(someJudgedPolicy(), someJudgedPolicy({ fails: true }))

describe('law 2 with judges', () => {
  test(
    'late answers in any order make no other outcome than prompt ones',
    () => {
      fc.assert(
        fc.property(
          someCase,
          fc.array(fc.constantFrom('a', 'b', 'c', 'x', ' ', '. ', '.', '。', '\n', 'ab', '炸弹', '\u{1f600}'), { maxLength: 12 }),
          somePlaces,
          fc.array(fc.nat(3), { minLength: 1, maxLength: 8 }),
          (policy, parts, places, delays) => {
            const text = parts.join('')
            const meant = tellText(policy, text)
            // Nothing waits for a judge that only flags, so a cut may come before its answer.
            const awaited = [...policy.rules, ...(policy.judged ?? [])]
              .filter(({ id }) => isAwaited(policy, id))
              .map(({ id }) => id)
            const told = meant.findings.filter(({ rule }) => awaited.includes(rule))
            const judges = new Map((policy.judges ?? []).map((judge) => [judge.name, judge]))
            const recorded: unknown[] = []
            for (const pieces of [text.split(''), [text], divide(text, places)]) {
              const got = readJudged(policy, pieces, judges, delays)
              const findings = got.findings.filter(({ rule }) => awaited.includes(rule as string))
              expect({ ...got, findings }).toEqual({ released: meant.released, findings: told, cut: meant.cut })
              const text = readHeard(policy, pieces, judges)
              recorded.push(got.findings, text.findings)
              const heard = text.findings.filter(({ rule }) => awaited.includes(rule as string))
              expect({ ...text, findings: heard }).toEqual({ released: meant.released, findings: told, cut: meant.cut })
            }
            // What nothing waits for is recorded all the same, whatever was cut before its answer.
            for (const findings of recorded) expect(findings).toEqual(recorded[0])
          },
        ),
        runs(400),
      )
    },
    patience,
  )
})

function isAwaited(policy: OraclePolicy, id: string): boolean {
  const all = [...policy.rules, ...(policy.judged ?? [])] as (OracleRule & { judge?: string })[]
  const rule = all.find((one) => one.id === id) as OracleRule & { judge?: string }
  return (rule.judge ?? rule.ask?.judge) === undefined || inForce(policy, rule)
}

/** The gate for plain text, where somebody brings it the answers at once. */
function readHeard(policy: OraclePolicy, pieces: readonly string[], judges: ReadonlyMap<string, OracleJudge>) {
  const plan = planOf(policy)
  const gate = new TextGate(plan, undefined, 'hear')
  let released = ''
  for (const piece of [...pieces, undefined]) {
    released += piece === undefined ? gate.end() : gate.push(piece)
    for (let asked = gate.inquiries(); asked.length > 0; asked = gate.inquiries()) {
      for (const { id, judge, text, context } of asked)
        released += gate.settle(id, answerOf(judges.get(judge)?.says(text, context) ?? []))
    }
  }
  expect(gate.waits).toBe(false)
  const { watch } = gate
  const findings = watch.findings.list().map(({ rule, start, end }) => ({ rule: plan.rules[rule]?.id, start, end }))
  const cut = watch.cut && { at: watch.clear, decided: watch.cut.decided, by: watch.cut.by }
  return { released, findings, cut }
}

function readJudged(
  policy: OraclePolicy,
  pieces: readonly string[],
  judges: ReadonlyMap<string, OracleJudge>,
  delays: readonly number[],
) {
  const plan = planOf(policy)
  let released = ''
  const gate = new Gate(plan, plainLens, 1, {
    released: (_, text) => {
      released += text
    },
  })
  const open: { inquiry: Inquiry; due: number }[] = []
  let now = 0
  let asked = 0
  const ask = (): void => {
    for (const inquiry of gate.inquiries()) open.push({ inquiry, due: now + (delays[asked++ % delays.length] as number) })
  }
  const answer = (all: boolean): void => {
    for (let index = open.length - 1; index >= 0; index--) {
      const { inquiry, due } = open[index] as (typeof open)[number]
      if (!all && due > now) continue
      open.splice(index, 1)
      const said = judges.get(inquiry.judge)?.says(inquiry.text, inquiry.context) ?? []
      gate.settle(inquiry.id, answerOf(said))
      gate.flush()
    }
    ask()
  }
  for (const piece of [...pieces, undefined]) {
    if (!gate.over) gate.read(plainFrame(piece === undefined ? { finish: '0' } : { say: { answer: piece } }))
    gate.flush()
    ask()
    answer(false)
    now++
  }
  for (let turns = 0; open.length > 0; turns++) {
    if (turns > 1000) throw new Error('questions without end')
    answer(true)
  }
  gate.flush()
  expect(gate.waits).toBe(false)
  const watch = gate.watches[0]
  const findings = (watch?.findings.list() ?? []).map(({ rule, start, end }) => ({ rule: plan.rules[rule]?.id, start, end }))
  const cut = watch?.cut && { at: watch.clear, decided: watch.cut.decided, by: watch.cut.by }
  return { released, findings, cut }
}
