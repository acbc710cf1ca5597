/** A file's judges: what each field allows for itself, but not together. */
import type { JudgeDefinition } from './definition.ts'
import type { PolicyDocument } from './document.ts'
import { defaults } from './judges.ts'
import type { JudgeFile } from './schema.ts'
import type { Shaped } from './shape.ts'

/** A judge, and where it was written; one whose entry is wrong is there too, so that nobody misses its name. */
export interface PlacedJudge {
  readonly name: string
  readonly definition: JudgeDefinition | undefined
  readonly document: PolicyDocument
}

/** What is wrong with them is added to the document's problems. */
export function compileJudges(document: PolicyDocument, file: Shaped): PlacedJudge[] {
  return Object.entries(file.judges ?? {}).map(([name, judge]) => {
    if (judge !== undefined) fitTogether(document, name, judge)
    return { name, definition: judge, document }
  })
}

function fitTogether(document: PolicyDocument, name: string, judge: JudgeFile): void {
  const say = (path: readonly string[], part: 'key' | 'value', message: string, advice: string) =>
    document.problems.push(document.problem(['judges', name, ...path], part, message, advice))
  const { stretch, wait, most_ahead } = judge
  if (stretch !== undefined && stretch !== 'whole') {
    const { first = defaults.stretch.first, grow_to } = stretch
    if (grow_to !== undefined && grow_to < first)
      say(['stretch', 'grow_to'], 'value', `grow_to is less than first, which is ${first}`, 'make it as large, or larger')
  }
  if (most_ahead !== undefined && wait !== 'trail')
    say(
      ['most_ahead'],
      'key',
      'most_ahead belongs to wait: trail',
      'add wait: trail, or remove it: with wait: hold nothing goes ahead',
    )
}
