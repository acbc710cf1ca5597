/** The key-value store of deployed Workers through wrangler, for whoever has logged in there and has no token at hand. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandError } from '../command.ts'
import type { StoredKey, WritableStore } from './push-store.ts'

/** @throws CommandError where wrangler is missing. */
export function openThroughWrangler(namespace: string, config: string): WritableStore {
  const program = wranglerProgram()
  // It may say which account is meant.
  const configured = existsSync(config) ? ['--config', config] : []
  const run = async (...args: string[]): Promise<Output> =>
    await output(program, ['kv', 'key', ...args, '--namespace-id', namespace, '--remote', ...configured])
  const demand = async (...args: string[]): Promise<Buffer> => {
    const { code, said, stdout } = await run(...args)
    if (code !== 0)
      throw new CommandError(
        `wrangler could not do this; CLOUDFLARE_API_TOKEN with CLOUDFLARE_ACCOUNT_ID, or npx wrangler login?\n\n${said}`,
        'store_refused',
      )
    return stdout
  }
  return {
    place: `namespace ${namespace}`,
    async get(key) {
      // What is not there is an error to wrangler like any other; lists have it or have not.
      const keys = JSON.parse((await demand('list', '--prefix', key)).toString()) as { name: string }[]
      if (!keys.some(({ name }) => name === key)) return undefined
      return new Uint8Array(await demand('get', key))
    },
    async put(key, content, label) {
      const folder = await mkdtemp(join(tmpdir(), 'sluice-push-'))
      try {
        const file = join(folder, 'value')
        await writeFile(file, content)
        await demand('put', key, '--path', file, ...(label ? ['--metadata', JSON.stringify(label)] : []))
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
    remove: async (key) => void (await demand('delete', key)),
    async list(prefix) {
      const keys = JSON.parse((await demand('list', '--prefix', prefix)).toString()) as {
        name: string
        metadata?: StoredKey['label']
      }[]
      return keys.map(({ name, metadata }) => ({ name, label: metadata }))
    },
    close: () => Promise.resolve(),
  }
}

function wranglerProgram(): string {
  try {
    return createRequire(join(process.cwd(), 'package.json'))
      .resolve('wrangler/package.json')
      .replace(/package\.json$/, 'bin/wrangler.js')
  } catch {
    throw new CommandError(
      'set CLOUDFLARE_API_TOKEN (with the permission "Workers KV Storage: Edit") and CLOUDFLARE_ACCOUNT_ID, or install wrangler and log in there',
      'store_unknown',
    )
  }
}

interface Output {
  readonly code: number
  readonly said: string
  readonly stdout: Buffer
}

function output(program: string, args: readonly string[]): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', WRANGLER_HIDE_BANNER: 'true', WRANGLER_SEND_METRICS: 'false' },
    })
    const pieces: Buffer[] = []
    let said = ''
    child.stdout.on('data', (data: Buffer) => pieces.push(data))
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString()
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, said: said.trim(), stdout: Buffer.concat(pieces) }))
  })
}
