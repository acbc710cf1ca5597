/** How a words rule is written in a policy, and what cannot be meant by one. */
import * as v from 'valibot'
import { foldText } from '../text/fold.ts'
import { type WordsSpec, wordsMatcher } from './words.ts'

export type { WordsSpec }

/** The `words:` block of a policy file; `terms`, `list` or both must be there. */
export const wordsSchema = v.strictObject({
  terms: v.exactOptional(
    v.pipe(v.array(v.string()), v.description('Terms to look for.'), v.examples([['Project Nightjar', '夜鹰计划']])),
  ),
  list: v.exactOptional(
    v.pipe(
      v.string(),
      v.description("A file of terms, one a line, # for comments; its path counts from the policy's folder."),
      v.examples(['lists/names.txt']),
    ),
  ),
  fold: v.exactOptional(
    v.pipe(
      v.picklist(['none', 'case', 'loose']),
      v.description(
        'What is seen through: none (only what is written), case (default; upper and lower case are one), or loose (disguise: b0mb, ｂｏｍｂ, b.o.m.b, 法輪功).',
      ),
    ),
  ),
  boundary: v.exactOptional(
    v.pipe(
      v.picklist(['none', 'word']),
      v.description('word: only as a whole word, as most English lists need it. none (default): inside words too.'),
    ),
  ),
  except: v.exactOptional(
    v.pipe(
      v.array(v.string()),
      v.description('Longer words and phrases inside which nothing is found.'),
      v.examples([['Scunthorpe']]),
    ),
  ),
})

/** What is wrong with a term or an exception, for the author of the policy. */
export interface WordsProblem {
  readonly field: 'terms' | 'except'
  /** Index into the field. */
  readonly index: number
  readonly message: string
  readonly advice: string
}

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** Terms that can never be found, exceptions that can never lift anything, and such as are certainly slips. */
export function wordsProblems(spec: WordsSpec): readonly WordsProblem[] {
  const problems: WordsProblem[] = []
  const sound = { terms: soundTerms(spec, 'terms', problems), except: soundTerms(spec, 'except', problems) }
  if (sound.except.size === 0) return problems
  const counted = (text: string) => foldText(spec.fold, text).join(' ')
  const lifted = new Set([...sound.except.values()].map(counted))
  for (const [index, term] of sound.terms) {
    if (!lifted.has(counted(term))) continue
    const message = `"${term}" is an exception too, so it is never found`
    problems.push({ field: 'terms', index, message, advice: 'take it out of terms or out of except' })
  }
  const effect = { holds: false, stops: false }
  const matcher = wordsMatcher([{ rule: 0, effect, spec: { ...spec, terms: [...sound.terms.values()], except: [] } }])
  for (const [index, exception] of sound.except) {
    const run = matcher.open()
    run.push(exception)
    run.end()
    if (run.take().length > 0) continue
    const message = `no term is found in the exception "${exception}", so it lifts nothing`
    problems.push({
      field: 'except',
      index,
      message,
      advice: 'write the whole word or phrase in which a term is harmless, or leave it out',
    })
  }
  return problems
}

function soundTerms(spec: WordsSpec, field: 'terms' | 'except', problems: WordsProblem[]): Map<number, string> {
  const sound = new Map<number, string>()
  for (const [index, term] of spec[field].entries()) {
    const complaint = unsound(spec, term)
    if (complaint === undefined) sound.set(index, term)
    else problems.push({ field, index, ...complaint })
  }
  return sound
}

function unsound(spec: WordsSpec, term: string): { message: string; advice: string } | undefined {
  if (term === '') return { message: 'the term is empty and would be found everywhere', advice: 'write at least one character' }
  if (term.trim() === '')
    return { message: 'the term is made of blanks only', advice: 'write at least one letter, digit or sign' }
  if (loneSurrogate.test(term))
    return { message: 'the term holds half a character (a lone surrogate)', advice: 'write the whole character' }
  if (foldText(spec.fold, term).length === 0) {
    return { message: `fold: ${spec.fold} leaves nothing of the term`, advice: 'take it out, or give the rule fold: case' }
  }
  return undefined
}
