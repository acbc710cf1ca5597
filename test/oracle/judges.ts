/** Judges as the oracle has them: answers that come in no time. */
import type { Opinion } from '../../src/terms/judge.ts'

export interface OracleJudge {
  readonly name: string
  readonly first: number
  readonly growTo: number
  readonly context: number
  /** What it says; a function of what it is told. */
  readonly says: (text: string, context: string) => readonly Opinion[]
}
