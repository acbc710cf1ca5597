/** Shows people why a text was touched: each finding under its line of the text, with the words that found it. */

import { visible } from '../../policy/columns.ts'
import { formatProblem, type Problem } from '../../policy/index.ts'
import { Source } from '../../policy/problem.ts'
import { counted, type Terminal } from '../terminal.ts'
import type { Explained, Explanation, Lifted } from './explanation.ts'

const colours = { clear: 'green', mask: 'yellow', cut: 'red', block: 'red' } as const

export function explanationLines(told: Explanation, text: string, terminal: Terminal): string[] {
  const source = new Source(told.input, text)
  const blocks = [
    ...told.findings.map((finding) => ({ at: finding.start, lines: findingLines(finding, told.channel, source, terminal) })),
    ...told.lifted.map((lifted) => ({ at: lifted.start, lines: liftedLines(lifted, source, terminal) })),
  ].sort((a, b) => a.at - b.at)
  return [...blocks.flatMap(({ lines }) => [...lines, '']), verdictLine(told, terminal), ...readsLines(told, text, terminal)]
}

function findingLines(finding: Explained, channel: string, source: Source, terminal: Terminal): string[] {
  const { rule, action, mode, start, end, file, line, with: replacement } = finding
  const colour = mode === 'shadow' || action === 'flag' ? 'cyan' : action === 'cut' ? 'red' : 'yellow'
  const word = action === 'cut' && channel.startsWith('prompt') ? 'block' : action
  const done = `${word} by ${rule}${mode === 'shadow' ? ', in the shadow: nothing is done' : ''}`
  const written = replacement === undefined ? '' : `, ${JSON.stringify(replacement)} in its place`
  const rows: (readonly [string, string])[] = [['rule', `${file}:${line}`], ...reasonRows(finding)]
  return shown(source.problem(start, end, done + written, table(rows)), colour, terminal)
}

function reasonRows({ terms, pattern, number, judge, written, folded, fold, boundary, action }: Explained): [string, string][] {
  const rows: [string, string][] = []
  for (const { term, file, line } of terms ?? []) rows.push(['term', `${quoted(term)}  ${file}:${line}`])
  if (terms?.length === 0) rows.push(['term', 'one of the list, in a form that only the whole text shows'])
  if (pattern !== undefined) rows.push(['pattern', visible(pattern)])
  if (number !== undefined) rows.push(['number', number])
  if (judge !== undefined) rows.push(['judge', action === 'ask' ? `${judge}, asked and in favour` : judge])
  rows.push(['written', quoted(written)])
  if (folded !== undefined) {
    const goals = [...new Set(terms?.map((one) => one.folded))].filter((form) => !folded.includes(form))
    const seen = goals.length === 0 ? '' : `, seen through to ${goals.map(quoted).join(', ')}`
    rows.push(['folded', `${quoted(folded)}${seen}  (fold: ${fold}, boundary: ${boundary})`])
  }
  return rows
}

function liftedLines({ rule, start, end, exception, allowed_by }: Lifted, source: Source, terminal: Terminal): string[] {
  const why = exception === undefined ? `rule ${allowed_by} allows it` : `it stands inside the exception ${quoted(exception)}`
  return shown(source.problem(start, end, `${rule} does not count here`, why), 'dim', terminal)
}

/** As a problem of a policy is shown, for the text: the place, the reasons, and the line with a caret under what is meant. */
function shown(problem: Problem, colour: 'red' | 'yellow' | 'cyan' | 'dim', terminal: Terminal): string[] {
  const lines = formatProblem(problem).split('\n')
  const caret = lines.pop() ?? ''
  const [head = '', ...rest] = lines
  return [terminal.styled('bold', head), ...rest, terminal.styled(colour, caret)]
}

function verdictLine({ policy, input, verdict, by, cut_at, findings, inquiries }: Explanation, terminal: Terminal): string {
  const word = terminal.styled(colours[verdict], verdict)
  const where = cut_at === null ? '' : ` at ${cut_at}`
  const why = by.length === 0 ? '' : ` by ${by.join(', ')}${where}`
  const asked = inquiries === 0 ? '' : `, ${counted(inquiries, 'inquiry', 'inquiries')}`
  const from = input === 'text' || input === 'input' ? '' : `${input}  `
  return `${from}${word}${why}  ${terminal.styled('dim', `${policy}: ${counted(findings.length, 'finding')}${asked}`)}`
}

function readsLines({ verdict, reads, channel }: Explanation, text: string, terminal: Terminal): string[] {
  if (reads === text || verdict === 'block') return []
  const who = channel === 'prompt' || channel === 'prompt.system' ? 'the model gets' : 'the reader gets'
  return [`${who}  ${terminal.styled('green', quoted(reads))}`]
}

function table(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([name, value]) => `${name.padEnd(8)} ${value}`).join('\n  ')
}

/** Long texts by their ends. */
function quoted(text: string): string {
  return visible(JSON.stringify(text.length > 120 ? `${text.slice(0, 80)} … ${text.slice(-30)}` : text))
}
