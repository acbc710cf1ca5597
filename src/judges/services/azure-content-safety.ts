/** Azure AI Content Safety, operation `text:analyze`. */
import type { Opinion } from '../../terms/judge.ts'
import type { Setup } from '../means.ts'
import { countIn, fieldsIn, listIn, textIn } from '../reading.ts'
import type { Service } from './service.ts'

/** "Harm categories". */
export const harms: readonly string[] = ['Hate', 'SelfHarm', 'Sexual', 'Violence']

/** REST reference, "Text Operations - Analyze Text", version 2024-09-01. A text has at most 10,000 characters. */
export function azureContentSafety(setup: Setup): Service {
  const address = `${setup.address('base_url')}/contentsafety/text:analyze?api-version=2024-09-01`
  const headers = { 'ocp-apim-subscription-key': setup.key('api_key') }
  const categories = setup.texts('categories', harms)
  const blocklistNames = setup.texts('blocklists', [])
  const outputType = setup.setting('levels') === 8 ? 'EightSeverityLevels' : 'FourSeverityLevels'
  return {
    most: 10_000,
    request: ({ context, text }) => ({
      address,
      headers,
      body: JSON.stringify({ text: context + text, categories, blocklistNames, haltOnBlocklistHit: false, outputType }),
    }),
    answer(answer) {
      const { categoriesAnalysis, blocklistsMatch } = fieldsIn(answer, 'the answer')
      const analysed = listIn(categoriesAnalysis, 'categoriesAnalysis').map((one): Opinion => {
        const { category, severity } = fieldsIn(one, 'a category')
        return { category: textIn(category, 'category'), severity: countIn(severity, 'severity', 7) }
      })
      const matched = listIn(blocklistsMatch ?? [], 'blocklistsMatch').map(
        (one): Opinion => ({ category: textIn(fieldsIn(one, 'a match')['blocklistName'], 'blocklistName') }),
      )
      // Severity 0 is how the service says that it found nothing.
      return { opinions: [...analysed.filter(({ severity }) => severity !== 0), ...matched] }
    },
  }
}
