/** Who answers for the judges where a text is only tried: nobody is asked unless somebody says so, and what was assumed is told. */
import { readFile } from 'node:fs/promises'
import { SluiceError } from '../../errors.ts'
import type { judgeAskers as askersOf } from '../../judges/index.ts'
import type { AskJudge, JudgeAskers } from '../../terms/judge.ts'
import type { Plan } from '../../terms/plan.ts'
import { CommandError } from '../command.ts'
import { unreadable } from '../policy-file.ts'
import type { Terminal } from '../terminal.ts'
import { answerOf, parseAnswers } from './answers.ts'

export interface Judging {
  /** What has to be said about it; undefined where they really are asked. */
  readonly declared: string | undefined
  readonly askers: (plan: Plan) => JudgeAskers
}

export const judgingUsage = `  --judges HOW     who answers where the policy has judges; told at the end
                     pass         nobody is asked, and they see nothing (the default)
                     ask          they are asked: what they need stands in environment variables, as the policy names them
                     fault        nobody is asked, and they fail: on_fault decides
                     FILE         what a file says (YAML or JSON): guard: [S11], or guard: timeout, for each judge`

/** @throws CommandError for a file that cannot be read or says no answers. */
export async function judgingFrom(how = 'pass'): Promise<Judging> {
  if (how === 'pass')
    return {
      declared: 'were not asked, and are taken to see nothing (--judges)',
      askers: everyone(async () => ({ kind: 'opinions', opinions: [] })),
    }
  if (how === 'ask') {
    // Loaded when it is called for: nobody else needs to wait for it.
    const { judgeAskers } = await import('../../judges/index.ts')
    return { declared: undefined, askers: (plan) => really(plan, judgeAskers) }
  }
  if (how === 'fault')
    return {
      declared: 'were not asked, and are taken to fail (--judges fault)',
      askers: everyone(async () => ({ kind: 'fault', fault: 'timeout', detail: '--judges fault' })),
    }
  const answers = parseAnswers(await textOf(how), how)
  return {
    declared: `were not asked, and are taken to say what ${how} says`,
    askers: everyone(
      async (question) => answerOf(answers, question) ?? { kind: 'fault', fault: 'refused', detail: `${how} does not name it` },
    ),
  }
}

/** Says what was assumed of a plan's judges, where it has any: on the side, so that programs' output stays what it is. */
export function declare(plan: Plan, { declared }: Judging, terminal: Terminal): void {
  if (plan.judges.length === 0 || declared === undefined) return
  const names = plan.judges.map(({ name }) => name).join(', ')
  terminal.complain(terminal.styled('yellow', `the judges of ${plan.name} (${names}) ${declared}`, 'complain'))
}

/** @throws CommandError `judge_unreachable` where something is missing that a judge needs. */
function really({ judges }: Plan, judgeAskers: typeof askersOf): JudgeAskers {
  try {
    return judgeAskers(judges, { variable: (name) => process.env[name], binding: () => undefined })
  } catch (error) {
    if (error instanceof SluiceError) throw new CommandError(error.message, 'judge_unreachable')
    throw error
  }
}

function everyone(ask: AskJudge): Judging['askers'] {
  return ({ judges }) => Object.fromEntries(judges.map(({ name }) => [name, ask]))
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw unreadable(file, error)
  }
}
