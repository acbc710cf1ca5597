/** The Worker as it is deployed, bundled by wrangler and run by workerd alone on this machine: nothing stands between it and a client. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Trail } from '../../src/terms/trail.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface RunningWorker {
  readonly url: string
  /** The records it has written to its console so far. */
  readonly trails: readonly Trail[]
  /** The script that is read at every start, compressed, in bytes; the modules beside it are not in it. */
  readonly scriptBytes: number
  stop(): Promise<void>
}

/**
 * @param variables what a deployment would set.
 * @param policy an artifact that takes the place of the bundled one.
 * @param store host and port of a server that answers as the platform's key-value store does; without one there is none.
 */
export async function startWorkerd(
  variables: Readonly<Record<string, string>>,
  policy?: ArrayBuffer,
  store?: string,
): Promise<RunningWorker> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-workerd-'))
  bundle(folder)
  if (policy !== undefined) for (const file of plansIn(folder)) writeFileSync(join(folder, file), new Uint8Array(policy))
  writeFileSync(join(folder, 'config.capnp'), configuration(folder, variables, store))
  const child = spawn(workerdBinary(), ['serve', join(folder, 'config.capnp'), '--control-fd=3'], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const trails: Trail[] = []
  createInterface({ input: child.stdout as Readable }).on('line', (line) => {
    if (line.includes('{"sluice":"trail"')) trails.push(JSON.parse(line.slice(line.indexOf('{'))) as Trail)
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const port = await listening(child)
  return {
    url: `http://127.0.0.1:${port}`,
    trails,
    scriptBytes: gzipSync(readFileSync(join(folder, 'worker.js')), { level: 9 }).length,
    async stop() {
      child.kill('SIGKILL')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function bundle(folder: string): void {
  const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js')
  const args = ['--env-file=dev.env', wrangler, 'deploy', '--dry-run', '--outdir', folder]
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`wrangler could not bundle the Worker: ${stderr}`)
}

function plansIn(folder: string): string[] {
  return readdirSync(folder).filter((file) => file.endsWith('.plan'))
}

function configuration(folder: string, variables: Readonly<Record<string, string>>, store: string | undefined): string {
  const modules = readdirSync(folder)
    .filter((file) => /\.(?:plan|tiktoken|mjs)$/.test(file))
    .map((file) => `(name = "./${file}", ${file.endsWith('.mjs') ? 'esModule' : 'data'} = embed ${JSON.stringify(file)})`)
  const bindings = Object.entries(variables).map(
    ([name, value]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(value)})`,
  )
  if (store !== undefined) bindings.push('(name = "POLICIES", kvNamespace = "store")')
  const kept = store === undefined ? '' : `, (name = "store", external = (address = ${JSON.stringify(store)}, http = ()))`
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "internet", network = (allow = ["public", "private"]))${kept}],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js"), ${modules.join(', ')}],
  compatibilityDate = "2026-09-25",
  compatibilityFlags = ["enable_request_signal"],
  bindings = [${bindings.join(', ')}],
);
`
}

function workerdBinary(): string {
  const wrangler = createRequire(join(root, 'package.json')).resolve('wrangler/package.json')
  return (createRequire(wrangler)('workerd') as { default: string }).default
}

function listening(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (data: Buffer) => {
      said += data.toString()
    })
    child.once('exit', () => reject(new Error(`workerd did not start: ${said}`)))
    createInterface({ input: child.stdio[3] as Readable }).on('line', (line) => {
      const { event, port } = JSON.parse(line) as { event: string; port: number }
      if (event === 'listen') resolve(port)
    })
  })
}
