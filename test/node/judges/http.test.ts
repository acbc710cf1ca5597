/** The operator's own service, which checks who asks; and known services, asked and answering as their documentation has it. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { JudgeDefinition } from '../../../src/policy/definition.ts'
import { counts } from '../../../src/terms/judge.ts'
import { answerSchema, requestSchema } from '../judge-schemas.ts'
import { type Asked, answering, ask, askerOf, judgedText, promptChannel, type StandIn, secret, standIn } from './stand-in.ts'

let service: StandIn
beforeAll(async () => {
  service = await standIn()
})
afterAll(() => service.close())

async function opinions(judge: JudgeDefinition, body: unknown, more = {}): Promise<unknown> {
  service.asked.length = 0
  service.behaviour = answering(body)
  const answer = await ask(askerOf(judge, service.url), more)
  return answer.kind === 'opinions' ? answer.opinions : answer
}

const sent = (index = 0) => JSON.parse(service.asked[index]?.body ?? 'null')

describe('an own service', () => {
  const own = { kind: 'http', url: 'HOOK', secret: 'KEY' }

  /** What the README tells a service to do, as it stands there. */
  type IsOurs = (headers: Asked['headers'], body: string, secret: string) => boolean
  let isOurs: IsOurs
  beforeAll(async () => {
    const readme = readFileSync(fileURLToPath(new URL('../../../policies/README.md', import.meta.url)), 'utf8')
    const code = /```js\n(import \{ createHmac[\s\S]*?)```/.exec(readme)?.[1] ?? ''
    const module: { isOurs: IsOurs } = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`)
    isOurs = module.isOurs
  })

  const accepts = ({ headers, body }: Asked, later = 0): boolean => {
    vi.useFakeTimers({ now: Date.now() + later, toFake: ['Date'] })
    try {
      return isOurs(headers, body, secret)
    } finally {
      vi.useRealTimers()
    }
  }

  test('can tell that it is asked by us, now, and this: not later, not by others, not something else', async () => {
    await opinions(own, { opinions: [] })
    const asked = service.asked[0] as Asked
    expect(accepts(asked)).toBe(true)
    expect(accepts(asked, 301_000)).toBe(false)
    expect(accepts({ ...asked, body: asked.body.replace('CANARY', 'canary') })).toBe(false)
    const headers = { ...asked.headers, 'x-sluice-timestamp': String(Math.floor(Date.now() / 1000) + 60) }
    expect(accepts({ ...asked, headers })).toBe(false)
    expect(asked.path).toBe('/hook')
    expect(JSON.stringify(asked.headers)).not.toContain(secret)
  })

  test('is told the stretch, where it stands, what is before it and what it answers', async () => {
    await opinions({ ...own, api_key: 'KEY' }, { opinions: [] }, { context: 'Before. ', start: 8, end: 8 + judgedText.length })
    expect(sent()).toEqual({
      version: 1,
      judge: 'guard',
      channel: { name: 'answer', kind: 'answer' },
      start: 8,
      end: 8 + judgedText.length,
      text: judgedText,
      context: 'Before. ',
      prompt: 'Tell me of ponds.',
    })
    expect(service.asked[0]?.headers.authorization).toBe(`Bearer ${secret}`)
    await opinions(
      own,
      { opinions: [] },
      { channel: promptChannel, prompt: undefined, images: ['https://pictures.example/1.png'] },
    )
    expect(sent()).toMatchObject({ channel: { kind: 'prompt' }, images: ['https://pictures.example/1.png'] })
    // The published schema, to the field.
    expect(v.parse(requestSchema, sent())).toEqual(sent())
  })

  test('answers with opinions, spans in UTF-16 units of the text', async () => {
    const list = [
      { category: 'duck', score: 0.5, severity: 2, flagged: true, span: { start: 13, end: 15 } },
      { category: 'pond' },
    ]
    expect(v.is(answerSchema, { opinions: list, tokens: 12 })).toBe(true)
    service.behaviour = answering({ opinions: list, tokens: 12, anything: 'else' })
    expect(await ask(askerOf(own, service.url))).toEqual({ kind: 'opinions', opinions: list, tokens: 12 })
  })

  test.each([
    ['a list', []],
    ['no list of opinions', { opinions: {} }],
    ['an opinion without a category', { opinions: [{ score: 1 }] }],
    ['a score in per cent', { opinions: [{ category: 'a', score: 90 }] }],
    ['a severity in words', { opinions: [{ category: 'a', severity: 'high' }] }],
    ['a span beyond the text', { opinions: [{ category: 'a', span: { start: 0, end: 1000 } }] }],
    ['a span that is empty', { opinions: [{ category: 'a', span: { start: 3, end: 3 } }] }],
    ['a span backwards', { opinions: [{ category: 'a', span: { start: 3, end: 1 } }] }],
    ['a span between units', { opinions: [{ category: 'a', span: { start: 0.5, end: 1 } }] }],
    ['a field that would be lost', { opinions: [{ category: 'a', sevirity: 3 }] }],
  ])('that answers %s is unreadable', async (problem, body) => {
    // What a schema cannot say is where a span lies.
    expect(v.is(answerSchema, body)).toBe(/beyond|empty|backwards/.test(problem))
    expect(await opinions(own, body)).toMatchObject({ kind: 'fault', fault: 'unreadable' })
  })
})

describe('Azure AI Content Safety', () => {
  const azure = { kind: 'http', preset: 'azure-content-safety', base_url: 'URL', api_key: 'KEY' }

  test('is asked as its quickstart has it', async () => {
    await opinions(
      { ...azure, levels: 8, blocklists: ['brands'], categories: ['Hate', 'Violence'] },
      { categoriesAnalysis: [] },
      { context: 'Before. ' },
    )
    expect(service.asked[0]?.path).toBe('/contentsafety/text:analyze?api-version=2024-09-01')
    expect(service.asked[0]?.headers['ocp-apim-subscription-key']).toBe(secret)
    expect(sent()).toEqual({
      text: `Before. ${judgedText}`,
      categories: ['Hate', 'Violence'],
      blocklistNames: ['brands'],
      haltOnBlocklistHit: false,
      outputType: 'EightSeverityLevels',
    })
  })

  test('answers with severities, of which 0 is nothing, and with what blocklists match', async () => {
    const body = {
      blocklistsMatch: [{ blocklistName: 'brands', blocklistItemId: 'b1a2', blocklistItemText: 'CANARY' }],
      categoriesAnalysis: [
        { category: 'Hate', severity: 2 },
        { category: 'SelfHarm', severity: 0 },
        { category: 'Sexual', severity: 0 },
        { category: 'Violence', severity: 6 },
      ],
    }
    expect(await opinions(azure, body)).toEqual([
      { category: 'Hate', severity: 2 },
      { category: 'Violence', severity: 6 },
      { category: 'brands' },
    ])
  })

  test('is asked in parts about what it would not take whole, and never about half a character', async () => {
    const text = `${'a'.repeat(9999)}🦆${'b'.repeat(15_000)}`
    await opinions(azure, { categoriesAnalysis: [{ category: 'Hate', severity: 2 }] }, { text, context: 'c'.repeat(400) })
    const texts = service.asked.map(({ body }) => JSON.parse(body).text as string)
    expect(texts.map(({ length }) => length).sort((one, other) => one - other)).toEqual([5002, 9999, 10_000])
    expect(texts.sort((one, other) => text.indexOf(one) - text.indexOf(other)).join('')).toBe(text)
    expect(texts.every((part) => part.isWellFormed())).toBe(true)
  })

  test('is asked about no more than four parts at a time', async () => {
    let open = 0
    let most = 0
    service.behaviour = (asked, response) => {
      most = Math.max(most, ++open)
      setTimeout(() => {
        open--
        answering({ categoriesAnalysis: [] })(asked, response)
      }, 20)
    }
    expect(await ask(askerOf(azure, service.url), { text: 'a'.repeat(95_000) })).toEqual({ kind: 'opinions', opinions: [] })
    expect(most).toBe(4)
  })

  test('leaves out context that would leave no room', async () => {
    await opinions(azure, { categoriesAnalysis: [] }, { text: 't'.repeat(9990), context: `${'c'.repeat(50)}🦆${'d'.repeat(9)}` })
    expect(sent().text).toBe('d'.repeat(9) + 't'.repeat(9990))
  })
})

describe('Perspective', () => {
  const perspective = {
    kind: 'http',
    preset: 'perspective',
    base_url: 'URL',
    api_key: 'KEY',
    attributes: ['TOXICITY', 'THREAT'],
    languages: ['en'],
  }
  const attribute = (value: number) => ({
    spanScores: [{ begin: 0, end: 10, score: { value, type: 'PROBABILITY' } }],
    summaryScore: { value, type: 'PROBABILITY' },
  })

  test('is asked as its reference has it, with the key in a header and not to keep the text', async () => {
    await opinions(perspective, { attributeScores: { TOXICITY: attribute(0.9), THREAT: attribute(0.1) } })
    expect(service.asked[0]?.path).toBe('/v1alpha1/comments:analyze')
    expect(service.asked[0]?.headers['x-goog-api-key']).toBe(secret)
    expect(sent()).toEqual({
      comment: { text: judgedText },
      requestedAttributes: { TOXICITY: {}, THREAT: {} },
      doNotStore: true,
      languages: ['en'],
    })
  })

  test('answers with scores, and what was asked for has to be among them', async () => {
    const both = {
      attributeScores: { TOXICITY: attribute(0.91), THREAT: attribute(0.3) },
      languages: ['en'],
      detectedLanguages: ['en'],
    }
    const list = (await opinions(perspective, both)) as { category: string; score: number; flagged: boolean }[]
    expect(list).toEqual([
      { category: 'TOXICITY', score: 0.91, flagged: true },
      { category: 'THREAT', score: 0.3, flagged: false },
    ])
    expect(list.filter((one) => counts(one, { at_least: 0.25 }))).toHaveLength(2)
    expect(await opinions(perspective, { attributeScores: { TOXICITY: attribute(0.91) } })).toMatchObject({ fault: 'unreadable' })
  })
})

describe("Presidio's analyzer", () => {
  const presidio = { kind: 'http', preset: 'presidio', base_url: 'URL', entities: ['PERSON', 'US_DRIVER_LICENSE'] }
  const found = (entity_type: string, start: number, end: number, score = 0.85) => ({
    analysis_explanation: null,
    entity_type,
    start,
    end,
    score,
  })

  test('is asked as its API has it', async () => {
    await opinions(presidio, [])
    expect(service.asked[0]?.path).toBe('/analyze')
    expect(sent()).toEqual({ text: judgedText, language: 'en', entities: ['PERSON', 'US_DRIVER_LICENSE'] })
  })

  test('counts code points, we UTF-16 units; what lies in the context is decided already', async () => {
    const context = '🦆 Ann '
    const text = '🦆🦆 Smith, 𝒮 AC432223'
    const whole = [...(context + text)]
    const at = (part: string) => whole.join('').indexOf(part)
    const points = (part: string) => [...(context + text).slice(0, at(part))].length
    const body = [
      found('PERSON', points('Ann'), points('Smith') + 5),
      found('US_DRIVER_LICENSE', points('AC4'), points('AC4') + 8, 0.6499999999999999),
      found('EMOJI', 0, 1),
    ]
    expect(await opinions(presidio, body, { context, text })).toEqual([
      { category: 'PERSON', score: 0.85, span: { start: 0, end: text.indexOf('Smith') + 5 } },
      { category: 'US_DRIVER_LICENSE', score: 0.6499999999999999, span: { start: text.indexOf('AC4'), end: text.length } },
    ])
  })

  test('that counts beyond the text is unreadable', async () => {
    expect(await opinions(presidio, [found('PERSON', 0, [...judgedText].length)])).toHaveLength(1)
    expect(await opinions(presidio, [found('PERSON', 0, judgedText.length)])).toMatchObject({ fault: 'unreadable' })
    expect(await opinions(presidio, { error: 'no text' })).toMatchObject({ fault: 'unreadable' })
  })
})

describe('Alibaba Cloud', () => {
  const alibaba = { kind: 'http', preset: 'alibaba', base_url: 'URL', key_id: 'KEY', key_secret: 'KEY' }
  const said = (data: object) => ({ Code: 200, Message: 'OK', RequestId: 'AAAAAA-BBBB-CCCCC-DDDD-EEEEEEEE****', Data: data })

  test('is asked for TextModerationPlus, by the service for prompts or for answers, in a signed form', async () => {
    await opinions(alibaba, said({ Result: [{ Label: 'nonLabel' }], RiskLevel: 'none' }))
    await ask(askerOf(alibaba, service.url), { channel: promptChannel })
    const forms = service.asked.map(({ body }) => Object.fromEntries(new URLSearchParams(body)))
    expect(forms.map(({ Service }) => Service)).toEqual(['llm_response_moderation', 'llm_query_moderation'])
    expect(JSON.parse(forms[0]?.['ServiceParameters'] ?? '')).toEqual({ content: judgedText })
    const { headers } = service.asked[0] as Asked
    expect(headers).toMatchObject({
      'x-acs-action': 'TextModerationPlus',
      'x-acs-version': '2022-03-02',
      'content-type': 'application/x-www-form-urlencoded',
    })
    // The order of `SignedHeaders` and what they hold is what the gateway computes the signature from, `host` included.
    const names = 'content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version'
    expect(headers.authorization).toContain(`Credential=${secret},SignedHeaders=${names},Signature=`)
    expect(headers.host).toBe(new URL(service.url).host)
    expect(service.asked[1]?.headers['x-acs-signature-nonce']).not.toBe(headers['x-acs-signature-nonce'])
  })

  test('answers with labels, confidence in per cent and a level of risk', async () => {
    const result = [
      { Label: 'political_entity', Description: '疑似政治实体', Confidence: 100, RiskWords: 'CANARY' },
      { Label: 'sexual_terms', Confidence: 81.22 },
    ]
    expect(await opinions(alibaba, said({ Result: result, RiskLevel: 'high', Advice: [] }))).toEqual([
      { category: 'political_entity', score: 1, severity: 3 },
      { category: 'sexual_terms', score: expect.closeTo(0.8122, 6), severity: 3 },
    ])
    expect(
      await opinions(alibaba, said({ Result: [{ Label: 'nonLabel', Description: '未检测出风险' }], RiskLevel: 'none' })),
    ).toEqual([])
  })

  test('answers with attacks and personal data as well', async () => {
    const data = {
      Result: [{ Label: 'nonLabel' }],
      RiskLevel: 'none',
      AttackResult: [
        { Label: 'Indirect Prompt Injection', AttackLevel: 'high', Confidence: 100 },
        { Label: 'safe', AttackLevel: 'none', Confidence: 0 },
      ],
      AttackLevel: 'high',
      SensitiveResult: [{ Label: '1780', SensitiveLevel: 'S4', SensitiveData: ['6201112223455'], Description: '身份证' }],
      SensitiveLevel: 'S4',
    }
    expect(await opinions(alibaba, said(data))).toEqual([
      { category: 'Indirect Prompt Injection', score: 1, severity: 3 },
      { category: '1780', severity: 4 },
    ])
  })

  test('that says how grave it is, and not what, is a finding; a label that is not grave is only a score', async () => {
    expect(await opinions(alibaba, said({ Result: [{ Label: 'nonLabel' }], RiskLevel: 'high' }))).toEqual([
      { category: 'RiskLevel', severity: 3 },
    ])
    expect(await opinions(alibaba, said({ RiskLevel: 'none', AttackLevel: 'low', SensitiveLevel: 'S2' }))).toEqual([
      { category: 'AttackLevel', severity: 1 },
      { category: 'SensitiveLevel', severity: 2 },
    ])
    expect(await opinions(alibaba, said({ Result: [{ Label: 'ad', Confidence: 12 }], RiskLevel: 'none' }))).toEqual([
      { category: 'ad', score: 0.12, severity: 0, flagged: false },
    ])
    expect(await opinions(alibaba, said({ Result: [], RiskLevel: 'dire' }))).toMatchObject({ fault: 'unreadable' })
    expect(await opinions(alibaba, said({ Result: 'nothing', RiskLevel: 'none' }))).toMatchObject({ fault: 'unreadable' })
    expect(await opinions(alibaba, said({}))).toMatchObject({ fault: 'unreadable' })
  })

  test.each([
    ['too many questions a second', 588, 'busy'],
    ['no permission', 408, 'refused'],
    ['a wrong request', 400, 'refused'],
    ['a fault of its own', 500, 'busy'],
  ])('says %s with status 200 and a code', async (_, code, fault) => {
    expect(await opinions(alibaba, { Code: code, Message: `for ${judgedText}`, RequestId: 'A' })).toEqual({
      kind: 'fault',
      fault,
      detail: `answered code ${code}`,
    })
  })

  test('takes 2,000 units at a time', async () => {
    await opinions(alibaba, said({ Result: [{ Label: 'nonLabel' }], RiskLevel: 'none' }), { text: '水'.repeat(4500) })
    expect(service.asked).toHaveLength(3)
  })
})
