/** The operator's own service: a signed request in, opinions out, both as JSON (policies/judge-request.schema.json, policies/judge-answer.schema.json). */
import type { Opinion } from '../../terms/judge.ts'
import type { Setup } from '../means.ts'
import { countIn, type Fields, fieldsIn, listIn, numberIn, textIn } from '../reading.ts'
import { unreadable } from '../unfit.ts'
import type { Service } from './service.ts'
import { signed } from './signature.ts'
import { spanIn } from './spans.ts'

export function ownService(setup: Setup): Service {
  const address = setup.address('url', undefined, true)
  const secret = setup.key('secret')
  const key = setup.setting('api_key') === undefined ? undefined : setup.key('api_key')
  return {
    async request({ question, context, text }) {
      const { judge, channel, start, end, prompt, images } = question
      const body = JSON.stringify({
        version: 1,
        judge,
        channel: { name: channel.name, kind: channel.kind },
        start,
        end,
        text,
        context,
        ...(prompt !== undefined && { prompt: prompt.toWellFormed() }),
        ...(images !== undefined && { images }),
      })
      return {
        address,
        body,
        headers: { ...(await signed(secret, body)), ...(key !== undefined && { authorization: `Bearer ${key}` }) },
      }
    },
    answer(answer, { text }) {
      const { opinions, tokens } = fieldsIn(answer, 'the answer')
      return {
        opinions: listIn(opinions, 'opinions').map((opinion) => opinionIn(fieldsIn(opinion, 'an opinion'), text)),
        ...(tokens !== undefined && { tokens: countIn(tokens, 'tokens') }),
      }
    },
  }
}

/** Strict: a misspelt field of an opinion would be an opinion lost. */
function opinionIn(opinion: Fields, text: string): Opinion {
  const { category, score, severity, flagged, span, ...strange } = opinion
  if (Object.keys(strange).length > 0) throw unreadable('an opinion has a field that there is not')
  if (flagged !== undefined && typeof flagged !== 'boolean') throw unreadable('flagged is neither true nor false')
  const place = span === undefined ? undefined : fieldsIn(span, 'a span')
  return {
    category: textIn(category, 'category'),
    ...(score !== undefined && { score: numberIn(score, 'score', 0, 1) }),
    ...(severity !== undefined && { severity: countIn(severity, 'severity') }),
    ...(flagged !== undefined && { flagged }),
    ...(place !== undefined && { span: spanIn(place['start'], place['end'], text.length) }),
  }
}
