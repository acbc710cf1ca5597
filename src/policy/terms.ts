/** Reads word lists, and finds the terms that cannot be meant, wherever they were written. */

import type { WordsSpec } from '../checks/words.ts'
import { wordsProblems } from '../checks/words-rule.ts'
import type { Path, PolicyDocument } from './document.ts'
import type { Library } from './library.ts'
import { type Problem, Source } from './problem.ts'

/** A term and a way to complain about it at its own place. */
export interface Term {
  readonly text: string
  readonly problem: (message: string, advice: string) => Problem
}

/** One term a line; blank lines and lines that begin with # say nothing. Problems are added to the document's. */
export async function readTerms(document: PolicyDocument, path: Path, list: string, library: Library): Promise<Term[]> {
  const found = await library.open(document.source.file, list)
  if (!(found instanceof Source)) {
    document.problems.push(document.problem(path, 'value', found.message, found.advice))
    return []
  }
  const terms: Term[] = []
  for (const { 0: line, index } of found.text.matchAll(/[^\r\n]+/g)) {
    const text = line.trim()
    if (text === '' || text.startsWith('#')) continue
    const start = index + line.indexOf(text)
    terms.push({ text, problem: (message, advice) => found.problem(start, start + text.length, message, advice) })
  }
  if (terms.length === 0) {
    document.problems.push(
      document.problem(
        path,
        'value',
        `${found.file} has no terms`,
        'write one term a line; lines that begin with # are comments',
      ),
    )
  }
  return terms
}

/** Terms and exceptions that cannot be meant. An exception that lifts nothing does no harm, and is only warned of. */
export function termProblems(spec: WordsSpec, terms: readonly Term[], except: readonly Term[]): Problem[] {
  const all = [...terms, ...except]
  const unsound = wordsProblems({ ...spec, terms: [...spec.terms, ...spec.except], except: [] })
  if (unsound.length > 0) return unsound.flatMap(({ index, message, advice }) => all[index]?.problem(message, advice) ?? [])
  // Asked without borders: a rule for whole words whose exception holds the term inside a word says too much, but no nonsense.
  return wordsProblems({ ...spec, boundary: 'none' }).flatMap(({ field, index, message, advice }) => {
    const problem = (field === 'terms' ? terms : except)[index]?.problem(message, advice)
    if (problem === undefined) return []
    return field === 'terms' ? [problem] : [{ ...problem, severity: 'warning' as const }]
  })
}
