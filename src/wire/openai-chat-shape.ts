/** Where the text is in OpenAI's chat completions, in all the spellings of the servers that speak them. */
import { indexOf } from './indexes.ts'
import { readTokens, type SpellingVoices } from './logprobs.ts'
import { choiceFields, filterResults, serverFields } from './openai-server-fields.ts'
import {
  codes,
  copies,
  either,
  type Hook,
  type JsonRecord,
  list,
  media,
  metadata,
  prepared,
  record,
  type Shape,
  says,
  sealed,
  signature,
  speech,
  type Voice,
  voice,
  whole,
} from './shape.ts'
import { completionUsage } from './usage.ts'

const answer = voice('answer', { json: 'asked' })
const reasoning = voice('reasoning')
const refusal = voice('refusal')
const toolInput = voice('tool_input', { indexed: true, json: true, atomic: true })
const toolName = voice('tool_input', { indexed: true, tail: 'name', atomic: true, fixed: true })
const toolId = voice('tool_input', { indexed: true, tail: 'id', atomic: true, fixed: true })
const customInput = voice('tool_input', { indexed: true, atomic: true })
const functionInput = voice('tool_input', { tail: 'function_call', json: true, atomic: true })
const functionName = voice('tool_input', { tail: 'function_call/name', atomic: true, fixed: true })
const beside = (tail: string) => whole(voice('answer', { tail }))

const reasoningCopy = (tail: string) => copies(reasoning, voice('reasoning', { tail }))

const failure = beside('error')
const cited = beside('annotations')
const searched = beside('search_results')
const ran = whole(voice('tool_input', { tail: 'executed' }))
const picture = media('image', voice('answer', { tail: 'image' }))

const errorMetadata = { raw: failure, provider_name: metadata, reasons: codes, flagged_input: failure }

const errorFields = {
  message: failure,
  failed_generation: failure,
  type: metadata,
  code: metadata,
  param: metadata,
  status: metadata,
  status_code: metadata,
  innererror: filterResults,
}

/** A failure, wherever a server puts it. */
export const error = either(failure, record({ ...errorFields, metadata: record(errorMetadata) }))

const link = {
  type: metadata,
  url: cited,
  title: cited,
  content: cited,
  filename: cited,
  file_id: metadata,
  start_index: metadata,
  end_index: metadata,
  index: metadata,
}

const annotation = record({ ...link, url_citation: record(link), file_citation: record(link), file_path: record(link) })

const searchResult = record({
  title: searched,
  url: searched,
  content: searched,
  snippet: searched,
  source: searched,
  score: metadata,
  date: metadata,
  last_updated: metadata,
})

/** Parts of a content list; Mistral's reasoning models think inside the content. */
const part = speech({
  type: metadata,
  id: metadata,
  index: metadata,
  thinking: either(says(reasoning), list(speech({ type: metadata, text: says(reasoning) }))),
  text: says(answer),
  refusal: says(refusal),
  annotations: list(annotation),
  signature,
  closed: metadata,
  image_url: either(picture, record({ url: picture, detail: metadata })),
})

const reasoningDetail = speech({
  type: metadata,
  id: metadata,
  format: metadata,
  index: metadata,
  text: reasoningCopy('details'),
  summary: reasoningCopy('details'),
  data: sealed,
  signature,
})

/**
 * Each call speaks at its own index. A server that gives none (Gemini's compatible endpoint) sends calls one by one: a
 * new id or another name begins the next. Some repeat the id with every piece, or send it empty.
 */
const enterCall: Hook = (walk, call) => {
  const { scope } = walk
  scope.mark = walk.found
  const id = typeof call['id'] === 'string' ? call['id'] : ''
  const index = indexOf(call['index'])
  if (index !== undefined) walk.enterPart(index)
  else if (scope.part === undefined || (id !== '' ? id !== scope.partId : isNamed(call))) walk.enterPart(scope.lastPart + 1)
  if (id !== '') scope.partId = id
}

/** A piece of a call that has no index may begin the next call: another like it does not mean the same once more. */
export function callsWithoutIndex(chunk: JsonRecord): boolean {
  const choices = chunk['choices'] as { delta?: { tool_calls?: { index?: unknown }[] } }[] | undefined
  return (
    Array.isArray(choices) &&
    choices.some((choice) => choice?.delta?.tool_calls?.some?.((call) => indexOf(call?.index) === undefined))
  )
}

function isNamed(call: JsonRecord): boolean {
  const { function: called, custom } = call as { function?: { name?: unknown } | null; custom?: { name?: unknown } | null }
  return Boolean(called?.name ?? custom?.name)
}

/** A piece that brings nothing but the call's id announces the call all the same: the id waits for it like the rest. */
const leaveCall: Hook = (walk, call) => {
  const { id } = call
  if (walk.found === walk.scope.mark && typeof id === 'string' && id !== '') walk.say(toolId, id, call, 'id')
}

const call: Shape = {
  ...speech({
    index: metadata,
    id: metadata,
    type: metadata,
    function: speech({ name: says(toolName), arguments: says(toolInput) }),
    custom: speech({ name: says(toolName), input: says(customInput) }),
    extra_content: record({ google: record({ thought_signature: sealed }) }),
  }),
  enter: enterCall,
  leave: leaveCall,
}

const executedTool = record({
  index: metadata,
  id: metadata,
  type: metadata,
  name: ran,
  arguments: ran,
  output: ran,
  search_results: record({ results: list(searchResult) }),
})

/** A delta of a stream and a message of a whole body say the same things under the same names. */
const said = speech({
  role: metadata,
  channel: beside('channel'),
  id: metadata,
  token_id: metadata,
  reasoning: says(reasoning),
  reasoning_content: reasoningCopy('content'),
  reasoning_text: reasoningCopy('text'),
  reasoning_details: list(reasoningDetail),
  reasoning_opaque: sealed,
  reasoning_signature: signature,
  content: either(says(answer), list(part)),
  refusal: says(refusal),
  audio: record({
    id: metadata,
    transcript: says(voice('answer', { tail: 'audio' })),
    data: media('audio', voice('answer', { tail: 'audio/data' })),
    expires_at: metadata,
  }),
  images: list(record({ type: metadata, index: metadata, image_url: record({ url: picture, detail: metadata }) })),
  function_call: speech({ name: says(functionName), arguments: says(functionInput) }),
  tool_calls: list(call),
  executed_tools: list(executedTool),
  annotations: list(annotation),
})

const spelling = (of: Voice, tail: string): SpellingVoices => ({
  of,
  otherwise: voice(of.kind, { tail: `${tail}/tokens` }),
  bytes: voice(of.kind, { tail: `${tail}/bytes` }),
  alternatives: voice(of.kind, { tail: `${tail}/alternatives` }),
})
const answerSpelling = spelling(answer, 'logprobs')
const refusalSpelling = spelling(refusal, 'logprobs')

const logprobs: Shape = {
  read: (walk, value, holder, key) => {
    if (Array.isArray(value)) return walk.unknown(value, 'logprobs', holder, key)
    walk.describe()
    for (const name in value) {
      const fields = value as JsonRecord
      const voices = name === 'content' ? answerSpelling : name === 'refusal' ? refusalSpelling : undefined
      if (voices === undefined) {
        walk.unknownField(fields, name, 'logprobs')
        continue
      }
      walk.keys++
      const tokens = fields[name]
      if (Array.isArray(tokens)) readTokens(walk, tokens, voices, holder, key)
      else walk.unknown(tokens, `logprobs.${name}`, fields, name)
    }
  },
}

/** The scope a choice belongs to; servers with one choice may leave the index out. */
export function scopeOf(choice: JsonRecord, position: number): string {
  return String(indexOf(choice['index']) ?? position)
}

/**
 * The choice has something beside its text that points into it or spells it: Azure's offsets, which come in frames without
 * any text of their own, and the numbers of tokens, which vLLM adds where it is asked to and Together always.
 */
export function pins(choice: JsonRecord): boolean {
  const { delta } = choice as { delta?: JsonRecord | null }
  return (
    choice['content_filter_offsets'] !== undefined ||
    Array.isArray(choice['token_ids']) ||
    typeof delta?.['token_id'] === 'number'
  )
}

const enterChoice: Hook = (walk, choice, position) => {
  walk.enterScope(scopeOf(choice, position))
  const speaker = (choice['delta'] ?? choice['message']) as JsonRecord | null | undefined
  if (typeof speaker?.['role'] === 'string') walk.scope.introduced = true
  if (pins(choice) || Array.isArray(speaker?.['annotations'])) walk.describe()
}

/** A choice has said all it will where its finish says so. */
export const leaveChoice: Hook = (walk, choice) => {
  const finish = choice['finish_reason']
  if (typeof finish === 'string' && finish !== '') walk.endScope(finish)
  walk.leaveScope()
}

const choice: Shape = {
  ...speech({
    index: metadata,
    finish_reason: metadata,
    native_finish_reason: metadata,
    stop_reason: beside('stop_reason'),
    matched_stop: beside('stop_reason'),
    delta: said,
    message: said,
    text: copies(answer, voice('answer', { tail: 'text' })),
    logprobs,
    error,
    content_filter_results: filterResults,
    content_filter_offsets: codes,
    content_filter_raw: filterResults,
    ...choiceFields,
  }),
  scope: true,
  enter: enterChoice,
  leave: leaveChoice,
}

/** What a chunk and a whole answer of either API call themselves alike. */
export const ofEveryAnswer: Readonly<Record<string, Shape>> = {
  id: metadata,
  object: metadata,
  created: metadata,
  model: metadata,
  system_fingerprint: metadata,
  service_tier: metadata,
  provider: metadata,
  obfuscation: metadata,
}

/** A chunk of a stream or a whole answer. */
export const chat = prepared(
  record({
    ...ofEveryAnswer,
    choices: list(choice),
    usage: completionUsage,
    moderation: codes,
    prompt_filter_results: filterResults,
    prompt_annotations: filterResults,
    citations: list(beside('citations')),
    search_results: list(searchResult),
    related_questions: list(beside('related_questions')),
    error,
    request_id: metadata,
    ...serverFields,
  }),
)
