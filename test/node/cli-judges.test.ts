/** Policies with judges, tried from the command line: scripted in tests, assumed in replays, really asked where somebody says so. */
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { objectsIn, Workplace } from './cli.ts'
import { type Listening, listen } from './listen.ts'

/** The judge has all the time there may be: a busy machine has let the usual second and a half go by. */
const policy = `name: judged
judges:
  guard: { kind: openai_moderation, base_url: GUARD_BASE_URL, api_key: GUARD_API_KEY, timeout_ms: 8000, stretch: { first: 10, grow_to: 80 } }
rules:
  - { id: violence, judge: guard, where: { category: violence, at_least: 0.5 }, action: cut }
  - id: despair
    words: { terms: ["can't go on"] }
    action: ask
    ask: { judge: guard, where: { category: self-harm }, then: mask }
    with: "[…]"
tests:
  - name: nobody is in danger
    answer: "I can't go on like this."
    judge: { guard: [] }
    asked: [guard]
    reads: "I can't go on like this."
  - answer: "I can't go on like this."
    judge: { guard: [self-harm] }
    reads: "I […] like this."
  - answer: "It was a quiet day. Then came blood."
    judge: { guard: [{ category: violence, score: 0.9 }] }
    cut_by: violence
    reads: ""
  - answer: "It was a quiet day."
    judge: { guard: timeout }
    cut_by: guard
`

let place: Workplace
let server: Listening
let environment: NodeJS.ProcessEnv
let asked = 0

beforeAll(async () => {
  server = await listen(async (request, response) => {
    asked += 1
    const violence = (await text(request)).includes('blood') ? 0.8 : 0.01
    const results = [{ flagged: violence > 0.5, categories: { violence: violence > 0.5 }, category_scores: { violence } }]
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: 'm', model: 'any', results }))
  })
  environment = { GUARD_BASE_URL: `${server.url}/v1`, GUARD_API_KEY: 'none' }
  place = new Workplace({
    'p.yaml': policy,
    'texts.jsonl': '{"text":"It was a quiet day. Then came blood and thunder over the hills."}\n{"text":"All is well."}\n',
  })
})

afterAll(async () => {
  await server.close()
  place.remove()
})

test('the tests of a policy say what its judges answer', async () => {
  const { out, err, code } = await place.run(['test', 'p.yaml'])
  expect([out.split('\n')[0], err, code]).toEqual(['pass  p.yaml: 4 tests', '', 0])
})

test('explain names the judge, and says whether it was asked', async () => {
  place.write({ 'says.yaml': 'guard: [self-harm]\n' })
  const args = ['explain', '--policy', 'p.yaml', '--judges', 'says.yaml', "I can't go on."]
  const { out, err } = await place.run(args)
  expect(out).toContain('text:1:3: ask by despair, "[…]" in its place\n')
  expect(out).toContain(`  term     "can't go on"  p.yaml:7\n  judge    guard, asked and in favour\n`)
  expect(out).toContain('the reader gets  "I […]."')
  expect(err).toBe('the judges of judged (guard) were not asked, and are taken to say what says.yaml says\n')
})

describe('replay --judges ask', () => {
  test('asks them by the variables that the policy names', async () => {
    const args = ['replay', '--policy', 'p.yaml', '--judges', 'ask', '--json', 'texts.jsonl']
    const { out, err, code } = await place.program(args, { env: environment })
    expect([err, code]).toEqual(['', 0])
    expect(asked).toBeGreaterThan(1)
    expect(objectsIn(out)).toMatchObject([
      { verdict: 'cut', by: ['violence'], released: 'It was a quiet day.', faults: [] },
      { verdict: 'clear', inquiries: 1, released: 'All is well.' },
    ])
  })

  test('says which variable is missing', async () => {
    const args = ['replay', '--policy', 'p.yaml', '--judges', 'ask', '--json', 'texts.jsonl']
    const { out, err, code } = await place.program(args, { env: { GUARD_BASE_URL: undefined, GUARD_API_KEY: undefined } })
    expect([out, code]).toEqual(['', 1])
    expect(err).toContain('The judge "guard"')
    expect(err).toContain('(judge_unreachable)')
  })

  test('tells a judge that cannot be reached as a fault, for which on_fault cuts', async () => {
    const env = { ...environment, GUARD_BASE_URL: 'http://127.0.0.1:9/v1' }
    const { out } = await place.program(['replay', '--policy', 'p.yaml', '--judges', 'ask', '--json', 'texts.jsonl'], { env })
    expect(objectsIn(out)[1]).toMatchObject({
      verdict: 'fault',
      by: ['guard'],
      released: '',
      faults: [expect.stringMatching(/^judge_/)],
    })
  })
})
