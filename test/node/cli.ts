/** Runs `sluice` in a folder of its own: in this process where that is enough, as a program where the process matters. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'
import { sluice } from '../../src/cli/sluice.ts'

// The first of a file loads a command with its parsers, and programs are started, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export class Workplace {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-cli-')))
  readonly #before = process.cwd()

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    process.chdir(this.folder)
    this.write(files)
  }

  write(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [name, content] of Object.entries(files)) {
      const file = join(this.folder, name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
    }
  }

  async run(args: readonly string[], input = ''): Promise<Ran> {
    const out: string[] = []
    const err: string[] = []
    const code = await sluice(args, {
      print: async (line) => void out.push(`${line}\n`),
      complain: (line) => void err.push(`${line}\n`),
      styled: (_style, text) => text,
      input: inPieces(new TextEncoder().encode(input)),
    })
    return { code, out: out.join(''), err: err.join('') }
  }

  /** The objects that `--json` prints. */
  async json(args: readonly string[], input = ''): Promise<Record<string, unknown>[]> {
    const { out, err, code } = await this.run(args, input)
    if (code !== 0 || err !== '') throw new Error(`sluice ${args.join(' ')} exits with ${code}: ${err}`)
    return objectsIn(out)
  }

  program(args: readonly string[], { input = '', env = {} }: { input?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Ran> {
    return new Promise((resolve) => {
      const options = { cwd: this.folder, env: { ...process.env, FORCE_COLOR: undefined, ...env } }
      const child = execFile(process.execPath, [main, ...args], options, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err })
      })
      child.stdin?.end(input)
    })
  }

  remove(): void {
    process.chdir(this.#before)
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export function objectsIn(out: string): Record<string, unknown>[] {
  const lines = out.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** As a pipe may bring it: in pieces that end anywhere, inside a character too. */
async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 7) yield bytes.slice(at, at + 7)
}
