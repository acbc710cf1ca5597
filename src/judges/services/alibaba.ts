/** Alibaba Cloud content moderation, action TextModerationPlus, with requests signed as its gateway asks for. */
import type { Opinion } from '../../terms/judge.ts'
import type { Setup } from '../means.ts'
import { countIn, type Fields, fieldsIn, listIn, numberIn, textIn } from '../reading.ts'
import { isPrompt } from '../templates/conversation.ts'
import { Unfit, unreadable } from '../unfit.ts'
import type { Request, Service } from './service.ts'
import { hmac, sha256 } from './signature.ts'

/** "TextModerationPlus": the services for language models take 2,000 characters. */
const most = 2000

/** Risks and attacks have words, personal data a number. */
const levels: Readonly<Record<string, number>> = { none: 0, low: 1, medium: 2, high: 3, S0: 0, S1: 1, S2: 2, S3: 3, S4: 4 }

export function alibaba(setup: Setup): Service {
  const address = setup.address('base_url')
  const id = setup.key('key_id')
  const secret = setup.key('key_secret')
  const own = setup.setting('service') === undefined ? undefined : setup.text('service')
  return {
    most,
    request({ question, context, text }) {
      const service = own ?? (isPrompt(question) ? 'llm_query_moderation' : 'llm_response_moderation')
      const parameters = new URLSearchParams({ Service: service, ServiceParameters: JSON.stringify({ content: context + text }) })
      const date = `${new Date().toISOString().slice(0, 19)}Z`
      const action = { 'x-acs-action': 'TextModerationPlus', 'x-acs-version': '2022-03-02' }
      const stamp = { 'x-acs-date': date, 'x-acs-signature-nonce': crypto.randomUUID() }
      const headers = { 'content-type': 'application/x-www-form-urlencoded', ...action, ...stamp }
      return sign({ address: `${address}/`, body: parameters.toString(), headers }, id, secret)
    },
    answer(answer) {
      const { Code, Data } = fieldsIn(answer, 'the answer')
      const code = countIn(Code, 'Code')
      // A code of its own, in an answer with status 200; 588 is more questions a second than the account may ask.
      if (code !== 200) throw new Unfit(code >= 500 ? 'busy' : 'refused', `answered code ${code}`)
      return { opinions: opinionsIn(fieldsIn(Data, 'Data')) }
    },
  }
}

/**
 * "V3 request structure and signature" (ACS3-HMAC-SHA256).
 *
 * @param request with all headers that are to be signed but `host` and `x-acs-content-sha256`; `host` the platform adds.
 */
export async function sign({ address, body, headers }: Request, id: string, secret: string): Promise<Request> {
  const { host, pathname, searchParams } = new URL(address)
  const hash = await sha256(body)
  const all: Record<string, string> = { ...headers, host, 'x-acs-content-sha256': hash }
  const names = Object.keys(all).sort()
  const query = [...searchParams].map(([name, value]) => `${encoded(name)}=${encoded(value)}`).sort()
  const lines = names.map((name) => `${name}:${(all[name] as string).trim()}\n`)
  const canonical = ['POST', pathname, query.join('&'), lines.join(''), names.join(';'), hash].join('\n')
  const signature = await hmac(secret, `ACS3-HMAC-SHA256\n${await sha256(canonical)}`)
  const authorization = `ACS3-HMAC-SHA256 Credential=${id},SignedHeaders=${names.join(';')},Signature=${signature}`
  return { address, body, headers: { ...headers, 'x-acs-content-sha256': hash, authorization } }
}

/** RFC 3986: the five signs that `encodeURIComponent` leaves alone are encoded too. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** What an answer has of moderation, of attacks on the model and of personal data: labels, and how grave all of them are. */
const parts = [
  { list: 'Result', level: 'RiskLevel' },
  { list: 'AttackResult', level: 'AttackLevel' },
  { list: 'SensitiveResult', level: 'SensitiveLevel' },
] as const

/** `nonLabel` and `safe` are how the service says that it found nothing; a level without a label is a finding with the level's name. */
function opinionsIn(data: Fields): Opinion[] {
  if (data['Result'] === undefined && data['RiskLevel'] === undefined) throw unreadable('Data has neither Result nor RiskLevel')
  return parts.flatMap(({ list, level }) => {
    const whole = levelIn(data[level])
    const labels = listIn(data[list] ?? [], list).map((one): Opinion => {
      const label = fieldsIn(one, 'a result')
      const severity = label[level] === undefined ? whole : levelIn(label[level])
      return { category: textIn(label['Label'], 'Label'), ...confidenceIn(label['Confidence']), ...severity }
    })
    const found = labels.filter(({ category }) => category !== 'nonLabel' && category !== 'safe')
    const isGrave = whole.severity !== undefined && whole.severity > 0
    return isGrave && !found.some(({ flagged }) => flagged !== false) ? [...found, { category: level, ...whole }] : found
  })
}

/** A label with no risk is a score without a verdict. */
function levelIn(level: unknown): { severity?: number; flagged?: boolean } {
  if (level === undefined || level === null) return {}
  const severity = typeof level === 'string' ? levels[level] : undefined
  if (severity === undefined) throw unreadable('named a level that there is not')
  return { severity, ...(severity === 0 && { flagged: false }) }
}

/** 0 to 100 with the service. */
function confidenceIn(confidence: unknown): { score?: number } {
  return confidence === undefined || confidence === null ? {} : { score: numberIn(confidence, 'Confidence', 0, 100) / 100 }
}
