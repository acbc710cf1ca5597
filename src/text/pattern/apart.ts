/** Taking rules out of the automaton's attempts and putting them back, for the while that every start of theirs counts. */
import type { Automaton, Present } from './automaton.ts'
import type { Desk } from './desk.ts'
import { past } from './merged.ts'
import type { Off } from './off.ts'
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
export function tooOld(automaton: Automaton, present: Present, starts: Int32Array, at: number, unitClass: number): number[] {
  const { edgesAt, edges, sets, words, ruleOf, mostOf, ageOf, kindOf, missing } = automaton.merged
  const rules = new Set<number>()
  for (let group = 0, i = 0; group < present.groups; group++)
    for (; i < present.ends[group]!; i++) {
      const node = present.nodes[i]!
      const rule = ruleOf[node]!
      if (mostOf[rule] === 0 || kindOf[node]! & past) continue
      for (let e = edgesAt[node]!; e < edgesAt[node + 1]!; e += 2) {
        if (((sets[edges[e]! * words + (unitClass >> 5)]! >>> (unitClass & 31)) & 1) === 0) continue
        const target = edges[e + 1]!
        if (ageOf[target]! <= 0 && at + 1 + missing[target]! - starts[group]! > mostOf[rule]!) rules.add(rule)
      }
    }
  return [...rules]
}

/** Reads one rule's live attempts again from the text kept, now with every start. */
export function followApart(
  automaton: Automaton,
  rule: number,
  present: Present,
  starts: Int32Array,
  { at, history, classOf, accepts }: Desk,
): Spans {
  const { merged } = automaton
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
  const machine = merged.machineOf[rule]!
  let before = known.context.states[machine]!
  const text = history.slice(known.at, at)
  const classAt = (position: number) => classOf[text.charCodeAt(position - known.at)]!
  for (let position = known.at; position < first; position++)
    before = merged.machines[merged.machinesAt[machine]! + before * merged.classes + classAt(position)]!
  const spans = new Spans(merged, rule, before, first)
  for (let position = first; position < at; position++) spans.step(classAt(position), accepts)
  spans.keepAges(open)
  return spans
}
