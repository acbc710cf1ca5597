/** From judges as a plan has them to those who ask them; what is wrong with a judge is told here, before there is a question. */
import type { AskJudge, Judge, JudgeAskers } from '../terms/judge.ts'
import { http } from './http.ts'
import { type Means, Setup } from './means.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiModeration } from './openai-moderation.ts'
import { steady } from './patience/steady.ts'
import { workersAi } from './workers-ai.ts'

const kinds: Readonly<Record<string, (setup: Setup) => AskJudge>> = {
  openai_moderation: openaiModeration,
  openai_chat: openaiChat,
  workers_ai: workersAi,
  http,
}

/**
 * Who asks a judge, once a question: without second tries, breaker and memory.
 *
 * @throws SluiceError `configuration` where a variable, a binding or a field is missing or wrong: names the judge and the
 *   variable, never a value.
 */
export function askerFor(judge: Judge, means: Means): AskJudge {
  const setup = new Setup(judge, means)
  const kind = kinds[judge.kind]
  if (kind === undefined) throw setup.wrong(`is of a kind that there is not: ${judge.kind}`)
  return kind(setup)
}

/**
 * Who asks each judge, by the judge's name, as patiently as the judge's own fields say. One call for each plan and isolate:
 * what is learned of a judge is for all exchanges. Judges of kind `embedded` are left out: whoever embeds them brings their
 * askers. Asking never throws; it answers with a fault.
 *
 * @throws SluiceError `configuration`, as `askerFor`.
 */
export function askersFor(judges: readonly Judge[], means: Means): JudgeAskers {
  const asked = judges.filter(({ kind }) => kind !== 'embedded')
  return Object.fromEntries(
    asked.map((judge) => [judge.name, steady(judge, askerFor(judge, means), undefined, means.onLeftAlone)]),
  )
}
