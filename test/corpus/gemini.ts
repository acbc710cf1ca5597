/** Recorded streams of Gemini, as events, as the arrays Google sends, and events as arrays. Its client is installed with the suite of clients only. */
import type { Fields, RecordedDialect } from './recorded.ts'
import { eventsOf, type Leaf, leavesOf } from './walker.ts'

type Form = 'events' | 'array'

/** A thought and an answer stand in the same field, and an index of 0 is left out: threads need names of their own. */
function leaves(event: Fields): Leaf[] {
  const candidates = (event['candidates'] as Fields[] | undefined)?.map((candidate) => {
    const content = candidate['content'] as { parts?: Fields[] } | undefined
    const parts = content?.parts?.map(({ text, ...part }) => ({ ...part, [part['thought'] === true ? 'thinks' : 'text']: text }))
    return { index: 0, ...candidate, ...(content && { content: { ...content, ...(parts && { parts }) } }) }
  })
  return leavesOf({ ...event, ...(candidates && { candidates }) })
}

const written: Readonly<Record<Form, (chunks: readonly string[]) => string>> = {
  events: (chunks) => chunks.map((chunk) => `data: ${chunk}\r\n\r\n`).join(''),
  array: (chunks) => `[${chunks.join('\n,\r\n')}\n]`,
}

const messagesIn: Readonly<Record<Form, (bytes: Uint8Array) => Fields[]>> = {
  events: eventsOf,
  array: (bytes) => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Fields[],
}

function recordedAs(form: Form, protocol: string): RecordedDialect {
  const read = messagesIn[form]
  return {
    protocol,
    url: `http://upstream.example/v1beta/models/m:streamGenerateContent${form === 'events' ? '?alt=sse' : ''}`,
    facts: () => ({ stream: true, scopes: 1, json: false, usage: true, model: 'm', framing: form }),
    framed: written[form],
    outcomes: {},
    eventsOf: read,
    leavesOf: leaves,
    isSaid: (path) => /\.parts\[\]\.(?:text|thinks)$/.test(path),
    scopeOf: (path) => path.slice(0, path.indexOf(']')),
    streamOf: (recording, path, pieces) => {
      const template = read(recording).find(({ candidates }) => candidates !== undefined)
      const thought = path.endsWith('.thinks') ? { thought: true } : {}
      const chunk = (text: string, more: Fields = {}) =>
        JSON.stringify({ ...template, candidates: [{ content: { parts: [{ text, ...thought }], role: 'model' }, ...more }] })
      const chunks = [...pieces.map((piece) => chunk(piece)), chunk('', { finishReason: 'STOP' })]
      const field = path.slice(path.lastIndexOf('.') + 1)
      return { bytes: new TextEncoder().encode(written[form](chunks)), path: `candidates[0].content.parts[].${field}` }
    },
    endingsOf: (bytes) => {
      const endings = new Map<unknown, 'own' | 'cut'>()
      for (const { candidates } of read(bytes)) {
        for (const { index = 0, finishReason, safetyRatings } of (candidates ?? []) as Fields[]) {
          // Google says how it rated what it stopped.
          const isOurs = finishReason === 'SAFETY' && safetyRatings === undefined
          if (typeof finishReason === 'string') endings.set(index, isOurs ? 'cut' : 'own')
        }
      }
      return [...endings.values()]
    },
  }
}

const events = recordedAs('events', 'gemini.generateContent.sse')
const arrays = recordedAs('array', 'gemini.generateContent.json-array')

export const recordedGemini: readonly RecordedDialect[] = [
  events,
  arrays,
  {
    ...arrays,
    protocol: events.protocol,
    reframed: (bytes) => new TextEncoder().encode(written.array(eventsOf(bytes).map((event) => JSON.stringify(event, null, 2)))),
  },
]
