/** The library's door: plans made in code, and what guards a response, a fetch or a text with them. */
export { type ErrorCode, SluiceError } from './errors.ts'
export {
  type Choice,
  type Choose,
  type Counsel,
  type CountTokens,
  defaultLimits,
  type ExchangeOptions,
  type GuardFetchOptions,
  type GuardOptions,
  guardExchange,
  guardFetch,
  guardResponse,
  type Limits,
  type Observer,
  type Pipe,
  type ResponseGuard,
  type TextGateOptions,
  TextGateStream,
} from './flow/index.ts'
export type {
  JudgeDefinition,
  PlanDefinition,
  RuleDefinition,
  SettingsDefinition,
  WordsDefinition,
} from './policy/definition.ts'
export { loadPlan } from './policy/load.ts'
export { createPlan } from './policy/plan.ts'
export type { Answer, AskJudge, Inquiry, JudgeAskers, Opinion, Question } from './terms/judge.ts'
export type { Plan, Rule, Settings } from './terms/plan.ts'
export type { Exit, Trail, TrailPolicy, TrailShadow } from './terms/trail.ts'
export { dialectFor, dialects } from './wire/index.ts'
