/** The moderation endpoint as its API reference has it, asked by the official package over a real connection. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { counts, type Opinion } from '../../../src/terms/judge.ts'
import { answering, ask, askerOf, judgedText, promptChannel, type StandIn, secret, standIn } from './stand-in.ts'

let service: StandIn
beforeAll(async () => {
  service = await standIn()
})
afterAll(() => service.close())

/** API reference, "Create moderation": the categories of omni-moderation. */
const names = [
  'sexual',
  'sexual/minors',
  'harassment',
  'harassment/threatening',
  'hate',
  'hate/threatening',
  'illicit',
  'illicit/violent',
  'self-harm',
  'self-harm/intent',
  'self-harm/instructions',
  'violence',
  'violence/graphic',
] as const

function moderation(flags: readonly string[], scores: Readonly<Record<string, number>> = {}): object {
  const of = <Value>(value: (name: string) => Value) => Object.fromEntries(names.map((name) => [name, value(name)]))
  return {
    id: 'modr-0d9740456c391e43c445bf0f010940c7',
    model: 'omni-moderation-latest',
    results: [
      {
        flagged: flags.length > 0,
        categories: of((name) => flags.includes(name)),
        category_scores: of((name) => scores[name] ?? 0.0001),
        category_applied_input_types: of(() => ['text']),
      },
    ],
  }
}

const judge = { kind: 'openai_moderation' }

async function opinions(body: unknown): Promise<readonly Opinion[]> {
  service.behaviour = answering(body)
  const answer = await ask(askerOf(judge, service.url))
  if (answer.kind === 'fault') throw new Error(answer.detail)
  return answer.opinions
}

const counted = (list: readonly Opinion[], where: object) =>
  list.filter((opinion) => counts(opinion, where)).map(({ category }) => category)

describe('the moderation endpoint', () => {
  test('is asked about the stretch and what stands before it, with the key and without what the environment says', async () => {
    process.env['OPENAI_ORG_ID'] = 'org-of-the-environment'
    process.env['OPENAI_CUSTOM_HEADERS'] = ''
    service.asked.length = 0
    service.behaviour = answering(moderation([]))
    await ask(askerOf(judge, service.url), { context: 'Before. ' })
    delete process.env['OPENAI_ORG_ID']
    delete process.env['OPENAI_CUSTOM_HEADERS']
    const [asked] = service.asked
    expect(asked?.path).toBe('/v1/moderations')
    expect(JSON.parse(asked?.body ?? '')).toEqual({ model: 'omni-moderation-latest', input: `Before. ${judgedText}` })
    expect(asked?.headers.authorization).toBe(`Bearer ${secret}`)
    expect(asked?.headers['openai-organization']).toBeUndefined()
  })

  test('at an address of its own gets no key unless one is named for it', async () => {
    service.asked.length = 0
    service.behaviour = answering(moderation([]))
    await ask(askerOf({ ...judge, base_url: 'URL', model: 'mine' }, service.url))
    await ask(askerOf({ ...judge, base_url: 'URL', api_key: 'KEY' }, service.url))
    expect(service.asked.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/moderations', undefined],
      ['/moderations', `Bearer ${secret}`],
    ])
    expect(JSON.parse(service.asked[0]?.body ?? '')).toMatchObject({ model: 'mine' })
  })

  test('tells a score for every category, and its own flag: a rule without at_least goes by the flag, one with it by the score', async () => {
    const list = await opinions(moderation(['violence'], { violence: 0.86, harassment: 0.41, hate: 0.2 }))
    expect(list).toHaveLength(names.length)
    expect(counted(list, {})).toEqual(['violence'])
    expect(counted(list, { category: 'harassment' })).toEqual([])
    expect(counted(list, { category: 'harassment', at_least: 0.4 })).toEqual(['harassment'])
    expect(counted(list, { category: 'violence', at_least: 0.9 })).toEqual([])
    expect(counted(list, { at_least: 0.2 })).toEqual(['harassment', 'hate', 'violence'])
  })

  test('may leave out what its model does not know, and may flag for a reason it does not name', async () => {
    const older = { flagged: false, categories: { hate: false, illicit: null }, category_scores: { hate: 0.1, illicit: null } }
    expect(await opinions({ results: [older] })).toEqual([{ category: 'hate', flagged: false, score: 0.1 }])
    // As Mistral's endpoint answers.
    const unsummed = { categories: { hate_and_discrimination: true }, category_scores: { hate_and_discrimination: 0.8 } }
    expect(counted(await opinions({ results: [unsummed] }), {})).toEqual(['hate_and_discrimination'])
    const bare = { flagged: true, categories: {}, category_scores: {} }
    expect(counted(await opinions({ results: [bare] }), {})).toEqual(['flagged'])
  })

  test.each([
    ['no results', { results: [] }],
    ['a result without flags', { results: [{ flagged: false, category_scores: { hate: 0.9 } }] }],
    ['a score without its flag', { results: [{ flagged: false, categories: {}, category_scores: { hate: 0.9 } }] }],
    ['a score beyond 1', { results: [{ flagged: false, categories: { hate: false }, category_scores: { hate: 90 } }] }],
    ['a flag that is a word', { results: [{ flagged: false, categories: { hate: 'no' }, category_scores: { hate: 0.9 } }] }],
    ['a word for being flagged', { results: [{ flagged: 'no', categories: { hate: false }, category_scores: { hate: 0.9 } }] }],
  ])('that answers %s is unreadable', async (_, body) => {
    service.behaviour = answering(body)
    expect(await ask(askerOf(judge, service.url))).toMatchObject({ kind: 'fault', fault: 'unreadable' })
  })

  test("sees a prompt's images: the first beside the text, each further one in a request of its own", async () => {
    service.asked.length = 0
    service.behaviour = ({ body }, response) => {
      const flags = body.includes('second.png') ? ['violence/graphic'] : []
      answering(moderation(flags, { 'violence/graphic': flags.length > 0 ? 0.95 : 0.01 }))({} as never, response)
    }
    const images = [
      'https://pictures.example/first.png',
      'https://pictures.example/second.png',
      'data:image/png;base64,iVBORw0KGgo=',
    ]
    const answer = await ask(askerOf(judge, service.url), { channel: promptChannel, images })
    expect(service.asked.map(({ body }) => JSON.parse(body).input).sort((one, other) => other.length - one.length)).toEqual([
      [
        { type: 'text', text: judgedText },
        { type: 'image_url', image_url: { url: images[0] } },
      ],
      ...images.slice(1).map((url) => [{ type: 'image_url', image_url: { url } }]),
    ])
    expect(answer.kind === 'opinions' && counted(answer.opinions, {})).toEqual(['violence/graphic'])
  })

  test('that judges one of three images and fails at another has failed', async () => {
    let calls = 0
    service.behaviour = (asked, response) => answering(moderation([]), calls++ === 1 ? 503 : 200)(asked, response)
    const images = ['https://pictures.example/1.png', 'https://pictures.example/2.png', 'https://pictures.example/3.png']
    expect(await ask(askerOf(judge, service.url), { images })).toMatchObject({ kind: 'fault', fault: 'busy' })
  })
})
