/** From a rule as the file says it to the rule as a plan needs it: its parts fit together, its terms are read, its pattern compiled. */

import { compileNumber } from '../checks/numbers-compile.ts'
import type { PatternProgram } from '../checks/pattern.ts'
import { compilePattern, PatternError } from '../checks/pattern-compile.ts'
import type { WordsSpec } from '../checks/words.ts'
import type { RuleDefinition } from './definition.ts'
import type { Path, PolicyDocument } from './document.ts'
import type { Library } from './library.ts'
import { wordsSpec } from './matchers.ts'
import { otherSpelling } from './other-patterns.ts'
import { fitTogether } from './rule-fit.ts'
import type { RuleFile } from './schema.ts'
import type { Shaped } from './shape.ts'
import { readTerms, type Term, termProblems } from './terms.ts'

/** A rule ready for a plan, and where it was written. */
export interface CompiledRule {
  readonly definition: RuleDefinition
  readonly document: PolicyDocument
  readonly path: Path
  /** Its terms in the definition's order, each with its own place, and then its exceptions. */
  readonly terms: readonly Term[]
}

/** Compiles a file's own rules; what is wrong with them is added to the document's problems. */
export async function compileRules(document: PolicyDocument, file: Shaped, library: Library): Promise<CompiledRule[]> {
  const first = new Map<string, number>()
  const compiled: CompiledRule[] = []
  for (const [index, rule] of (file.rules ?? []).entries()) {
    if (rule === undefined) continue
    const path = ['rules', index]
    const earlier = first.get(rule.id)
    if (earlier === undefined) first.set(rule.id, index)
    else {
      const { line } = document.problem(['rules', earlier, 'id'], 'value', '', '')
      document.problems.push(
        document.problem(
          [...path, 'id'],
          'value',
          `rule "${rule.id}" is defined twice`,
          `the first is on line ${line}; give this one another id`,
        ),
      )
    }
    fitTogether(document, rule, path)
    const terms: Term[] = []
    const definition = await compileRule(document, rule, path, library, file.mode, terms)
    if (definition !== undefined) compiled.push({ definition, document, path, terms })
  }
  return compiled
}

async function compileRule(
  document: PolicyDocument,
  rule: RuleFile,
  path: Path,
  library: Library,
  fileMode: Shaped['mode'],
  found: Term[],
): Promise<RuleDefinition | undefined> {
  const { id, action, with: replacement, tags, channels, severity, ask, lifts } = rule
  // A file in the shadow keeps its rules there wherever it is extended.
  const mode = fileMode === 'shadow' ? fileMode : rule.mode
  const common = {
    id,
    action,
    ...(replacement === undefined ? {} : { with: replacement }),
    ...(mode === undefined ? {} : { mode }),
    ...(tags === undefined ? {} : { tags }),
    ...(channels === undefined ? {} : { channels }),
    ...(severity === undefined ? {} : { severity }),
    ...(ask === undefined ? {} : { ask }),
    ...(lifts === undefined ? {} : { lifts }),
  }
  if (rule.judge !== undefined)
    return { ...common, judge: rule.judge, ...(rule.where === undefined ? {} : { where: rule.where }) }
  if (rule.pattern !== undefined) {
    const pattern = compileOne(document, rule.pattern, rule.most, path)
    return pattern === undefined ? undefined : { ...common, pattern }
  }
  if (rule.number !== undefined) return { ...common, pattern: numberProgram(rule.number), number: rule.number }
  if (rule.words === undefined) return undefined
  const words = await compileWords(document, rule.words, path, library, found)
  return words === undefined ? undefined : { ...common, words }
}

/** Some take a second to compile, and are the same whenever an edited policy is compiled again. */
const programs = new Map<string, PatternProgram>()

function numberProgram(name: string): PatternProgram {
  const program = programs.get(name) ?? compileNumber(name)
  programs.set(name, program)
  return program
}

function compileOne(document: PolicyDocument, source: string, most: number | undefined, path: Path): PatternProgram | undefined {
  try {
    return compilePattern(source, most === undefined ? {} : { most })
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    const { at, message } = error
    const advice = (message.startsWith('not a regular expression') && otherSpelling(source, at)) || error.advice
    document.problems.push(document.problemInside([...path, 'pattern'], at, message, advice))
    return undefined
  }
}

async function compileWords(
  document: PolicyDocument,
  words: NonNullable<RuleFile['words']>,
  path: Path,
  library: Library,
  found: Term[],
): Promise<WordsSpec | undefined> {
  const before = document.problems.length
  const at = (field: string, list: readonly string[] = []): Term[] =>
    list.map((text, index) => ({
      text,
      problem: (message, advice) => document.problem([...path, 'words', field, index], 'value', message, advice),
    }))
  const listed = words.list === undefined ? [] : await readTerms(document, [...path, 'words', 'list'], words.list, library)
  const terms = [...at('terms', words.terms), ...listed]
  const except = at('except', words.except)
  for (const term of [...terms, ...except]) found.push(term)
  const { fold, boundary } = words
  const spec = wordsSpec({
    terms: terms.map(({ text }) => text),
    except: except.map(({ text }) => text),
    ...(fold === undefined ? {} : { fold }),
    ...(boundary === undefined ? {} : { boundary }),
  })
  if (terms.length === 0 && document.problems.length === before) {
    document.problems.push(
      document.problem(
        [...path, 'words'],
        'key',
        'the rule has no terms to look for',
        'add terms: [ … ], or list: a file with one term a line',
      ),
    )
  }
  document.problems.push(...termProblems(spec, terms, except))
  return document.problems.slice(before).some(({ severity }) => severity === 'error') ? undefined : spec
}
