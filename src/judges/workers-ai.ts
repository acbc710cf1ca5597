/** Asks Llama Guard on Workers AI, through the Worker's binding. */
import type { AskJudge, Opinion } from '../terms/judge.ts'
import type { Setup } from './means.ts'
import { fieldsIn, listIn, textIn, tokensIn } from './reading.ts'
import { conversation } from './templates/conversation.ts'
import { categoriesIn, llamaGuardCategories, llamaGuardOpinions } from './templates/llama-guard.ts'
import { asker, Unfit, unreadable } from './unfit.ts'

/** As much of the binding as is used. */
interface Ai {
  run(model: string, input: Readonly<Record<string, unknown>>): Promise<unknown>
}

/** @throws SluiceError `configuration` where the binding is missing, or is none to Workers AI. */
export function workersAi(setup: Setup): AskJudge {
  const ai = setup.binding('binding', 'AI') as Partial<Ai>
  if (typeof ai.run !== 'function') throw setup.wrong('needs a binding to Workers AI')
  const model = setup.text('model', '@cf/meta/llama-guard-3-8b')
  return asker(async (question, signal) => {
    signal.throwIfAborted()
    const running = (ai as Ai).run(model, { messages: conversation(question), max_tokens: 100, temperature: 0 }).catch(refuse)
    const answer = fieldsIn(await unlessAborted(running, signal), 'the answer')
    return { opinions: opinionsIn(answer['response']), tokens: tokensIn(answer['usage']) }
  })
}

/** The binding takes no signal: what is aborted goes on there, and nobody waits for it. */
function unlessAborted<Value>(running: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    running.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}

/** Workers AI, "Errors": a number before a colon; those from 5000 to 5999 say that the request itself is wrong. */
function refuse(error: unknown): never {
  const code = /^(?:\w+: )?(\d{4}):/.exec(error instanceof Error ? error.message : '')?.[1]
  throw new Unfit(
    code?.startsWith('5') ? 'refused' : 'busy',
    code === undefined ? 'Workers AI failed' : `Workers AI answered ${code}`,
  )
}

/** The model's page, "Output": the model's own words, or an object that says as much. */
function opinionsIn(response: unknown): readonly Opinion[] {
  if (typeof response === 'string') return llamaGuardOpinions(response)
  const { safe, categories = [] } = fieldsIn(response, 'response')
  const named = listIn(categories ?? [], 'categories').map((category) => textIn(category, 'a category'))
  if (typeof safe !== 'boolean' || safe !== (named.length === 0))
    throw unreadable('answered neither safe nor unsafe with categories')
  return categoriesIn(named, llamaGuardCategories)
}
