/** Law 10: what was said stands in no record, no log and no error, whatever goes wrong; and no key crosses over. */
import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createGateway } from '../../src/gateway/gateway.ts'
import { compilePolicy, packPlan } from '../../src/policy/index.ts'
import { patience, runs } from '../generators/settings.ts'
import { divide, somePlaces } from '../generators/texts.ts'
import { spoken } from './course.ts'
import { type Speaker, speakers } from './speakers.ts'
import type { After } from './upstream.ts'

/** Every text anybody says here has one of these in it. */
const said = /quokka|wombat/i
const keys = { operator: 'sk-operators-own-1', client: 'sk-clients-own-2' }

const policy = `
name: discreet
unknown: check
rules:
  - { id: masks, words: { terms: [maskquokka] }, action: mask, with: "***" }
  - { id: cuts, words: { terms: [cutquokka] }, action: cut }
  - { id: flags, words: { terms: [flagquokka] }, action: flag }
  - { id: blocks, words: { terms: [blockwombat] }, channels: [prompt], action: cut }
`

let bundled: ArrayBuffer
beforeAll(async () => {
  const readFile = () => Promise.reject(new Error('none'))
  bundled = packPlan(await compilePolicy(policy, { file: 'discreet.yaml', readFile })).buffer
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** What an upstream does with a question. */
interface Upstream {
  readonly does: string
  answer(speaker: Speaker, pieces: readonly string[]): Response | Promise<Response>
}

const answered = (speaker: Speaker, pieces: readonly string[], after: After): Response => {
  const response = spoken(speaker, pieces, after)
  response.headers.set('openai-organization', 'quokka')
  return response
}

const stranger = (text: string): string =>
  `data: ${JSON.stringify({ type: `a ${text}`, [`key ${text}`]: { [text]: [`${text} flagquokka`] }, choices: [{ index: 0, [text]: text }] })}\n\n`

const upstreams: readonly Upstream[] = [
  { does: 'answers', answer: (speaker, pieces) => answered(speaker, [...pieces, ...speaker.ending], 'close') },
  { does: 'stops', answer: (speaker, pieces) => answered(speaker, pieces, 'close') },
  { does: 'breaks off', answer: (speaker, pieces) => answered(speaker, pieces, 'reset') },
  { does: 'says no JSON', answer: (speaker, pieces) => answered(speaker, [...pieces, 'data: {"quokka": wombat\n\n'], 'close') },
  {
    does: 'says strange things',
    answer: (speaker, pieces) => answered(speaker, [...pieces, stranger('cutquokka'), stranger('maskquokka')], 'close'),
  },
  {
    does: 'answers with a page',
    answer: () => new Response('<h1>quokka</h1>', { status: 502, headers: { 'content-type': 'text/html' } }),
  },
  {
    does: 'refuses, and quotes all',
    answer: () =>
      Response.json({ error: { message: `quokka ${keys.operator}`, details: [{ consumer: keys.operator }] } }, { status: 400 }),
  },
  { does: 'cannot be reached', answer: () => Promise.reject(new TypeError(`no wombat at ${keys.operator}`)) },
]

const bodyWith = (body: object, text: string): string => JSON.stringify(body).replaceAll('"hi"', JSON.stringify(text))

const someWords = fc.array(
  fc.constantFrom('quokka ', 'maskquokka ', 'cutquokka ', 'flagquokka ', 'QUOKKA四', 'the end of a wombat. '),
  { minLength: 1, maxLength: 5 },
)

describe('law 10: discreet', () => {
  test(
    'no record and no log has a word of what was asked or answered, nor a key, whatever the upstream does',
    async () => {
      const loud = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) =>
        vi.spyOn(console, level).mockImplementation(() => {}),
      )
      const someCase = fc.record({
        speaker: fc.constantFrom(...Object.values(speakers)),
        upstream: fc.constantFrom(...upstreams),
        prompt: fc.constantFrom('wombat', 'a blockwombat', '{"wombat'),
        words: someWords,
        places: somePlaces,
        broken: fc.boolean(),
      })
      await fc.assert(
        fc.asyncProperty(someCase, async ({ speaker, upstream, prompt, words, places, broken }) => {
          const asked: Request[] = []
          vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
            asked.push(new Request(url, { ...init, signal: null }))
            return await upstream.answer(speaker, [...speaker.opening, ...divide(words.join(''), places).map(speaker.says)])
          })
          const env = Object.fromEntries(
            ['OPENAI', 'ANTHROPIC', 'GEMINI'].flatMap((name) => [
              [`${name}_BASE_URL`, 'http://upstream.example/v1'],
              [`${name}_API_KEY`, keys.operator],
            ]),
          )
          const work: Promise<unknown>[] = []
          const execution = {
            waitUntil: (promise: Promise<unknown>) => void work.push(promise),
            passThroughOnException: () => {},
            props: {},
          }
          const question = bodyWith(speaker.body, prompt)
          const response = await createGateway(env, { bundled }).fetch(
            new Request(`http://sluice.example${speaker.path}`, {
              method: 'POST',
              headers: { authorization: `Bearer ${keys.client}`, 'x-api-key': keys.client, 'x-goog-api-key': keys.client },
              body: broken ? question.slice(0, -1) : question,
            }),
            env,
            execution,
          )
          const text = await response.text().catch(() => '')
          await Promise.all(work)
          const told = loud.flatMap(({ mock }) => mock.calls.flat().map((line) => String(line)))
          for (const one of loud) one.mockClear()
          expect(told.filter((line) => line.includes('"sluice":"trail"'))).toHaveLength(1)
          for (const line of told) {
            expect(line).not.toMatch(said)
            for (const key of Object.values(keys)) expect(line).not.toContain(key)
          }
          const outside = JSON.stringify([...response.headers]) + text
          for (const key of Object.values(keys)) expect(outside).not.toContain(key)
          expect(asked).toHaveLength(broken || prompt === 'a blockwombat' ? 0 : 1)
          for (const request of asked) {
            const inside = JSON.stringify([...request.headers]) + request.url + (await request.text())
            expect(inside).not.toContain(keys.client)
            expect(inside).toContain(keys.operator)
          }
        }),
        runs(200),
      )
    },
    patience,
  )
})
