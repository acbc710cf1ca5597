/** The door `sluice/policy`: compiles policy files; parsers live behind it, and only behind it. */
export type { CompiledPolicy, PolicyTest } from './artifact.ts'
export { type CompileOptions, compilePolicy } from './compile.ts'
export type { PlanDefinition, RuleDefinition, SettingsDefinition, WordsDefinition } from './definition.ts'
export type { ReadFile } from './library.ts'
export { loadPlan } from './load.ts'
export { createPlan } from './plan.ts'
export { formatProblem, PolicyError, type Problem } from './problem.ts'
