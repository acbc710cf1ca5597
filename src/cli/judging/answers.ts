/** What judges say where nobody asks them: the answers of a test, or of a file. */

import * as v from 'valibot'
import { PolicyDocument } from '../../policy/document.ts'
import { either } from '../../policy/nearest.ts'
import { type Answer, faultKinds, type Inquiry } from '../../terms/judge.ts'
import { CommandError } from '../command.ts'

const opinion = v.strictObject({
  category: v.string(),
  score: v.optional(v.number()),
  severity: v.optional(v.number()),
  span: v.optional(v.strictObject({ start: v.number(), end: v.number() })),
  /** Only about a stretch that has this in it. */
  contains: v.optional(v.string()),
})

/** By the judge's name: what it sees, as categories or with more about each, or the fault it makes. */
const answersSchema = v.record(v.string(), v.union([v.array(v.union([v.string(), opinion])), v.picklist(faultKinds)]))

export type Answers = v.InferOutput<typeof answersSchema>

/** @throws CommandError `answers_invalid` */
export function readAnswers(value: unknown, from: string): Answers {
  const parsed = v.safeParse(answersSchema, value)
  if (parsed.success) return parsed.output
  const judge = parsed.issues[0].path?.[0]?.key
  const name = typeof judge === 'string' ? judge : 'judge'
  throw new CommandError(
    `${from}: ${typeof judge === 'string' ? `what it has of "${judge}" is no answer` : 'it has no answers'}; they are written as ${name}: [S1], ${name}: [{ category: S1, score: 0.9 }], or ${name}: ${either(faultKinds)}`,
    'answers_invalid',
  )
}

/** @throws CommandError `answers_invalid` */
export function parseAnswers(text: string, from: string): Answers {
  const { value, problems } = new PolicyDocument(from, text)
  const told = problems.map(({ line, column, message, advice }) => `${from}:${line}:${column}: ${message}; ${advice}`)
  if (told.length > 0) throw new CommandError(told.join('\n'), 'answers_invalid')
  return readAnswers(value, from)
}

/** What the judge says about the stretch; undefined where the answers do not name it. */
export function answerOf(answers: Answers, { judge, text }: Inquiry): Answer | undefined {
  const given = answers[judge]
  if (given === undefined) return undefined
  if (typeof given === 'string') return { kind: 'fault', fault: given, detail: 'as the answers say' }
  const opinions = given
    .map((one) => (typeof one === 'string' ? { category: one } : one))
    .filter(({ contains }) => contains === undefined || text.includes(contains))
  return {
    kind: 'opinions',
    opinions: opinions.map(({ category, score, severity, span }) => ({
      category,
      ...(score !== undefined && { score }),
      ...(severity !== undefined && { severity }),
      ...(span !== undefined && { span }),
    })),
  }
}
