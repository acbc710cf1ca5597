/** The door `sluice/policy`: compiles policy files and patterns; parsers live behind it, and only behind it. */
export { compileNumber } from '../checks/numbers-compile.ts'
export type { PatternProgram } from '../checks/pattern.ts'
export { compilePattern, PatternError, type PatternOptions } from '../checks/pattern-compile.ts'
export { type CompileOptions, compilePolicy } from './compile.ts'
export type {
  JudgeDefinition,
  Localised,
  PlanDefinition,
  RuleDefinition,
  SettingsDefinition,
  WordsDefinition,
} from './definition.ts'
export type { ReadFile } from './library.ts'
export { loadPlan } from './load.ts'
export { type CompiledPolicy, type PolicyTest, packPlan } from './pack.ts'
export { createPlan } from './plan.ts'
export { formatProblem, PolicyError, type Problem } from './problem.ts'
