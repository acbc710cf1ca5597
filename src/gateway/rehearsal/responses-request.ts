/** Listens to a request for a response: input as a string or as items, tools without a wrapper, the shape under `text`. */
import { type Fields, isRecord, modelIn, recordsIn, textOf } from './hearing.ts'
import type { Tool } from './script.ts'
import type { Asked } from './speaker.ts'

export interface ResponseAsked extends Asked {
  /** What of the request every lifecycle event echoes. */
  readonly echoed: Fields
}

/** @returns undefined where the body has no input. */
export function hearResponse(body: unknown): ResponseAsked | undefined {
  if (!isRecord(body)) return undefined
  const { input, instructions, tools, text, metadata, temperature, store, previous_response_id: previous } = body
  if (typeof input !== 'string' && !Array.isArray(input)) return undefined
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : recordsIn(input)
  const last = items.at(-1) as Fields | undefined
  const format = isRecord(text) ? text['format'] : undefined
  return {
    question: {
      model: modelIn(body),
      text: textOf((items as Fields[]).findLast(({ role }) => role === 'user')?.['content']),
      toolResult: last?.['type'] === 'function_call_output' ? textOf(last['output']) : undefined,
      tools: recordsIn(tools).flatMap(toolOf),
      schema: schemaOf(format),
      choices: 1,
    },
    stream: body['stream'] === true,
    echoed: {
      instructions: instructions ?? null,
      metadata: metadata ?? {},
      parallel_tool_calls: true,
      previous_response_id: previous ?? null,
      store: store ?? true,
      temperature: temperature ?? 1,
      text: text ?? { format: { type: 'text' } },
      tool_choice: 'auto',
      tools: tools ?? [],
      top_p: 1,
      truncation: 'disabled',
    },
  }
}

function toolOf({ type, name, parameters }: Fields): Tool[] {
  return type === 'function' && typeof name === 'string' ? [{ name, schema: parameters }] : []
}

function schemaOf(format: unknown): unknown {
  if (!isRecord(format)) return undefined
  return format['type'] === 'json_object' ? true : format['schema']
}
