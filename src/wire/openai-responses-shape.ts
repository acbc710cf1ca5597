/**
 * Where the text is in OpenAI's Responses, streamed and whole.
 *
 * Every text comes up to five times: in deltas, in the event that closes its part (`*.done`), in the part, in the item and in
 * the whole response. Ids are no keys (GitHub Copilot gives every event another), so a thread is known by its place: the
 * item's `output_index` and the part's `content_index` or `summary_index`. Items and parts are snapshots, each whole in
 * itself: an unknown string in one is a text of its own. Only in deltas and in events of unknown types does unknown text add up.
 *
 * The response says the request's own words again (instructions, tools, metadata …). They were the client's, or were
 * stored by whoever owns the key; they are not the model's, and a rule about answers must not cut one for its instructions.
 */
import { indexOf } from './indexes.ts'
import {
  annotation,
  answer,
  customInput,
  enterItem,
  error,
  errorFields,
  itemShape,
  logprobs,
  partShape,
  picture,
  ran,
  reasoning,
  refusal,
  threadOf,
  toolErrors,
  toolInput,
  toolName,
  toolOutput,
  transcript,
} from './openai-responses-items.ts'
import {
  codes,
  echo,
  either,
  type Hook,
  type JsonRecord,
  kinds,
  list,
  media,
  metadata,
  prepared,
  record,
  type Shape,
  says,
  speech,
  tells,
  voice,
  type Walker,
  whole,
} from './shape.ts'
import { responseUsage } from './usage.ts'

type Placed = 'item' | 'content' | 'summary' | 'command'

/** The index by which an event says which part of its item it is about. */
const positions = { content: 'content_index', summary: 'summary_index', command: 'command_index' } as const

function place({ scope }: Walker, event: JsonRecord, placed: Placed): void {
  scope.item = indexOf(event['output_index']) ?? 0
  const position = placed === 'item' ? undefined : (indexOf(event[positions[placed]]) ?? 0)
  scope.part = threadOf(scope.item, position, placed === 'summary' ? 'summary' : 'content')
}

/** The response that is under way: a stream holds one, a recording of several calls more. */
const enters =
  (closing: boolean, placed: Placed): Hook =>
  (walk, event) => {
    walk.enterScope(responseScope)
    walk.scope.closing = closing
    place(walk, event, placed)
  }

export const responseScope = '0'

const leaves: Hook = (walk) => walk.leaveScope()

const response = speech({
  id: metadata,
  object: metadata,
  created_at: metadata,
  completed_at: metadata,
  status: metadata,
  model: metadata,
  service_tier: metadata,
  error,
  incomplete_details: record({ reason: metadata }),
  previous_response_id: metadata,
  conversation: either(metadata, record({ id: metadata })),
  instructions: echo,
  tools: echo,
  tool_choice: echo,
  // Only as a request writes it: a bare string would be somebody's answer.
  text: record({ format: echo, verbosity: metadata }),
  prompt: echo,
  metadata: echo,
  user: echo,
  safety_identifier: echo,
  prompt_cache_key: echo,
  prompt_cache_retention: metadata,
  prompt_cache_options: codes,
  reasoning: codes,
  truncation: metadata,
  context_management: codes,
  usage: responseUsage,
  moderation: codes,
  content_filters: codes,
  background: metadata,
  billing: codes,
  store: metadata,
  parallel_tool_calls: metadata,
  temperature: metadata,
  top_p: metadata,
  top_logprobs: metadata,
  frequency_penalty: metadata,
  presence_penalty: metadata,
  max_output_tokens: metadata,
  max_tool_calls: metadata,
  output: list(itemShape(enterItem)),
  output_text: whole(voice('answer', { tail: 'output_text', json: 'asked' })),
})

const where = {
  type: metadata,
  sequence_number: metadata,
  response_id: metadata,
  item_id: metadata,
  output_index: metadata,
  content_index: metadata,
  summary_index: metadata,
  annotation_index: metadata,
  command_index: metadata,
  obfuscation: metadata,
}

function event(closing: boolean, placed: Placed, fields: Record<string, Shape>, traits: Partial<Shape> = {}): Shape {
  return { ...speech({ ...where, ...fields }), enter: enters(closing, placed), leave: leaves, ...traits }
}

const outputs = record({ stdout: says(toolOutput), stderr: says(toolErrors) })

/** Events by which text comes piece by piece; only they can be divided. */
const deltas: Record<string, Shape> = {
  'response.output_text.delta': event(false, 'content', { delta: says(answer), logprobs }),
  'response.refusal.delta': event(false, 'content', { delta: says(refusal) }),
  'response.reasoning_text.delta': event(false, 'content', { delta: says(reasoning) }),
  'response.reasoning_summary_text.delta': event(false, 'summary', { delta: says(reasoning) }),
  'response.function_call_arguments.delta': event(false, 'item', { delta: says(toolInput) }),
  'response.mcp_call_arguments.delta': event(false, 'item', { delta: says(toolInput) }),
  'response.custom_tool_call_input.delta': event(false, 'item', { delta: says(customInput) }),
  'response.code_interpreter_call_code.delta': event(false, 'item', { delta: says(customInput) }),
  'response.apply_patch_call_operation_diff.delta': event(false, 'item', { delta: says(customInput) }),
  'response.shell_call_command.delta': event(false, 'command', { delta: says(customInput) }),
  'response.shell_call_output_content.delta': event(false, 'command', { delta: outputs }),
  'response.audio.delta': event(false, 'item', { delta: media('audio', transcript) }),
  'response.audio.transcript.delta': event(false, 'item', { delta: says(transcript) }),
}
for (const name in deltas) deltas[name] = { ...deltas[name], adds: true }

export function isDelta(type: unknown): boolean {
  return typeof type === 'string' && Object.hasOwn(deltas, type)
}

const closes: Hook = (walk) => {
  walk.closePart()
  walk.leaveScope()
}

const shellOutput = list(record({ stdout: ran, stderr: ran, outcome: codes, created_by: metadata }))

/** How a response ended, by the event that tells it. */
const lifecycle = (closing: boolean): Shape => ({
  ...event(closing, 'item', { response }),
  ...(closing && {
    leave: (walk, told) => {
      walk.endScope(finishOf(told))
      walk.leaveScope()
    },
  }),
})

function finishOf({ type, response: told }: JsonRecord): string {
  const reason = ((told as JsonRecord | null)?.['incomplete_details'] as JsonRecord | null | undefined)?.['reason']
  if (type === 'response.incomplete' && typeof reason === 'string' && /^\w{1,64}$/.test(reason)) return reason
  return String(type).replace('response.', '')
}

const events: Record<string, Shape> = {
  ...deltas,
  'response.created': lifecycle(false),
  'response.in_progress': lifecycle(false),
  'response.queued': lifecycle(false),
  'response.completed': lifecycle(true),
  'response.incomplete': lifecycle(true),
  'response.failed': lifecycle(true),
  'response.cancelled': lifecycle(true),
  'response.output_item.added': event(false, 'item', { item: itemShape() }),
  'response.output_item.done': event(true, 'item', { item: itemShape() }),
  'response.content_part.added': event(false, 'content', { part: partShape() }),
  'response.content_part.done': event(true, 'content', { part: partShape() }),
  'response.reasoning_summary_part.added': event(false, 'summary', { part: partShape() }),
  'response.reasoning_summary_part.done': event(true, 'summary', { part: partShape() }),
  'response.output_text.done': event(true, 'content', { text: tells(answer), logprobs }),
  'response.refusal.done': event(true, 'content', { refusal: tells(refusal) }),
  'response.reasoning_text.done': event(true, 'content', { text: tells(reasoning) }),
  'response.reasoning_summary_text.done': event(true, 'summary', { text: tells(reasoning) }),
  'response.function_call_arguments.done': event(true, 'item', { name: tells(toolName), arguments: tells(toolInput) }),
  'response.mcp_call_arguments.done': event(true, 'item', { name: tells(toolName), arguments: tells(toolInput) }),
  'response.custom_tool_call_input.done': event(true, 'item', { input: tells(customInput) }),
  'response.code_interpreter_call_code.done': event(true, 'item', { code: tells(customInput) }),
  'response.apply_patch_call_operation_diff.done': event(true, 'item', { diff: tells(customInput) }),
  'response.shell_call_command.added': event(false, 'command', { command: tells(customInput) }),
  'response.shell_call_command.done': event(true, 'command', { command: tells(customInput) }, { leave: closes }),
  'response.shell_call_output_content.done': event(true, 'command', { output: shellOutput }, { leave: closes }),
  'response.output_text.annotation.added': event(false, 'content', {
    annotation: {
      ...annotation,
      // It points into the text, and says nothing of what became of that.
      enter: (walk) => walk.describe(),
    },
  }),
  'response.audio.transcript.done': event(true, 'item', { transcript: whole(transcript) }),
  'response.image_generation_call.partial_image': event(false, 'item', {
    partial_image_index: metadata,
    partial_image_b64: picture,
    size: metadata,
    quality: metadata,
    background: metadata,
    output_format: metadata,
  }),
  error: event(
    false,
    'item',
    { ...errorFields, error },
    {
      leave: (walk) => {
        walk.endScope('error')
        walk.leaveScope()
      },
    },
  ),
}

/** The event says how something stands or ended: what is left of that after a cut is for the ending to say. */
export function tellsWhole(type: unknown): boolean {
  return typeof type === 'string' && Object.hasOwn(events, type) && !isDelta(type)
}

/** An event of a stream; of a type that is not known, every string may be somebody's way of saying text. */
export const responsesEvent = prepared(
  kinds(({ type }) => (typeof type === 'string' && Object.hasOwn(events, type) ? type : 'stranger'), {
    ...events,
    stranger: event(false, 'item', {}, { adds: true }),
  }),
)

/** A response as a whole body, or an error in its place. */
export const responsesBody = prepared({
  ...response,
  enter: enters(true, 'item'),
  leave: (walk, body) => {
    const { status } = body
    walk.endScope(finishOf({ type: typeof status === 'string' ? `response.${status}` : 'error', response: body }))
    walk.leaveScope()
  },
})
