/** Judges as the oracle has them: answers that come in no time. */
import type { FaultKind, OnFault, Opinion } from '../../src/terms/judge.ts'

export interface OracleJudge {
  readonly name: string
  /** Infinite: the channel is one stretch. */
  readonly first: number
  readonly growTo: number
  readonly context: number
  /** What it says, or how it fails; a function of what it is told. */
  readonly says: (text: string, context: string) => readonly Opinion[] | FaultKind
  readonly onFault?: OnFault
}

/** Whether a question has been answered by now. */
export type Answered = (judge: string, text: string, context: string) => boolean
