/** The door to the kinds of judge: from judges as a plan has them to those who ask them. */
import type { AskJudge, Judge, JudgeAskers } from '../terms/judge.ts'
import { http } from './http.ts'
import { type Means, Setup } from './means.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiModeration } from './openai-moderation.ts'
import { workersAi } from './workers-ai.ts'

export type { Means } from './means.ts'

const kinds: Readonly<Record<string, (setup: Setup) => AskJudge>> = {
  openai_moderation: openaiModeration,
  openai_chat: openaiChat,
  workers_ai: workersAi,
  http,
}

/**
 * Who asks each judge, by the judge's name. Judges of kind `embedded` are left out: whoever embeds them brings their askers.
 *
 * What is wrong with a judge is told here, before there is a question. Asking never throws; it answers with a fault.
 *
 * @throws SluiceError `configuration` where a variable, a binding or a field is missing or wrong: names the judge and the
 *   variable, never a value.
 */
export function judgeAskers(judges: readonly Judge[], means: Means): JudgeAskers {
  const asked = judges.filter(({ kind }) => kind !== 'embedded')
  return Object.fromEntries(
    asked.map((judge) => {
      const setup = new Setup(judge, means)
      const kind = kinds[judge.kind]
      if (kind === undefined) throw setup.wrong(`is of a kind that there is not: ${judge.kind}`)
      return [judge.name, kind(setup)]
    }),
  )
}
