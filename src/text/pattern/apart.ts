/** Taking rules out of the automaton's attempts and putting them back, for the while that every start of theirs counts. */
import type { Automaton, Present } from './automaton.ts'
import type { Desk } from './desk.ts'
import { past } from './merged.ts'
import type { Off } from './off.ts'
import type { Registers } from './registers.ts'
import { Spans } from './spans.ts'
import type { Attempts } from './stepper.ts'

/** @returns the attempts that are not of rules switched off; `from` says which group each was. */
export function without({ nodes, ends, groups }: Attempts, { flags }: Off, ruleOf: Int32Array): Attempts & { from: number[] } {
  const kept: number[] = []
  const keptEnds: number[] = []
  const from: number[] = []
  for (let group = 0, i = 0; group < groups; group++) {
    const before = kept.length
    for (; i < ends[group]!; i++) if (flags?.[ruleOf[nodes[i]!]!] !== 1) kept.push(nodes[i]!)
    if (kept.length === before) continue
    keptEnds.push(kept.length)
    from.push(group)
  }
  return { nodes: Int32Array.from(kept), ends: Int32Array.from(keptEnds), groups: keptEnds.length, from }
}

/** Rules of which this unit would leave an attempt that has grown too old, and so hide younger ones that have not. */
export function tooOld(automaton: Automaton, present: Present, starts: Registers, at: number, unitClass: number): number[] {
  const { merged, stepper } = automaton
  const { ruleOf, mostOf, ageOf, kindOf, missing } = merged
  const rules = new Set<number>()
  for (let group = 0, i = 0; group < present.groups; group++)
    for (; i < present.ends[group]!; i++) {
      const node = present.nodes[i]!
      const rule = ruleOf[node]!
      if (mostOf[rule] === 0 || kindOf[node]! & past) continue
      for (const target of stepper.follow.targets(node, unitClass))
        if (ageOf[target]! <= 0 && at + 1 + missing[target]! - starts[group]! > mostOf[rule]!) rules.add(rule)
    }
  return [...rules]
}

/** Reads one rule's live attempts again from the text kept, now with every start. */
export function followApart(
  { merged, stepper }: Automaton,
  rule: number,
  present: Present,
  starts: Registers,
  { at, history, classOf, accepts }: Desk,
): Spans {
  const open = new Set<number>()
  let first = at
  for (let group = 0, i = 0; group < present.groups; group++)
    for (; i < present.ends[group]!; i++) {
      const node = present.nodes[i]!
      if (merged.ruleOf[node] !== rule) continue
      first = Math.min(first, starts[group]!)
      open.add(merged.ageOf[node]!)
    }
  const known = first < at ? history.contextBefore(first) : { context: present.context, at }
  const classAt = (position: number) => classOf[history.unit(position)]!
  let context = stepper.within(known.context)
  for (let position = known.at; position < first; position++) context = stepper.after(context, classAt(position))
  const spans = new Spans(stepper, rule, context, first)
  for (let position = first; position < at; position++) spans.step(classAt(position), accepts)
  spans.keepAges(open)
  return spans
}
