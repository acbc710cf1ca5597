/** Reads word lists, and finds the terms that cannot be meant, wherever they were written. */
import type { WordsSpec } from '../checks/words.ts'
import type { Path, PolicyDocument } from './document.ts'
import type { Library } from './library.ts'
import { type Problem, Source } from './problem.ts'
import { findsAny, termFault } from './term-fault.ts'

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

/** Terms of which nothing can be found, and exceptions that can never make one. */
export function termProblems(spec: WordsSpec, terms: readonly Term[], except: readonly Term[]): Problem[] {
  const faulty = [...terms, ...except].flatMap((term) => {
    const fault = termFault(term.text, spec)
    return fault === undefined ? [] : [term.problem(fault, 'write at least one letter, digit or sign, or remove the term')]
  })
  if (faulty.length > 0 || except.length === 0) return faulty
  const covers = findsAny(spec)
  return except
    .filter(({ text }) => !covers(text))
    .map((term) =>
      term.problem(
        'none of the terms occurs in this exception',
        'write out the longer word or phrase that holds the term, or remove it',
      ),
    )
}
