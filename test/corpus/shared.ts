/** The folder of recordings and data that the corpus suite reads; it is no part of the product and comes as an argument. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dialect } from '../../src/terms/dialect.ts'
import { dialectFor } from '../../src/wire/index.ts'
import type { RecordedDialect } from './recorded.ts'

const folder = process.env['SLUICE_SHARED']
if (folder === undefined || folder === '') {
  throw new Error('the corpus suite needs a folder of recordings: npm run test:corpus -- FOLDER (or SLUICE_SHARED=FOLDER)')
}

export function pathOf(path: string): string {
  return join(folder as string, path)
}

function read(path: string): Uint8Array {
  return new Uint8Array(readFileSync(pathOf(path)))
}

export function readText(path: string): string {
  return new TextDecoder().decode(read(path))
}

export function readJson<Content>(path: string): Content {
  return JSON.parse(readText(path)) as Content
}

/** Lines end with LF only: other line ends stand inside strings. */
export function readRows<Row>(path: string): Row[] {
  return readText(path)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row)
}

export interface Recording {
  readonly file: string
  /** The bytes as a server sends them: an event stream. */
  readonly bytes: Uint8Array
  /** What the official client did with it, unmodified, by the way it was read. */
  readonly baseline: Readonly<Record<string, string>>
}

interface Entry {
  readonly file: string
  readonly protocol: string
  readonly framing: string
  readonly sdk_baseline?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export function dialectOf({ url }: Pick<RecordedDialect, 'url'>): Dialect {
  const dialect = dialectFor('POST', new URL(url).pathname)
  if (dialect === undefined) throw new Error(`no dialect answers at ${url}`)
  return dialect
}

/** Every recorded stream of a dialect; chunks without framing are sent as the manifest says they were replayed. */
export function recordingsOf(recorded: Pick<RecordedDialect, 'protocol' | 'framed' | 'outcomes' | 'reframed'>): Recording[] {
  const { protocol: name, framed, outcomes, reframed } = recorded
  const { files } = readJson<{ files: Entry[] }>('streams/manifest.json')
  return files
    .filter(({ protocol }) => protocol === name)
    .map(({ file, framing, sdk_baseline }) => {
      const baseline = sdk_baseline?.['both'] ?? sdk_baseline?.['newer'] ?? {}
      if (Object.keys(outcomes).length > 0 && Object.keys(baseline).length === 0) throw new Error(`${file} has no baseline`)
      const bytes = read(`streams/${file}`)
      if (reframed !== undefined) return { file: `${file}, in another form`, bytes: reframed(bytes), baseline }
      if (framing !== 'json-lines') return { file, bytes, baseline }
      const chunks = new TextDecoder()
        .decode(bytes)
        .split('\n')
        .filter((line) => line !== '')
      return { file, bytes: new TextEncoder().encode(framed(chunks)), baseline }
    })
}
