/** What is wrong in a policy file, where, and what to do about it: told so that the author finds the place at once. */
import { SluiceError } from '../errors.ts'
import { blank, columns, visible } from './columns.ts'

export interface Problem {
  /** A warning stops nothing: the policy means what it says, but perhaps not what its author meant. */
  readonly severity: 'error' | 'warning'
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units as editors count them. */
  readonly column: number
  /** What is wrong. */
  readonly message: string
  /** What to do about it. */
  readonly advice: string
  /** The line as written, and how many units of it are meant. */
  readonly excerpt: string
  readonly length: number
}

/** A policy that may not rule; `problems` has all that is wrong with it, in reading order. */
export class PolicyError extends SluiceError {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super('policy_invalid', problems.map(formatProblem).join('\n\n'))
    this.problems = problems
  }
}

/** A text whose offsets are told as lines and columns. */
export class Source {
  readonly file: string
  readonly text: string
  readonly #lines: number[] = [0]
  #shown: string

  constructor(file: string, text: string) {
    this.file = file
    this.text = text
    this.#shown = text
    for (const { index, 0: ending } of text.matchAll(/\r\n?|\n/g)) this.#lines.push(index + ending.length)
  }

  /** These units are shown as asterisks from here on. */
  hide(start: number, end: number): void {
    this.#shown = this.#shown.slice(0, start) + this.#shown.slice(start, end).replace(/[^\r\n]/g, '*') + this.#shown.slice(end)
  }

  /** A line as it may be shown, counted from 1. */
  line(number: number): string {
    return /^[^\r\n]*/.exec(this.#shown.slice(this.#lines[number - 1], this.#lines[number]))?.[0] ?? ''
  }

  /** A problem with the units from `start` to `end`, of which the first line is shown. */
  problem(start: number, end: number, message: string, advice: string): Problem {
    const at = Math.min(start, this.text.length)
    let line = this.#lines.findLastIndex((offset) => offset <= at)
    if (line < 0) line = 0
    const from = this.#lines[line] ?? 0
    const excerpt = this.line(line + 1)
    const column = Math.min(at - from, excerpt.length)
    const length = Math.max(1, Math.min(end - start, excerpt.length - column))
    return { severity: 'error', file: this.file, line: line + 1, column: column + 1, message, advice, excerpt, length }
  }
}

/** Longest excerpt that is shown whole, in units; of a longer line the part around the problem is shown. */
const widest = 100

/** `file:line:column: message`, what to do, and the line with a caret under what is meant. */
export function formatProblem(problem: Problem): string {
  const { severity, file, line, column, message, advice, excerpt, length } = problem
  const from = column - 1 > widest - 20 ? column - 1 - 40 : 0
  const shown = (from > 0 ? '…' : '') + excerpt.slice(from, from + widest) + (excerpt.length > from + widest ? '…' : '')
  const lead = excerpt.slice(from, column - 1)
  const meant = excerpt.slice(column - 1, column - 1 + length).slice(0, Math.max(1, widest - lead.length))
  const gutter = String(line)
  const indent = ' '.repeat(gutter.length)
  const caret = (from > 0 ? ' ' : '') + blank(lead) + '^'.repeat(Math.max(1, columns(meant)))
  const head = `${file}:${line}:${column}: ${severity === 'warning' ? 'warning: ' : ''}${visible(message)}\n  ${visible(advice)}`
  return `${head}\n\n  ${gutter} | ${visible(shown)}\n  ${indent} | ${caret}`
}
