/** Perspective API, method `comments:analyze`. */
import type { Opinion } from '../../terms/judge.ts'
import type { Setup } from '../means.ts'
import { fieldsIn, numberIn } from '../reading.ts'
import type { Service } from './service.ts'

const publicAddress = 'https://commentanalyzer.googleapis.com'

/** The service has scores and no verdict; this is the lowest threshold that its documentation speaks of ("Score"). */
const flaggedFrom = 0.7

/** API reference, "Methods": a comment has at most 20,480 bytes, which 6,826 units never exceed in UTF-8. */
export function perspective(setup: Setup): Service {
  const base = setup.setting('base_url') === undefined ? publicAddress : setup.address('base_url')
  // The key in a header, not in the address: addresses end up in logs.
  const headers = { 'x-goog-api-key': setup.key('api_key') }
  const attributes = setup.texts('attributes', ['TOXICITY'])
  const languages = setup.texts('languages', [])
  const requestedAttributes = Object.fromEntries(attributes.map((attribute) => [attribute, {}]))
  return {
    most: 6826,
    request: ({ context, text }) => ({
      address: `${base}/v1alpha1/comments:analyze`,
      headers,
      body: JSON.stringify({
        comment: { text: context + text },
        requestedAttributes,
        doNotStore: true,
        ...(languages.length > 0 && { languages }),
      }),
    }),
    answer(answer) {
      const scores = fieldsIn(fieldsIn(answer, 'the answer')['attributeScores'], 'attributeScores')
      const opinions = attributes.map((category): Opinion => {
        const { value } = fieldsIn(fieldsIn(scores[category], 'an attribute')['summaryScore'], 'summaryScore')
        const score = numberIn(value, 'a score', 0, 1)
        return { category, score, flagged: score >= flaggedFrom }
      })
      return { opinions }
    },
  }
}
