/** Asks a chat model behind any OpenAI-compatible server, each model in the form it was trained for. */
import type { AskJudge } from '../terms/judge.ts'
import { each, postJson } from './fetching.ts'
import type { Setup } from './means.ts'
import { type Fields, fieldsIn, listIn, tokensIn } from './reading.ts'
import { conversation } from './templates/conversation.ts'
import { graniteGuardian } from './templates/granite-guardian.ts'
import { askForLikelihood, likelihoodOf } from './templates/likelihood.ts'
import { llamaGuardCategories, llamaGuardOpinions } from './templates/llama-guard.ts'
import { qwen3guard } from './templates/qwen3guard.ts'
import { rubric } from './templates/rubric.ts'
import { shieldgemma } from './templates/shieldgemma.ts'
import type { Template } from './templates/template.ts'
import { asker, Unfit, unreadable } from './unfit.ts'

/**
 * Where a model answers one question at a time (ShieldGemma, Granite Guardian), each principle or risk is a request of its own;
 * a fault in one is a fault of all.
 *
 * @throws SluiceError `configuration` where a variable is missing.
 */
export function openaiChat(setup: Setup): AskJudge {
  const { address, key } = setup.openai()
  const model = setup.text('model')
  const template = templateOf(setup.text('template'), setup)
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
  return asker((question, aborted) =>
    each(template(question), aborted, async ({ messages, extra, firstWord = false, opinions }, signal) => {
      const body = JSON.stringify({ model, messages, ...extra })
      const completion = fieldsIn(await postJson(setup.fetch, `${address}/chat/completions`, body, headers, signal), 'the answer')
      const { content, logprobs } = choiceIn(completion, firstWord)
      return { opinions: opinions(content, logprobs), tokens: tokensIn(completion['usage']) }
    }),
  )
}

/** @throws Unfit `refused` where the model or its server would not say. */
function choiceIn(completion: Fields, firstWord: boolean): { content: string; logprobs: unknown } {
  const choice = fieldsIn(listIn(completion['choices'], 'choices')[0], 'the choice')
  const { content, refusal } = fieldsIn(choice['message'], 'the message')
  if (typeof refusal === 'string' && refusal !== '') throw new Unfit('refused', 'the model refused')
  if (choice['finish_reason'] === 'content_filter') throw new Unfit('refused', "the model's own filter stopped it")
  if (choice['finish_reason'] === 'length' && !firstWord) throw unreadable('the answer was broken off for its length')
  if (typeof content !== 'string') throw unreadable('content is no text')
  return { content, logprobs: choice['logprobs'] }
}

function templateOf(name: string, setup: Setup): Template {
  switch (name) {
    case 'llama-guard-3':
    case 'llama-guard-4':
      return llamaGuard(setup)
    case 'shieldgemma':
      return shieldgemma(setup)
    case 'qwen3guard':
      return qwen3guard()
    case 'granite-guardian-3.2':
    case 'granite-guardian-3.3':
    case 'granite-guardian-4.1':
      return graniteGuardian(name, setup)
    case 'rubric':
      return rubric(setup)
    default:
      throw setup.wrong(`has a template that there is not: ${name}`)
  }
}

/** The server's chat template writes the published prompt around the turns; both versions answer alike. */
function llamaGuard(setup: Setup): Template {
  const own = setup.named('categories')
  const categories = Object.keys(own).length > 0 ? Object.keys(own) : llamaGuardCategories
  const scores = setup.flag('scores')
  const extra = {
    temperature: 0,
    max_tokens: 100,
    ...(categories !== llamaGuardCategories && { chat_template_kwargs: { categories: own } }),
    ...(scores && askForLikelihood),
  }
  return (question) => [
    {
      messages: conversation(question),
      extra,
      opinions: (answer, logprobs) =>
        llamaGuardOpinions(
          answer,
          categories,
          scores ? likelihoodOf('unsafe', 'safe', answer.trim().startsWith('unsafe'), logprobs) : undefined,
        ),
    },
  ]
}
