/** What was measured of a pack, where people read it: in the pack's own header and in the table of packs. */
import { readFileSync } from 'node:fs'
import { type Figures, headsOf, linesOf, rowOf } from './pack-figures.ts'
import { type Pack, policiesFolder } from './pack-reading.ts'

/** The packs, in the order of the table. */
export const packNames = [
  'consumer-chat',
  'secrets',
  'pii',
  'profanity-en',
  'profanity-zh',
  'harassment-care',
  'self-harm-care',
  'self-harm-help',
  'care-judged',
  'prompt-leak',
  'injection',
  'markup-safety',
] as const

const first = '# Measured (npm run measure:packs writes these lines):'
const last = '# (end of what is measured)'

const tableStart = '<!-- measured: npm run measure:packs writes this table -->'
const tableEnd = '<!-- measured: end -->'

export interface Measured {
  readonly pack: Pack
  readonly figures: Figures
}

export const packFile = (name: string): string => `${policiesFolder}/${name}.yaml`
export const tableFile = `${policiesFolder}/README.md`

/** The text of the pack's file with what was measured in its header. */
export function withHeader({ pack, figures }: Measured): string {
  const text = readFileSync(packFile(pack.name), 'utf8')
  return replaced(text, packFile(pack.name), first, last, linesOf(figures).flatMap(wrapped))
}

/** The README with the table of packs. */
export function withTable(all: readonly Measured[]): string {
  const heads = all[0] === undefined ? [] : headsOf(all[0].figures)
  const rows = all.map(({ pack, figures }) => rowOf(pack, figures))
  return replaced(readFileSync(tableFile, 'utf8'), tableFile, tableStart, tableEnd, ['', ...heads, ...rows, ''])
}

function replaced(text: string, file: string, start: string, end: string, lines: readonly string[]): string {
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`${file} has no place for what is measured: "${start}" and "${end}"`)
  return `${text.slice(0, from)}${[start, ...lines].join('\n')}\n${text.slice(to)}`
}

/** Columns of a line of a header. */
const width = 128

/** A comment, one item of a list, over as many lines as it takes. */
function wrapped(line: string): string[] {
  const lines: string[] = []
  let current = '# -'
  for (const word of line.split(' ')) {
    if (`${current} ${word}`.length > width) {
      lines.push(current)
      current = '#  '
    }
    current += ` ${word}`
  }
  return [...lines, current]
}
