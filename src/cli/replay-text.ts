/** Replays a text through the text gate, as the answer of a stream would go. */
import { SluiceError } from '../errors.ts'
import { TextGate } from '../gate/text-gate.ts'
import type { Plan } from '../terms/plan.ts'
import { Held } from './held.ts'
import type { Origin, Replayed } from './replay-record.ts'
import { piecesOf, type Split } from './split.ts'

export interface TextInput {
  readonly kind: 'text'
  readonly origin: Origin
  /** The pieces it was recorded in. */
  readonly deltas: readonly string[]
}

export function replayText(plan: Plan, { origin, deltas }: TextInput, split: Split): Replayed {
  const gate = new TextGate(plan)
  const held = new Held()
  const faults: string[] = []
  let released = ''
  try {
    for (const piece of piecesOf(split, deltas.join(''), deltas, origin.input)) {
      released += gate.push(piece)
      held.add(gate.isCut ? 0 : gate.held)
      if (gate.isCut) break
    }
    released += gate.end()
  } catch (error) {
    faults.push(error instanceof SluiceError ? error.code : 'internal')
  }
  const { watch } = gate
  const findings = watch.findings.list().map(({ rule: index, start, end }) => ({ rule: ruleOf(plan, index), start, end }))
  const masking = findings.filter(({ rule }) => rule.action === 'mask' && rule.mode === 'enforce').map(({ rule }) => rule.id)
  const by = watch.cut?.by ?? plan.rules.map(({ id }) => id).filter((id) => masking.includes(id))
  const verdict = faults.length > 0 ? 'fault' : watch.cut !== undefined ? 'cut' : masking.length > 0 ? 'mask' : 'clear'
  return {
    record: {
      id: origin.id,
      input: origin.input,
      channel: watch.channel.name,
      verdict,
      by,
      released,
      findings: findings.map(({ rule, start, end }) => ({ rule: rule.id, start, end, action: rule.action })),
      cut_at: watch.cut === undefined ? null : watch.clear,
      held: held.summary(),
      inquiries: 0,
      faults,
      terminal: 'stop',
    },
    held,
  }
}

function ruleOf(plan: Plan, index: number) {
  const rule = plan.rules[index]
  if (rule === undefined) throw new RangeError(`the plan has no rule ${index}`)
  return rule
}
