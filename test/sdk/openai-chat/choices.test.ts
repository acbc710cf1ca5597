/** Two choices of which one is cut: the other goes on, and no client mistakes one for the other. */
import type OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cases } from '../cases.ts'
import type { Wire } from '../dialect.ts'
import { generations } from '../openai.ts'
import { type Service, startService } from '../service.ts'
import { openaiChat } from './wire.ts'

const cut = cases.find(({ name }) => name === 'cut')!
const calm = [{ say: 'The sky' }, { say: ' is' }, { say: ' blue' }, { say: ' and' }, { say: ' wide.' }, 'finish'] as const

/** The frames of both, by turns, with the sentinel at the very end. */
const two: Wire = {
  ...openaiChat,
  frames: (script) => {
    const first = openaiChat.frames(script)
    const second = openaiChat.frames(calm).map((frame) => frame.replace('"index":0', '"index":1'))
    const last = [second.at(-2)!, second.at(-1)!]
    const turns = Array.from({ length: second.length - 2 }, (_, index) => [first.slice(0, -2)[index], second[index]])
    return [...turns.flat().filter((frame) => frame !== undefined), ...last]
  },
  whole: (script) => {
    const [first, second] = [openaiChat.whole(script), openaiChat.whole(calm)] as { choices: object[] }[]
    return { ...first, choices: [...first!.choices, ...second!.choices.map((choice) => ({ ...choice, index: 1 }))] }
  },
}

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.close())

function endings({ choices }: OpenAI.ChatCompletion): unknown[] {
  return choices.map(({ index, message, finish_reason }) => [index, message.content, finish_reason])
}

const both = [
  [0, 'The key is ', 'content_filter'],
  [1, 'The sky is blue and wide.', 'stop'],
]

test.each(generations)('$name: the stream helper', async ({ at, chat }) => {
  const { url } = service.open(two, cut, true)
  const request = { ...openaiChat.request(cut.prompt, 'text', true), n: 2 } as never
  expect(endings(await chat(at(url)).stream(request).finalChatCompletion())).toEqual(both)
})

test.each(generations)('$name: a whole answer', async ({ at }) => {
  const { url } = service.open(two, cut, false)
  const request = { ...openaiChat.request(cut.prompt, 'text', false), n: 2 } as never
  expect(endings((await at(url).chat.completions.create(request)) as OpenAI.ChatCompletion)).toEqual(both)
})
