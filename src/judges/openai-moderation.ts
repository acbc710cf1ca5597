/** Asks OpenAI's moderation endpoint, or one that speaks like it, through the official package. */
import type OpenAI from 'openai'
import type { AskJudge, Opinion, Question } from '../terms/judge.ts'
import { each, fetchWhole } from './fetching.ts'
import type { Setup } from './means.ts'
import { fieldsIn, listIn, numberIn } from './reading.ts'
import { judged } from './templates/conversation.ts'
import { asker, Unfit, unreadable } from './unfit.ts'

/**
 * One opinion for each category of the answer, with its score and the endpoint's own flag: a rule with `at_least` goes by the
 * score, one without by the flag. What is asked about is the stretch with its context before it; the endpoint knows no
 * difference. Of a prompt's images it takes one a request ("exceeds maximum of 1"), so each further one is a request of its own.
 *
 * @throws SluiceError `configuration` where a variable is missing.
 */
export function openaiModeration(setup: Setup): AskJudge {
  const { address, key } = setup.openai()
  const load = setup.package
  const model = setup.text('model', 'omni-moderation-latest')
  let client: OpenAI | undefined
  return asker(async (question, aborted) => {
    // Whoever comes while the package is being loaded loads it too: a request that ends takes what it waits for along.
    client ??= await clientOf(load, setup.fetch, address, key)
    const { moderations } = client
    return await each(inputsOf(question), aborted, async (input, signal) => {
      try {
        return { opinions: opinionsIn(await moderations.create({ model, input }, { signal })) }
      } catch (error) {
        throw error instanceof Error && error.cause instanceof Unfit ? error.cause : unlessParsed(error)
      }
    })
  })
}

/** Retries and time are the asker's business; and whatever stands in a process's environment is none of the judge's. */
async function clientOf(
  load: Setup['package'],
  fetching: typeof fetch,
  baseURL: string,
  key: string | undefined,
): Promise<OpenAI> {
  const { default: Client } = await load()
  return new Client({
    apiKey: key ?? 'none',
    baseURL,
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    logLevel: 'off',
    fetch: (url, init) => fetchWhole(fetching, url, init),
    ...(key === undefined && { defaultHeaders: { authorization: null } }),
  })
}

/** The package reads a whole answer; what it then stumbles over is the answer's form. */
function unlessParsed(error: unknown): unknown {
  return error instanceof SyntaxError ? unreadable('answered no JSON') : error
}

type Input = { type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } }

function inputsOf(question: Question): (string | Input[])[] {
  const { images = [] } = question
  const text = judged(question)
  if (images.length === 0) return [text]
  const pictures = images.map((url): Input[] => [{ type: 'image_url', image_url: { url } }])
  if (text === '') return pictures
  return [[{ type: 'text', text }, ...(pictures[0] as Input[])], ...pictures.slice(1)]
}

/** API reference, "Moderations": `results` with `flagged`, `categories` and `category_scores`. */
function opinionsIn(answer: unknown): Opinion[] {
  const results = listIn(fieldsIn(answer, 'the answer')['results'], 'results')
  if (results.length === 0) throw unreadable('results is empty')
  return results.flatMap((result): Opinion[] => {
    const { flagged, categories, category_scores } = fieldsIn(result, 'a result')
    // Some servers that speak like it leave this out; each category has a flag of its own.
    if (flagged !== undefined && typeof flagged !== 'boolean') throw unreadable('flagged is neither true nor false')
    const flags = fieldsIn(categories, 'categories')
    const scores = fieldsIn(category_scores, 'category_scores')
    const opinions = [...new Set([...Object.keys(scores), ...Object.keys(flags)])].flatMap((category): Opinion[] => {
      // Null: a category that the model does not know (`illicit` of the older ones).
      const flag = flags[category] ?? undefined
      const score = scores[category] ?? undefined
      if (flag === undefined && score === undefined) return []
      if (typeof flag !== 'boolean') throw unreadable('a category is neither true nor false')
      return [{ category, flagged: flag, ...(score !== undefined && { score: numberIn(score, 'a score', 0, 1) }) }]
    })
    // Flagged for a reason that none of its categories has: any rule that names no category is meant.
    return flagged && !opinions.some((opinion) => opinion.flagged) ? [...opinions, { category: 'flagged', flagged }] : opinions
  })
}
