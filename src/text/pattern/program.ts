/** A compiled pattern as plain data: an automaton over classes of UTF-16 units with every look-around already answered. */

/**
 * Reading runs two machines side by side. The *context* knows what lies before each offset, and so which nodes an
 * attempt that begins there starts from. A *node* is what an attempt still has to see; it has no conditions.
 */
export interface PatternProgram {
  readonly format: 1
  readonly source: string
  readonly flags: string
  /** Name of the check a candidate's text must pass. */
  readonly check?: string
  /** Two attempts with different starts are never at one node before their ends, so none ever hides another. */
  readonly distinct?: boolean
  /** Longest span looked for, in units, where that is shorter than the longest the pattern has; else 0. */
  readonly most: number
  /** Longest and shortest span in units; a pattern without end has longest 0. */
  readonly longest: number
  readonly shortest: number
  /** First unit of each run of units of one class, and the class of each run. */
  readonly runs: readonly number[]
  readonly classOfRun: readonly number[]
  readonly classes: number
  /** Context states × classes; 0 is the start of the text. */
  readonly context: readonly number[]
  /** Per context state, the nodes of an attempt that begins there. */
  readonly begins: readonly (readonly number[])[]
  /** Sets of classes that edges share. */
  readonly sets: readonly (readonly number[])[]
  /** Per node, its edges: set, target, set, target … */
  readonly edges: readonly (readonly number[])[]
  /** Per node, units read since the match's end; -1 before the end. */
  readonly age: readonly number[]
  /** Nodes at which the match is certain; nothing follows them. */
  readonly certain: readonly number[]
  /** Nodes that match if the text ends there. */
  readonly atEnd: readonly number[]
  /** Per node, the fewest units still missing from the match's end. */
  readonly missing: readonly number[]
}
