/** Decides what the rehearsal model says to a question: a scripted answer, an echo, a tool call, or the list of what it knows. */

import { sampleOf } from './sample.ts'
import { answer, type Question, type Speech } from './script.ts'
import { helpFor, scriptFor } from './scripts.ts'

export interface Part {
  /** One speech for each choice that was asked for. */
  readonly speeches: readonly Speech[]
  /** Every character is a piece of its own. */
  readonly letterByLetter: boolean
}

/** The model that says back what it is told. */
export const echoModel = 'rehearsal-echo'

const echoForm = /^\s*(echo|spell|回声|拼读)\s*[:：]\s*/i

export function castFor(question: Question): Part {
  const told = echoForm.exec(question.text)
  const letterByLetter = /^(spell|拼读)$/i.test(told?.[1] ?? '')
  const echo = told !== null || question.model === echoModel
  const words = told === null ? question.text : question.text.slice(told[0].length)
  return {
    letterByLetter,
    speeches: Array.from({ length: question.choices }, (_, choice) => speechFor(question, echo, partFor(choice, words))),
  }
}

/** A line of three hyphens divides what is echoed among the choices; those beyond the last part say the last part. */
function partFor(choice: number, words: string): string {
  const parts = words.split(/\r?\n---\r?\n/)
  return parts[Math.min(choice, parts.length - 1)] as string
}

function speechFor(question: Question, echo: boolean, words: string): Speech {
  const { tools, schema, toolResult } = question
  if (toolResult !== undefined) return answer(toolResult)
  if (tools.length > 0)
    return tools.map(({ name, schema: input }) => ({ voice: 'tool', name, input: JSON.stringify(sampleOf(input, words)) }))
  if (schema !== undefined) return answer(JSON.stringify(sampleOf(schema, words)))
  if (echo) return answer(words)
  return scriptFor(words)?.speech ?? helpFor(words)
}
