/** How sure a model was of its first word, from the log-probabilities of an OpenAI-compatible server. */
import { fieldsIn, listIn, numberIn, textIn } from '../reading.ts'

/** What goes into the request. */
export const askForLikelihood = { logprobs: true, top_logprobs: 5 } as const

/**
 * The share of `yes` among `yes` and `no` at the first token that is either (as the model cards have it: a softmax over the two).
 * Undefined where the server told nothing about either, and where the share denies the word that was said: then the model's
 * tokens are not the words, and the word is all there is.
 *
 * @param said whether the model said `yes`.
 * @param logprobs `choices[0].logprobs` (API reference, "Create chat completion").
 */
export function likelihoodOf(yes: string, no: string, said: boolean, logprobs: unknown): number | undefined {
  if (logprobs === null || logprobs === undefined) return undefined
  for (const token of listIn(fieldsIn(logprobs, 'logprobs')['content'] ?? [], 'logprobs.content')) {
    const chances = { [yes]: 0, [no]: 0 }
    for (const candidate of listIn(fieldsIn(token, 'a token')['top_logprobs'], 'top_logprobs')) {
      const { token: text, logprob } = fieldsIn(candidate, 'a candidate')
      const word = typeof text === 'string' ? text.trim().toLowerCase() : textIn(text, 'a candidate')
      if (word in chances)
        chances[word] = (chances[word] as number) + Math.exp(numberIn(logprob, 'logprob', Number.NEGATIVE_INFINITY, 0))
    }
    const both = (chances[yes] as number) + (chances[no] as number)
    if (both === 0) continue
    const share = (chances[yes] as number) / both
    return said === share >= 0.5 ? share : undefined
  }
  return undefined
}
