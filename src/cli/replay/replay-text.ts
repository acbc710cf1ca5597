/** Replays a text through the text gate, as the answer of a stream would go. */
import { SluiceError } from '../../errors.ts'
import type { JudgeAskers } from '../../terms/judge.ts'
import type { Plan, Rule } from '../../terms/plan.ts'
import { HeardText } from '../judging/heard-text.ts'
import { JudgeTally } from '../judging/judge-tally.ts'
import { Held } from './held.ts'
import { type Origin, type Replayed, ruling } from './replay-record.ts'
import { piecesOf, type Split } from './split.ts'

export interface TextInput {
  readonly kind: 'text'
  readonly origin: Origin
  /** The pieces it was recorded in. */
  readonly deltas: readonly string[]
}

export async function replayText(
  plan: Plan,
  { origin, deltas }: TextInput,
  split: Split,
  askers: JudgeAskers,
): Promise<Replayed> {
  const tally = new JudgeTally(askers)
  const heard = new HeardText(plan, tally.askers)
  const { gate } = heard
  const held = new Held()
  const broken: string[] = []
  let released = ''
  try {
    for (const piece of piecesOf(split, deltas.join(''), deltas, origin.input)) {
      const sent = heard.push(piece)
      released += typeof sent === 'string' ? sent : await sent
      held.add(gate.isCut ? 0 : gate.held)
      if (gate.isCut) break
    }
    released += await heard.end()
  } catch (error) {
    broken.push(error instanceof SluiceError ? error.code : 'internal')
  }
  const { watch } = gate
  const findings = watch.findings.list().map(({ rule: index, start, end }) => ({ ...ruleOf(plan, index), start, end }))
  const { inquiries, faults } = tally.of(watch.channel.name, watch.cut?.decided)
  return {
    record: {
      id: origin.id,
      input: origin.input,
      channel: watch.channel.name,
      ...ruling(
        plan,
        findings.map(({ id }) => id),
        watch.cut?.by,
        { broken, judged: faults },
      ),
      released,
      findings: findings.map(({ id: rule, start, end, action }) => ({ rule, start, end, action })),
      cut_at: watch.cut === undefined ? null : watch.clear,
      held: held.summary(),
      inquiries,
      faults: [...broken, ...faults],
      terminal: 'stop',
    },
    held,
  }
}

function ruleOf(plan: Plan, index: number): Rule {
  const rule = plan.rules[index]
  if (rule === undefined) throw new RangeError(`the plan has no rule ${index}`)
  return rule
}
