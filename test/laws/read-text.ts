/** Pushes pieces of a text through the text gate and tells what came of it, in the oracle's words. */
import { TextGate } from '../../src/gate/text-gate.ts'
import type { Plan } from '../../src/terms/plan.ts'
import type { TextOutcome } from '../oracle/text.ts'

export interface Reading extends TextOutcome {
  /** After each piece: units read, units held, and what had been released. */
  readonly steps: readonly { readonly read: number; readonly held: number; readonly released: string }[]
}

export function readText(plan: Plan, pieces: readonly string[]): Reading {
  const gate = new TextGate(plan)
  const steps: { read: number; held: number; released: string }[] = []
  let released = ''
  let read = 0
  for (const piece of pieces) {
    released += gate.push(piece)
    read += piece.length
    if (gate.isCut) break
    steps.push({ read, held: gate.held, released })
  }
  released += gate.end()
  const { watch } = gate
  const findings = watch.findings.list().map(({ rule, start, end }) => ({ rule: plan.rules[rule]?.id ?? '', start, end }))
  const cut = watch.cut && { at: watch.clear, decided: watch.cut.decided, by: watch.cut.by }
  const masked = findings.some(({ rule }) =>
    plan.rules.some(({ id, action, mode }) => id === rule && action === 'mask' && mode === 'enforce'),
  )
  return { verdict: cut !== undefined ? 'cut' : masked ? 'mask' : 'clear', released, findings, cut, leaked: watch.leaked, steps }
}
