/** What a run found out, as data and as tables for people. */
import { whatJobsReturned } from './measure.ts'

/** One figure beside the contender it was measured with. */
export interface Figure {
  /** Says what is counted, and in which unit. */
  readonly what: string
  readonly language?: string
  readonly terms?: number
  readonly contender: string
  readonly figure?: number
  /** Several figures, each with its name; in place of one. */
  readonly columns?: Readonly<Record<string, number>>
  /** Ours, in the same rounds. */
  readonly ours?: number
  /** The contender's : ours, median over the rounds. */
  readonly ratio?: number
  readonly note?: string
  /** Why there is no figure. */
  readonly skipped?: string
}

export interface Target {
  readonly what: string
  /** As numbers are compared: at least, or at most, so many. */
  readonly atLeast?: number
  readonly atMost?: number
  readonly unit: string
  readonly figure?: number
  /** Against what, and how many times better (or what share) it is. */
  readonly ratio?: string
  /** Why there is no figure. */
  readonly missing?: string
}

export interface Report {
  readonly bench: string
  readonly material: string
  readonly node: string
  readonly figures: Figure[]
  readonly targets: Target[]
  /** Contenders that did not find what there is to find: their figures are worth nothing. */
  readonly disagreements: string[]
}

export function newReport(bench: string, material: string): Report {
  return { bench, material, node: process.version, figures: [], targets: [], disagreements: [] }
}

/** Adds a figure, and says at once what it was: on a machine that is busy, a run that has to be ended is not in vain. */
export function tell(report: Report, figure: Figure): void {
  report.figures.push(figure)
  const { what, language = '', terms = '', contender, ours, ratio, skipped } = figure
  const name = [what.split(' · ')[0], language, terms, contender].join(' ')
  if (process.stderr.isTTY) {
    process.stderr.write(`\r\u001b[K${name.slice(0, 100)}`)
    return
  }
  const figures = { figure: figure.figure, ours, 'x ours': ratio }
  const told = Object.entries(figures).map(([key, value]) => (value === undefined ? '' : `${key} ${round(value)}`))
  console.error([name, skipped === undefined ? '' : `skipped: ${skipped}`, ...told].filter((part) => part !== '').join('; '))
}

export function isMet({ atLeast, atMost, figure }: Target): boolean | undefined {
  if (figure === undefined) return undefined
  return (atLeast === undefined || figure >= atLeast) && (atMost === undefined || figure <= atMost)
}

export function print(report: Report, json: boolean): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  if (json) {
    const targets = report.targets.map((target) => ({ ...target, met: isMet(target) ?? null }))
    console.log(JSON.stringify({ ...report, targets, returned: whatJobsReturned() }, undefined, 2))
    return
  }
  console.log(`\n${report.bench} · ${report.material} texts and lists · Node ${report.node}`)
  for (const [what, figures] of Map.groupBy(report.figures, (figure) => figure.what)) printFigures(what, figures)
  console.log('\nTargets')
  table(
    ['', 'target', 'figure', 'ratio', ''],
    report.targets.map((target) => [
      target.what,
      `${target.atLeast === undefined ? '≤' : '≥'} ${round(target.atLeast ?? target.atMost ?? 0)} ${target.unit}`,
      target.figure === undefined ? '-' : round(target.figure),
      target.ratio ?? '',
      target.missing === undefined ? (isMet(target) ? 'met' : 'MISSED') : `not measured: ${target.missing}`,
    ]),
  )
  for (const disagreement of report.disagreements) console.log(`\nDISAGREES: ${disagreement}`)
}

function printFigures(what: string, figures: readonly Figure[]): void {
  console.log(`\n${what}`)
  const more = Object.keys(figures[0]?.columns ?? {})
  table(
    ['', 'terms', 'contender', ...(more.length > 0 ? more : ['figure']), 'ours', 'x ours', ''],
    figures.map((figure) => [
      figure.language ?? '',
      figure.terms === undefined ? '' : figure.terms.toLocaleString('en'),
      figure.contender,
      ...(more.length > 0
        ? more.map((name) => round(figure.columns?.[name] ?? 0))
        : [figure.figure === undefined ? '-' : round(figure.figure)]),
      figure.ours === undefined ? '' : round(figure.ours),
      figure.ratio === undefined ? '' : round(figure.ratio),
      figure.skipped === undefined ? (figure.note ?? '') : `skipped: ${figure.skipped}`,
    ]),
  )
}

/** Three digits that mean something. */
export function round(figure: number): string {
  if (figure === 0) return '0'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(figure))))
  return figure.toLocaleString('en', { maximumFractionDigits: Math.min(4, digits) })
}

/** Columns of words to the left, of numbers to the right. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [heads, ...rows]
  const widths = heads.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  const isNumber = heads.map((_, column) => rows.every((row) => /^[\d.,-]*$/.test(row[column] ?? '')))
  for (const row of all) {
    const cells = row.map((cell, column) =>
      isNumber[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    )
    console.log(`  ${cells.filter((_, column) => (widths[column] ?? 0) > 0).join('  ')}`.trimEnd())
  }
}
