/** `sluice import-list`: makes a list for `words: { list }` out of lists from elsewhere, and tells what it would do to harmless text. */
import { parseArgs } from 'node:util'
import { type Command, CommandError, choice, type ExitCode, exits, UsageError } from '../command.ts'
import { inputsOf } from '../inputs.ts'
import { filesFrom } from '../paths.ts'
import { Progress } from '../progress.ts'
import type { Terminal } from '../terminal.ts'
import { writeWhole } from '../writing.ts'
import { benignTexts } from './benign-text.ts'
import { BenignReading, type BenignReport, isShort } from './list-benign.ts'
import { cleanList, type ListSpec } from './list-cleaning.ts'
import { type ReadEntry, type ReadList, readList } from './list-reading.ts'
import { type ImportedList, listText, reportLines } from './list-report.ts'

export const importList: Command = {
  usage: `sluice import-list [--out FILE] [--fold FOLD] [--boundary none|word] [--benign FILE]… [--most N] [--column N]
                   [--separator SIGN] [--encoding NAME] [--json] FILE…

  --out FILE        the list to write; standard output unless given, and the report then goes to standard error
  --fold FOLD       the fold of the rule that will use it: case (the default), loose or none. What it makes equal
                    becomes one entry
  --boundary B      the boundary of that rule: none (the default) or word
  --benign FILE     harmless text of yours to try the list on (.txt, .jsonl with text); may be given again. Without it a
                    small sample that comes with Sluice is read
  --most N          leaves out entries with more than N hits per million characters of that text; 0 leaves out all that fire
  --column N        the column of a table (.csv, .tsv) that has the entries; the first unless given
  --separator SIGN  parts entries that share a line
  --encoding NAME   of the files; UTF-8 and UTF-16 are recognized, all else is read as GB 18030
  --json            one object: {"out","entries","lines","comments","blank","doubles","refused":[{"file","line","text",
                    "reason"}],"left_out":[…],"short":[…],"benign":{"characters","hits","per_million","firing":[{"entry",
                    "hits","per_million","sample"}]}}

FILE is text with one entry a line (# and // begin comments), a table, a JSON array of strings, or - for standard input.

Exits with 0 if a list was written, with 1 if no entry was left or a file could not be read.`,

  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        out: { type: 'string', short: 'o' },
        fold: { type: 'string' },
        boundary: { type: 'string' },
        benign: { type: 'string', multiple: true },
        most: { type: 'string' },
        column: { type: 'string' },
        separator: { type: 'string' },
        encoding: { type: 'string' },
        json: { type: 'boolean' },
      },
      allowPositionals: true,
    })
    if (positionals.length === 0) throw new UsageError('name at least one file with entries')
    const fold = choice('--fold', values.fold ?? 'case', ['case', 'loose', 'none'])
    const boundary = choice('--boundary', values.boundary ?? 'none', ['none', 'word'])
    const column = count('--column', values.column ?? '1')
    if (column === 0) throw new UsageError('--column counts from 1')
    const most = values.most === undefined ? Number.POSITIVE_INFINITY : count('--most', values.most)
    const { encoding, separator, out } = values
    const lists: ReadList[] = []
    for (const file of await filesFrom(positionals))
      lists.push(await readList(file, { encoding, separator, column }, terminal.input))
    const spec: ListSpec = { fold, boundary }
    const clean = cleanList(
      lists.flatMap(({ entries }) => entries),
      spec,
    )
    if (clean.entries.length === 0) throw new CommandError('no entry is left: there is nothing to write', 'no_entries')
    const benign = await benignReport(clean.entries, spec, values.benign ?? [], terminal)
    const loud = new Set(benign.firing.filter(({ per_million }) => per_million > most).map(({ entry }) => entry))
    const kept = clean.entries.filter(({ text }) => !loud.has(text))
    if (kept.length === 0) throw new CommandError('no entry is left: all of them fire on harmless text', 'no_entries')
    const list = { clean, lists, spec, kept, leftOut: [...loud], benign, short: kept.filter(({ text }) => isShort(text, spec)) }
    if (out !== undefined) await writeWhole(out, listText(list))
    if (values.json === true) await terminal.print(JSON.stringify(told(list, out)))
    else {
      if (out === undefined) await terminal.print(listText(list).trimEnd())
      for (const line of reportLines(list, out, terminal))
        if (out === undefined) terminal.complain(line)
        else await terminal.print(line)
    }
    return exits.fine
  },
}

function told({ clean, lists, kept, leftOut, benign, short }: ImportedList, out: string | undefined): object {
  return {
    out: out ?? null,
    entries: kept.length,
    lines: lists.reduce((sum, { lines }) => sum + lines, 0),
    comments: lists.reduce((sum, { comments }) => sum + comments, 0),
    blank: clean.blank,
    doubles: clean.doubles,
    refused: clean.refused,
    left_out: leftOut,
    short: short.map(({ text }) => text),
    benign,
  }
}

async function benignReport(
  entries: readonly ReadEntry[],
  spec: ListSpec,
  files: readonly string[],
  terminal: Terminal,
): Promise<BenignReport> {
  const reading = new BenignReading(
    entries.map(({ text }) => text),
    spec,
  )
  if (files.length === 0) for (const text of benignTexts) reading.read(text)
  const progress = new Progress(terminal, 'reading harmless text', 0)
  for (const file of await filesFrom(files))
    for await (const input of inputsOf(file, terminal.input)) {
      if (input.kind !== 'text') throw new CommandError(`${file} has no text to try the list on`, 'file_not_text')
      const text = input.deltas.join('')
      reading.read(text)
      progress.add(text.length)
    }
  progress.end()
  return reading.report()
}

function count(option: string, given: string): number {
  if (!/^\d{1,9}$/.test(given)) throw new UsageError(`${option} takes a number, not "${given}"`)
  return Number(given)
}
