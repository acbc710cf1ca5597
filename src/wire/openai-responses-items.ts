/** Where the text is in the items of OpenAI's Responses and their parts: messages, reasoning, calls of every kind of tool. */
import { readTokens, type SpellingVoices } from './logprobs.ts'
import {
  document,
  either,
  type Hook,
  type JsonRecord,
  kinds,
  list,
  media,
  metadata,
  record,
  type Shape,
  sealed,
  speech,
  tells,
  type Voice,
  voice,
  whole,
} from './shape.ts'

const part = { indexed: true, counted: true, restated: true } as const
export const answer = voice('answer', { ...part, json: 'asked' })
export const refusal = voice('refusal', part)
export const reasoning = voice('reasoning', part)
export const toolInput = voice('tool_input', { ...part, json: true, atomic: true })
export const customInput = voice('tool_input', { ...part, atomic: true })
export const toolName = voice('tool_input', { ...part, tail: 'name', atomic: true, fixed: true })
export const toolOutput = voice('tool_input', { indexed: true, counted: true, tail: 'output' })
export const toolErrors = voice('tool_input', { indexed: true, counted: true, tail: 'errors' })
export const transcript = voice('answer', { tail: 'audio' })

/** What a tool was told or gave back, where it comes in one piece. */
const done = voice('tool_input', { tail: 'tools' })
export const ran = whole(done)
const ranDocument = document(voice('tool_input', { tail: 'tools', json: true }), 'whole')
const failure = whole(voice('answer', { tail: 'error' }))
const cited = whole(voice('answer', { tail: 'annotations' }))
export const picture = media('image', voice('tool_input', { tail: 'image' }))

export const errorFields = { type: metadata, code: metadata, message: failure, param: metadata }
export const error = either(failure, record(errorFields))

/** Parts of an item are numbered apart: the item's own thread, its contents (or commands), its summaries. */
const itemParts = 4096
const firstSummary = 2048

/** The number of a thread, by which the memory knows it. `position` is that of the part; absent for what is the item's own. */
export function threadOf(item: number, position?: number, of: 'content' | 'summary' = 'content'): number {
  if (position === undefined) return item * itemParts
  return item * itemParts + (of === 'summary' ? firstSummary : 1) + Math.min(position, firstSummary - 2)
}

const spelling = (of: Voice): SpellingVoices => ({
  of,
  otherwise: voice(of.kind, { tail: 'logprobs/tokens' }),
  bytes: voice(of.kind, { tail: 'logprobs/bytes' }),
  alternatives: voice(of.kind, { tail: 'logprobs/alternatives' }),
})
const answerSpelling = spelling(answer)

export const logprobs: Shape = {
  read: (walk, value, holder, key) => {
    if (Array.isArray(value)) readTokens(walk, value, answerSpelling, holder, key)
    else walk.unknown(value, 'logprobs', holder, key)
  },
}

export const annotation = record({
  type: metadata,
  index: metadata,
  start_index: metadata,
  end_index: metadata,
  url: cited,
  title: cited,
  filename: cited,
  file_id: metadata,
  container_id: metadata,
})

const typeOf = ({ type }: JsonRecord): string => (typeof type === 'string' ? type : '')

const partFields = { type: metadata, id: metadata, annotations: list(annotation), logprobs }

/** A part of a message or of reasoning; `enter` where it stands in a list and has to say which it is. */
export function partShape(enter?: Hook): Shape {
  const shape = (fields: Record<string, Shape>): Shape => ({ ...speech({ ...fields, ...partFields }), ...(enter && { enter }) })
  return {
    ...shape({
      text: tells(answer),
      refusal: tells(refusal),
      transcript: tells(transcript),
      data: media('audio', transcript),
      image_url: picture,
      file_id: metadata,
      detail: metadata,
    }),
    ...kinds(typeOf, {
      reasoning_text: shape({ text: tells(reasoning) }),
      summary_text: shape({ text: tells(reasoning) }),
    }),
  }
}

const listed = (of: 'content' | 'summary'): Shape =>
  list(
    partShape(({ scope }, _part, position) => {
      scope.part = threadOf(scope.item, position, of)
    }),
  )

/** Strings of a tool's item that name or count something, whatever the tool. */
const toolCodes = {
  type: metadata,
  id: metadata,
  call_id: metadata,
  status: metadata,
  role: metadata,
  phase: metadata,
  container_id: metadata,
  approval_request_id: metadata,
  server_label: metadata,
  execution: metadata,
  size: metadata,
  quality: metadata,
  background: metadata,
  output_format: metadata,
  created_by: metadata,
  max_output_length: metadata,
}

const operation = speech({ type: metadata, path: ran, diff: tells(customInput) })

const toolItem = speech({
  ...toolCodes,
  name: tells(toolName),
  namespace: ran,
  arguments: either(tells(toolInput), ranDocument),
  input: either(tells(customInput), ranDocument),
  code: tells(customInput),
  operation,
  content: listed('content'),
  action: ranDocument,
  actions: ranDocument,
  pending_safety_checks: ranDocument,
  acknowledged_safety_checks: ranDocument,
  environment: ranDocument,
  queries: ranDocument,
  results: ranDocument,
  tools: ranDocument,
  output: either(ran, ranDocument),
  outputs: list(record({ type: metadata, logs: ran, url: picture })),
  result: media('image', done),
  revised_prompt: ran,
  reason: ran,
  error: either(ran, ranDocument),
  encrypted_content: sealed,
})

/** Calls that a client runs by their `call_id` are announced, told and ended together, also where the announcement says nothing. */
export const enterItem: Hook = ({ scope }, _item, position) => {
  scope.item = position
  scope.part = threadOf(position)
}

const leaveItem: Hook = (walk, item) => {
  const { scope } = walk
  scope.part = threadOf(scope.item)
  if (scope.closing) walk.closePart()
  else if (typeof item['call_id'] === 'string' && walk.said(toolName).length === 0) walk.tie(toolName, item)
}

/** @param enter where the item stands in a list. */
export function itemShape(enter?: Hook): Shape {
  const hooks = { ...(enter && { enter }), leave: leaveItem }
  const spokenParts = { ...toolCodes, summary: listed('summary'), content: listed('content'), encrypted_content: sealed }
  return {
    ...toolItem,
    ...hooks,
    ...kinds(typeOf, {
      message: { ...speech(spokenParts), ...(enter && { enter }) },
      reasoning: { ...speech(spokenParts), ...(enter && { enter }) },
    }),
  }
}
