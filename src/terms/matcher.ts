/** The contract between the gate and the engines that look at text as it grows. */

/** What a check saw and where; offsets in UTF-16 units from the start of the text the run was opened on. */
export interface Finding {
  /** Index into the plan's rules. */
  readonly rule: number
  readonly start: number
  readonly end: number
}

/** What the gate will do about a rule's findings; an engine needs no more of a rule's action than this. */
export interface Effect {
  /** A live candidate of this rule keeps its text back (mask, cut, ask in force). */
  readonly holds: boolean
  /** The run stops at the very unit at which a finding of this rule becomes certain (a cut in force). */
  readonly stops: boolean
  /** Other rules find nothing inside of its findings, so that its candidates are asked about (`begunFrom`). */
  readonly allows?: boolean
}

/** Immutable and shared by all streams of an isolate; finds every rule it was compiled from in one pass. */
export interface Matcher {
  /**
   * Begins a new text.
   *
   * @param stopAt `stops`: halt after a finding of a rule that stops (the default); `holds`: after any finding of a rule that holds.
   */
  open(stopAt?: 'stops' | 'holds'): MatcherRun
}

/**
 * One text being read by one matcher. All answers are a function of the units read so far, never of how they were
 * split into calls.
 */
export interface MatcherRun {
  /**
   * Reads on, from unit `from` of `text` (default 0) up to `to` (default its length), and halts early right after the
   * unit at which a finding that stops the run became certain.
   *
   * @returns how far it read: an index into `text`, `to` unless it halted.
   */
  push(text: string, from?: number, to?: number): number
  /** The text is over: the end is a boundary, and every open question is answered. */
  end(): void
  /**
   * Findings that became certain since the last call of `take`, in order of certainty; for one rule and end the
   * earliest start only. Void findings (inside an exception) never appear.
   */
  take(): readonly Finding[]
  /**
   * The offset before which nothing can change any more: no rule that holds can still gain a finding that touches
   * a unit before it. Never falls; equals the units read when nothing is live.
   */
  readonly safeTo: number
  /** Earliest start of what may still become a finding of the rule, which has the effect `allows`; at least the units read where there is none. */
  begunFrom(rule: number): number
  /** An independent copy, for reading the same text again up to an earlier unit. */
  fork(): MatcherRun
}
