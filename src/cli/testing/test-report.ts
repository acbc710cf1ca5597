/** Tells people which of a policy's tests fails, at which split, and how what came out differs from what it says. */
import { blank, columns, visible } from '../../policy/columns.ts'
import type { Terminal } from '../terminal.ts'
import { readsIn, type TestResult, type TestSplit } from './policy-tests.ts'

/** Units of a text that stand on one line; of a longer one the part around the difference is shown. */
const widest = 80
/** Units shown before what differs. */
const lead = 24

/** `FAIL  file:line  answer "…"`, what differs, both texts with a caret under the first difference, and the split. */
export function failureLines(place: string, result: TestResult, terminal: Terminal): string[] {
  const { failure, channel, text, expected } = result
  if (failure === undefined) return []
  const { split, got, reasons } = failure
  const lines = [`${terminal.styled('red', 'FAIL')}  ${place}  ${channel} ${quoted(text)}`]
  for (const reason of reasons) lines.push(`  ${terminal.styled('bold', visible(reason))}`)
  const reads = readsIn(expected, text)
  if (reads !== undefined && reads !== got.reads) lines.push(...differenceLines(reads, got.reads, terminal))
  lines.push(`  ${terminal.styled('dim', splitText(text, split))}`)
  return lines
}

function differenceLines(wanted: string, got: string, terminal: Terminal): string[] {
  const at = firstDifference(wanted, got)
  const same = commonEnd(wanted.slice(at), got.slice(at))
  const from = Math.max(0, at - lead)
  const cut = from > 0 ? '…' : ''
  const shown = (text: string): string =>
    oneLine(`${cut}${text.slice(from, from + widest)}${text.length > from + widest ? '…' : ''}`)
  const caret = (text: string, colour: 'green' | 'red'): string => {
    const meant = oneLine(text.slice(at, Math.min(text.length - same, from + widest)))
    return `            ${blank(oneLine(cut + text.slice(from, at)))}${terminal.styled(colour, '^'.repeat(Math.max(1, columns(meant))))}`
  }
  return [
    `  expected  ${terminal.styled('green', shown(wanted))}`,
    caret(wanted, 'green'),
    `  got       ${terminal.styled('red', shown(got))}`,
    caret(got, 'red'),
  ]
}

function commonEnd(one: string, other: string): number {
  let same = 0
  while (same < Math.min(one.length, other.length) && one.at(-1 - same) === other.at(-1 - same)) same += 1
  return same
}

/** Never between the two halves of a character. */
function firstDifference(one: string, other: string): number {
  let at = 0
  while (at < Math.min(one.length, other.length) && one[at] === other[at]) at += 1
  return /[\ud800-\udbff]$/.test(one.slice(0, at)) ? at - 1 : at
}

export function splitText(text: string, split: TestSplit): string {
  if (split.kind === 'whole') return 'with the text in one piece (and so at every split)'
  if (split.kind === 'units') return 'one unit at a time; in one piece it comes out as it should'
  const { at } = split
  const ends = `${quoted(text.slice(Math.max(0, at - lead), at))} | ${quoted(text.slice(at, at + lead))}`
  return `where the pieces meet at ${at}: ${ends}; in one piece it comes out as it should`
}

function quoted(text: string): string {
  return visible(JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text))
}

/** Line ends as they are written in a policy, so that carets stand where they belong. */
function oneLine(text: string): string {
  return visible(text.replace(/[\n\r\t]/g, (sign) => ({ '\n': '⏎', '\r': '␍', '\t': ' ' })[sign] ?? sign))
}
