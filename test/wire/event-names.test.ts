/** The name of an event is text, also where nothing else of the event is. */
import { describe, expect, test } from 'vitest'
import { dialects } from '../../src/wire/index.ts'
import { SseFrames } from '../../src/wire/sse.ts'
import { bytesOf, facts, said, texts } from './events.ts'

describe.each(dialects.map((dialect) => ({ name: dialect.name, dialect })))('$name', ({ dialect }) => {
  test.each([
    'data: [DONE]\nevent: a secret\n\n',
    'event: a secret\ndata: [DONE]\n\n',
    'event: a secret\ndata:\n\n',
    'event: a secret\n\n',
  ])('the name in %j is read', (text) => {
    const [frame] = new SseFrames({ most_frame_bytes: 1000 }).push(bytesOf(text))
    const reading = dialect.stream(facts).read(frame!)
    expect(texts(reading).map((segment) => segment.text.replace('event: ', ''))).toEqual(['a secret'])
  })

  test('an event without data and without a name of its own says nothing', () => {
    for (const text of ['data: [DONE]\n\n', 'data:\n\n', '\n']) {
      const [frame] = new SseFrames({ most_frame_bytes: 1000 }).push(bytesOf(text))
      expect(said(dialect.stream(facts).read(frame!))).toEqual([])
    }
  })
})
