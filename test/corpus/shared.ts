/** The folder of recordings and data that the corpus suite reads; it is no part of the product and comes as an argument. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.env['SLUICE_SHARED']
if (folder === undefined || folder === '') {
  throw new Error('the corpus suite needs a folder of recordings: npm run test:corpus -- FOLDER (or SLUICE_SHARED=FOLDER)')
}

function read(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(folder as string, path)))
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
  /** What the official client did with it, unmodified. */
  readonly baseline: { readonly raw: string; readonly helper: string }
}

interface Entry {
  readonly file: string
  readonly protocol: string
  readonly framing: string
  readonly sdk_baseline: Readonly<Record<string, { raw: string; helper: string }>>
}

/** Every recorded stream of chat completions; chunks without framing are sent as the manifest says they were replayed. */
export function chatRecordings(): Recording[] {
  const { files } = readJson<{ files: Entry[] }>('streams/manifest.json')
  return files
    .filter(({ protocol }) => protocol === 'openai.chat.completions')
    .map(({ file, framing, sdk_baseline }) => {
      const baseline = sdk_baseline['both'] ?? sdk_baseline['newer']
      if (baseline === undefined) throw new Error(`${file} has no baseline`)
      const lines =
        framing === 'json-lines'
          ? readText(`streams/${file}`)
              .split('\n')
              .filter((line) => line !== '')
          : []
      const framed = [...lines, '[DONE]'].map((line) => `data: ${line}\n\n`).join('')
      return { file, bytes: framing === 'json-lines' ? new TextEncoder().encode(framed) : read(`streams/${file}`), baseline }
    })
}
