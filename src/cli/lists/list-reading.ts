/** Reads lists of terms as they are found in the world: in any encoding, one a line, as tables or as JSON. */
import { readFile } from 'node:fs/promises'
import { CommandError } from '../command.ts'
import { parseJson } from '../json.ts'
import { allOf, unreadable } from '../policy-file.ts'

export interface ReadEntry {
  readonly text: string
  readonly file: string
  /** From 1; the place in the array for JSON. */
  readonly line: number
}

export interface ReadList {
  readonly entries: readonly ReadEntry[]
  readonly encoding: string
  readonly lines: number
  readonly comments: number
}

export interface ReadingOptions {
  /** As TextDecoder knows it; found out unless given. */
  readonly encoding: string | undefined
  /** The column of a table that has the terms, from 1. */
  readonly column: number
  /** Parts terms that share a line. */
  readonly separator: string | undefined
}

/** @throws CommandError `no_such_file` and the like; `file_not_text` where the encoding does not fit. */
export async function readList(file: string, options: ReadingOptions, input: AsyncIterable<Uint8Array>): Promise<ReadList> {
  let bytes: Uint8Array
  try {
    bytes = file === '-' ? await allOf(input) : await readFile(file)
  } catch (error) {
    throw unreadable(file, error)
  }
  const { text, encoding } = decoded(file, bytes, options.encoding)
  if (/\.json$/i.test(file)) {
    const values = parseJson(text)
    if (!Array.isArray(values) || !values.every((value) => typeof value === 'string'))
      throw new CommandError(`${file} is no JSON array of strings`, 'file_not_text')
    const entries = values.map((value, index) => ({ text: value, file, line: index + 1 }))
    return { entries, encoding, lines: values.length, comments: 0 }
  }
  const table = /\.(csv|tsv)$/i.exec(file)?.[1]?.toLowerCase()
  const lines = text.split(/\r\n?|\n/)
  if (lines.at(-1) === '') lines.pop()
  const entries: ReadEntry[] = []
  let comments = 0
  let columns = 0
  for (const [index, line] of lines.entries()) {
    if (table === undefined && /^\s*(?:#|\/\/\s)/.test(line)) comments += 1
    else {
      const cells = table === undefined ? [line] : cellsOf(line, table === 'tsv' ? '\t' : ',')
      columns = Math.max(columns, cells.length)
      const cell = (table === undefined ? line : cells[options.column - 1]) ?? ''
      if (table !== undefined && index === 0 && isHeading(cell)) comments += 1
      else for (const part of partsOf(cell, options.separator)) entries.push({ text: part, file, line: index + 1 })
    }
  }
  if (table !== undefined && columns > 0 && options.column > columns)
    throw new CommandError(`${file} has no column ${options.column}: its lines have ${columns} at most`, 'no_entries')
  return { entries, encoding, lines: lines.length, comments }
}

/** UTF-8 and UTF-16 by their marks, UTF-8 without one, and else GB 18030, in which nearly all other Chinese lists are. */
function decoded(file: string, bytes: Uint8Array, wanted: string | undefined): { text: string; encoding: string } {
  const [first, second] = bytes
  const marked = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : undefined
  for (const encoding of wanted !== undefined ? [wanted] : marked !== undefined ? [marked] : ['utf-8', 'gb18030']) {
    try {
      return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding }
    } catch (error) {
      if (error instanceof RangeError) throw new CommandError(`there is no encoding "${encoding}"`, 'file_not_text')
    }
  }
  throw new CommandError(
    `${file} is not text in ${wanted ?? marked ?? 'UTF-8 or GB 18030'}; name its --encoding`,
    'file_not_text',
  )
}

/** RFC 4180, a line at a time: a term has no line end. */
function cellsOf(line: string, comma: string): string[] {
  const cells: string[] = []
  for (let at = 0; at <= line.length; ) {
    const quoted = /^\s*"((?:[^"]|"")*)"\s*/.exec(line.slice(at))
    if (quoted !== null) at += quoted[0].length
    const end = line.indexOf(comma, at)
    const stop = end < 0 ? line.length : end
    cells.push(quoted === null ? line.slice(at, stop) : (quoted[1] ?? '').replaceAll('""', '"'))
    at = stop + 1
  }
  return cells
}

function isHeading(cell: string): boolean {
  return /^(?:id|terms?|words?|keywords?|phrases?|text|name|词|词语|词汇|敏感词|关键词|关键字|内容)$/i.test(cell.trim())
}

function partsOf(cell: string, separator: string | undefined): readonly string[] {
  return separator === undefined ? [cell] : cell.split(separator)
}
