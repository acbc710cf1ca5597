/** Where the text is in Anthropic's messages, streamed and whole (Messages API reference, "Streaming messages"). */
import {
  answer,
  compaction,
  enterDelta,
  enterStart,
  enterWhole,
  kindOfBlock,
  kindOfDelta,
  leaveDelta,
  leaveStart,
  leaveStop,
  leaveWhole,
  reasoning,
  toolInput,
  toolName,
} from './anthropic-messages-blocks.ts'
import {
  codes,
  either,
  type Hook,
  type JsonRecord,
  kinds,
  list,
  media,
  metadata,
  prepared,
  record,
  type ScopeMemory,
  type Shape,
  says,
  sealed,
  speech,
  voice,
  whole,
} from './shape.ts'
import { messageUsage } from './usage.ts'

const beside = (tail: string) => whole(voice('answer', { tail }))

const failure = beside('error')
const cited = beside('citations')
const result = voice('answer', { tail: 'results' })
const results = whole(result)

/** The places cited are in the documents of the request; no offset points into the answer. */
const citation = record({
  type: metadata,
  cited_text: cited,
  title: cited,
  document_title: cited,
  search_result_title: cited,
  url: cited,
  source: cited,
  file_id: metadata,
  encrypted_index: sealed,
})

const text = record({ type: metadata, text: says(answer), citations: list(citation) })

/** `data` of a document is its text, or a file in base64; what reads like base64 may well be a text of one word. */
const described = { type: metadata, media_type: metadata, file_id: metadata, url: results }
const source = kinds(({ type }) => (type === 'base64' ? 'base64' : 'text'), {
  base64: record({ ...described, data: media('file', result) }),
  text: { ...results, deep: true, fields: described },
})

/** What a server's tool found: titles, pages, output of programs, in whatever structure. */
const found: Shape = {
  ...results,
  deep: true,
  fields: {
    type: metadata,
    error_code: metadata,
    tool_use_id: metadata,
    file_id: metadata,
    tool_name: metadata,
    encrypted_content: sealed,
    encrypted_stdout: sealed,
    source: either(results, source),
  },
}

/** Empty where the input comes in pieces. */
const input: Shape = {
  ...says(toolInput),
  read: (walk, value, holder, key) => {
    const isEmpty = Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0
    if (!isEmpty) walk.document(toolInput, value, 'adds', holder, key)
  },
}

const blocks = {
  text,
  thinking: record({ type: metadata, thinking: says(reasoning), signature: sealed }),
  redacted_thinking: record({ type: metadata, data: sealed }),
  tool: speech({
    type: metadata,
    id: metadata,
    name: says(toolName),
    input,
    server_name: metadata,
    caller: codes,
  }),
  compaction: record({ type: metadata, content: says(compaction), encrypted_content: sealed }),
  result: record({
    type: metadata,
    tool_use_id: metadata,
    is_error: metadata,
    content: found,
    caller: codes,
    file_id: metadata,
    from: codes,
    to: codes,
  }),
  other: record({ type: metadata, id: metadata }),
}

const withHooks = (shapes: Readonly<Record<string, Shape>>, enter: Hook, leave: Hook): Record<string, Shape> =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { ...shape, enter, leave }]))

const block: Shape = { adds: true, ...kinds(kindOfBlock, blocks) }
const wholeBlock: Shape = { adds: true, ...kinds(kindOfBlock, withHooks(blocks, enterWhole, leaveWhole)) }

const typed = (fields: Readonly<Record<string, Shape>>): Shape => record({ type: metadata, ...fields })

const delta: Shape = {
  adds: true,
  ...kinds(kindOfDelta, {
    text_delta: typed({ text: says(answer) }),
    input_json_delta: typed({ partial_json: says(toolInput) }),
    thinking_delta: typed({ thinking: says(reasoning) }),
    signature_delta: typed({ signature: sealed }),
    citations_delta: typed({ citation }),
    compaction_delta: typed({ content: says(compaction), encrypted_content: sealed }),
  }),
  fields: { type: metadata },
}

const stopping = {
  stop_reason: metadata,
  stop_sequence: beside('stop_sequence'),
  stop_details: record({
    type: metadata,
    category: metadata,
    explanation: beside('stop_details'),
    recommended_model: metadata,
  }),
  container: codes,
  safeguard_results: codes,
}

const message: Shape = speech({
  id: metadata,
  type: metadata,
  role: metadata,
  model: metadata,
  content: list(wholeBlock),
  ...stopping,
  usage: messageUsage,
  context_management: codes,
})

const error: Shape = {
  ...failure,
  ...record({ type: metadata, code: metadata, message: failure, details: either(failure, codes) }),
}

/** Messages that are over, by the scope of what belongs to none. */
const over = new WeakMap<ScopeMemory, number>()

/**
 * A stream has one message; where another follows its end, that is a scope of its own. Gateways that try again put a second
 * beginning into the middle of a message, after which some clients read on as if there was none: that is one scope.
 */
const enterEvent: Hook = (walk, { type }) => {
  const outer = walk.scope
  const before = over.get(outer) ?? 0
  // Whatever comes after the last word without a new beginning still belongs to the message that had it.
  const isAfter = before > 0 && type !== 'message_start' && !continues.has(outer)
  if (type === 'message_start') continues.add(outer)
  if (type === 'message_stop' && continues.delete(outer)) over.set(outer, before + 1)
  walk.enterScope(String(isAfter ? before - 1 : before))
}

/** A message has begun that is not over. */
const continues = new WeakSet<ScopeMemory>()

const leaveEvent: Hook = (walk) => walk.leaveScope()

/** An event of the message: its own hooks run inside the message's scope. */
const event = (fields: Readonly<Record<string, Shape>>, enter?: Hook, leave?: Hook): Shape => ({
  ...record({ type: metadata, ...fields }),
  enter: (walk, value, position) => {
    enterEvent(walk, value, position)
    enter?.(walk, value, position)
  },
  leave: (walk, value, position) => {
    leave?.(walk, value, position)
    leaveEvent(walk, value, position)
  },
})

const stop: Hook = (walk, { delta }) => {
  const reason = (delta as JsonRecord | undefined)?.['stop_reason']
  if (typeof reason === 'string') walk.endScope(reason)
}

export function kindOfEvent({ type, error, message }: JsonRecord): string {
  if (typeof type === 'string' && Object.hasOwn(events, type)) return type
  return type === undefined && (error !== undefined || typeof message === 'string') ? 'error' : 'other'
}

const failed = record({ type: metadata, error, message: failure, request_id: metadata })

const events = {
  message_start: event({ message }),
  content_block_start: event({ index: metadata, content_block: block }, enterStart, leaveStart),
  content_block_delta: event({ index: metadata, delta }, enterDelta, leaveDelta),
  content_block_stop: event({ index: metadata }, undefined, leaveStop),
  message_delta: event({ delta: speech(stopping), usage: messageUsage, context_management: codes }, undefined, stop),
  message_stop: event({}),
  ping: record({ type: metadata }),
  error: failed,
  other: { ...event({}), scope: true } satisfies Shape,
}

/** An event of a stream. */
export const streamed = prepared(kinds(kindOfEvent, events))

/** A whole message, or an error in its place. */
export const body = prepared(
  kinds(
    ({ type, error, content }) => (type === 'error' || (error !== undefined && content === undefined) ? 'error' : 'message'),
    {
      message: {
        ...message,
        enter: (walk) => {
          walk.enterScope('0')
        },
        leave: (walk, { stop_reason: reason }) => {
          if (typeof reason === 'string') walk.endScope(reason)
          walk.leaveScope()
        },
      },
      error: failed,
    },
  ),
)
