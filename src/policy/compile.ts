/** Compiles a policy file, with all it leans on, into what a plan is made of. */

import { fitAcross } from './across.ts'
import type { JudgeDefinition, PlanDefinition, RuleDefinition } from './definition.ts'
import { type Stack, stack } from './extend.ts'
import { contentHash } from './hash.ts'
import { settleJudge } from './judges.ts'
import { Library, type ReadFile } from './library.ts'
import { loadMatchers } from './load.ts'
import { type CompiledPolicy, packMatchers } from './pack.ts'
import { type Unclean, uncleanReplacements } from './plan.ts'
import { PolicyError, type Problem, Source } from './problem.ts'
import type { CompiledRule } from './rules.ts'
import { settle } from './settings.ts'
import { fitTests } from './tests-fit.ts'

export interface CompileOptions {
  /** The policy's path, for error messages and as the place from which lists and extended policies are found. */
  readonly file: string
  /** Fetches a list or an extended policy; the paths are the policy's own folder followed by what the policy says. */
  readonly readFile: ReadFile
  /** The folder of policies that any policy may extend, where its own folder has none of that name. */
  readonly packs?: string
  /** Names of policies there are, for whoever mistypes one. */
  readonly known?: readonly string[]
  /** Told of what is probably a slip but stops nothing. */
  readonly onWarning?: (warning: Problem) => void
}

export interface Rulebook {
  readonly policy: CompiledPolicy
  /** In the policy's order. */
  readonly rules: readonly CompiledRule[]
}

/**
 * Compiles the text of a policy file.
 *
 * @throws PolicyError (`policy_invalid`) with everything that is wrong, in every file concerned.
 */
export async function compilePolicy(text: string, options: CompileOptions): Promise<CompiledPolicy> {
  return (await compileRulebook(text, options)).policy
}

/**
 * The same, with the place of every rule and term in the files it is made of.
 *
 * @throws PolicyError as `compilePolicy` does.
 */
export async function compileRulebook(text: string, options: CompileOptions): Promise<Rulebook> {
  const { file, readFile, packs, known, onWarning } = options
  const stacked = await stack(new Source(file, text), new Library(readFile, packs, known))
  fitTests(stacked)
  const rules = fitAcross(stacked)
  const problems = stacked.documents.flatMap((document) => document.problems)
  const { name, mode = 'enforce' } = stacked.file
  const errors = problems.filter(({ severity }) => severity === 'error')
  if (errors.length > 0 || name === undefined) throw new PolicyError(inReadingOrder(problems))
  const definition = { mode, settings: stacked.settings, ...(stacked.judges.size > 0 && { judges: judgesOf(stacked) }), rules }
  const matchers = packMatchers(definition)
  const contradictions = contradictionsIn(stacked, uncleanReplacements(definition, loadMatchers(matchers)))
  if (contradictions.length > 0) throw new PolicyError(inReadingOrder(contradictions))
  for (const warning of inReadingOrder(problems)) onWarning?.(warning)
  const tests = (stacked.file.tests ?? []).filter((test) => test !== undefined)
  return { policy: { name, hash: hashOf(definition), definition, matchers, tests }, rules: [...stacked.rules.values()] }
}

function judgesOf({ judges }: Stack): Record<string, JudgeDefinition> {
  return Object.fromEntries([...judges].map(([name, { definition }]) => [name, definition ?? {}]))
}

/** Of what the policy says: with every default filled in, so that it does not matter whether somebody wrote it down. */
function hashOf({ mode, settings, judges = {}, rules }: PlanDefinition): string {
  const settled = Object.entries(judges).map(([name, judge]) => settleJudge(name, judge))
  return contentHash({ mode, settings: settle(settings), judges: settled, rules: rules.map(asWritten) })
}

/** The hash is of what the policy says, a pattern's source or a number's name: a better compiler makes no other policy of it. */
function asWritten({ pattern, ...rule }: RuleDefinition): unknown {
  if (pattern === undefined || rule.number !== undefined) return rule
  const { source, flags, most } = pattern
  return { ...rule, pattern: { source, flags, most } }
}

function contradictionsIn(stacked: Stack, unclean: readonly Unclean[]): Problem[] {
  const rules = [...stacked.rules.values()]
  return unclean.flatMap(({ rule, by }) => {
    const meant = rules[rule]
    if (meant === undefined) return []
    const message = `the replacement is itself found by rule "${rules[by]?.definition.id}"`
    return [meant.document.problem([...meant.path, 'with'], 'value', message, 'choose a text the whole policy lets pass')]
  })
}

function inReadingOrder(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map(({ file }) => file))]
  return [...problems].sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column)
}
