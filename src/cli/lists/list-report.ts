/** Tells what became of a list's entries, and writes the list. */
import { columns, visible } from '../../policy/columns.ts'
import { counted, type Terminal } from '../terminal.ts'
import type { BenignReport } from './list-benign.ts'
import type { CleanList, ListSpec } from './list-cleaning.ts'
import type { ReadEntry, ReadList } from './list-reading.ts'

export interface ImportedList {
  readonly lists: readonly ReadList[]
  readonly clean: CleanList
  readonly spec: ListSpec
  readonly kept: readonly ReadEntry[]
  readonly leftOut: readonly string[]
  readonly benign: BenignReport
  readonly short: readonly ReadEntry[]
}

/** Lines shown of what is told one by one; `--json` has all. */
const most = 20

/** The list as `words: { list }` reads it; what was left out stays in it as a comment, for whoever knows better. */
export function listText({ kept, leftOut, spec, lists }: ImportedList): string {
  const files = [...new Set(lists.flatMap(({ entries }) => entries.map(({ file }) => file)))]
  const head = [
    `# Made by sluice import-list from ${files.join(', ')}, for fold: ${spec.fold} and boundary: ${spec.boundary}.`,
    ...(leftOut.length > 0 ? ['# Left out because they fire on harmless text stand at the end, as comments.'] : []),
  ]
  return `${[...head, ...kept.map(({ text }) => text), ...leftOut.map((entry) => `# ${entry}`)].join('\n')}\n`
}

export function reportLines(list: ImportedList, out: string | undefined, terminal: Terminal): string[] {
  const { lists, clean, kept, leftOut, benign, short, spec } = list
  const encodings = [...new Set(lists.map(({ encoding }) => encoding))].join(', ')
  const read = lists.reduce((sum, { lines }) => sum + lines, 0)
  const comments = lists.reduce((sum, one) => sum + one.comments, 0)
  const lines = [
    `${out ?? 'the list'}: ${counted(kept.length, 'entry', 'entries')}`,
    `  read      ${counted(read, 'line')} (${encodings}), ${comments} of comments, ${clean.blank} blank`,
    `  doubles   ${clean.doubles} equal to an earlier entry once folded (fold: ${spec.fold})`,
  ]
  lines.push(
    ...named(
      'refused',
      clean.refused.map(({ file, line, text, reason }) => `${file}:${line} ${quoted(text)}: ${reason}`),
      terminal,
    ),
  )
  lines.push(
    ...named(
      'short',
      short.map(({ text }) => text),
      terminal,
      'too short to mean something by themselves',
    ),
  )
  lines.push(...benignLines(list, terminal))
  if (leftOut.length > 0) lines.push(`  left out  ${leftOut.length} that fire, kept in the list as comments`)
  else if (benign.firing.length > 0)
    lines.push(
      `  ${terminal.styled('dim', '--most 0 leaves out all that fire there, --most N those with more than N hits per million')}`,
    )
  return lines
}

function benignLines({ benign: { characters, hits, per_million, firing } }: ImportedList, terminal: Terminal): string[] {
  const of = `${grouped(characters)} characters of harmless text`
  if (firing.length === 0) return [`  harmless  ${terminal.styled('green', `nothing is found in ${of}`)}`]
  const entries = counted(firing.length, 'entry fires', 'entries fire')
  const width = Math.max(5, ...firing.slice(0, most).map(({ entry }) => columns(entry)))
  return [
    `  harmless  ${terminal.styled('red', `${entries} in ${of}: ${grouped(hits)} hits, ${grouped(per_million)} per million`)}`,
    `    ${terminal.styled('dim', `${'entry'.padEnd(width)}   hits  per million  where`)}`,
    ...firing
      .slice(0, most)
      .map(
        (one) =>
          `    ${one.entry}${' '.repeat(width - columns(one.entry))}  ${pad(one.hits, 5)}  ${pad(one.per_million, 11)}  ${visible(one.sample)}`,
      ),
    ...(firing.length > most ? [`    and ${firing.length - most} more (--json has all)`] : []),
  ]
}

function named(name: string, items: readonly string[], terminal: Terminal, what = ''): string[] {
  if (items.length === 0) return []
  const shown = items.slice(0, name === 'short' ? 40 : most)
  const rest = items.length > shown.length ? `, and ${items.length - shown.length} more` : ''
  const head = `  ${name.padEnd(9)} ${terminal.styled('yellow', String(items.length))}`
  if (name === 'short') return [`${head} ${what}: ${visible(shown.join(' '))}${rest}`]
  return [head, ...shown.map((item) => `    ${visible(item)}`), ...(rest === '' ? [] : [`    ${rest.slice(2)}`])]
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 39)}…` : text)
}

function grouped(count: number): string {
  return count.toLocaleString('en-US')
}

function pad(count: number, width: number): string {
  return grouped(count).padStart(width)
}
