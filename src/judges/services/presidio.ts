/** Presidio's analyzer: where in the text something personal stands. */
import type { Opinion } from '../../terms/judge.ts'
import type { Setup } from '../means.ts'
import { fieldsIn, listIn, numberIn, textIn } from '../reading.ts'
import type { Service } from './service.ts'
import { afterContext, CodePoints, spanIn } from './spans.ts'

/** Analyzer API, `POST /analyze`. Its offsets count code points, as Python does. */
export function presidio(setup: Setup): Service {
  const address = `${setup.address('base_url')}/analyze`
  const language = setup.text('language', 'en')
  const entities = setup.texts('entities', [])
  return {
    request: ({ context, text }) => ({
      address,
      headers: {},
      body: JSON.stringify({ text: context + text, language, ...(entities.length > 0 && { entities }) }),
    }),
    answer(answer, { context, text }) {
      const points = new CodePoints(context + text)
      const opinions = listIn(answer, 'the answer').flatMap((one): Opinion[] => {
        const { entity_type, start, end, score } = fieldsIn(one, 'a result')
        const category = textIn(entity_type, 'entity_type')
        const span = afterContext(points.toUnits(spanIn(start, end, points.count)), context)
        return span === undefined ? [] : [{ category, score: numberIn(score, 'score', 0, 1), span }]
      })
      return { opinions }
    },
  }
}
