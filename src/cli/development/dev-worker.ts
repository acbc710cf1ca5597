/** Runs the Worker on this machine as a child process: started quietly, told about by its own lines, ended with its parent. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'

export interface WorkerOptions {
  /** 0: any free one. */
  readonly port: number
  readonly variables: Readonly<Record<string, string | number>>
  /** Folder of the local bindings' data; the one of `npm run dev` unless given. */
  readonly state?: string
  /** Lines the service or wrangler writes once it runs, without colours; those before are shown only where the start fails. */
  readonly onLine: (line: string) => void
}

export interface LocalWorker {
  readonly url: string
  /** Resolves with the exit code when the process is gone. */
  readonly gone: Promise<number>
  stop(): Promise<void>
}

/** The service could not be started; the message is for people, and has what wrangler said. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/** Milliseconds until a start counts as failed; a first run on a slow machine takes about ten seconds. */
const startPatience = 90_000

/** @throws StartError */
export async function startWorker(options: WorkerOptions): Promise<LocalWorker> {
  const said: string[] = []
  let telling = false
  const child = spawn(process.execPath, [...wrangler(), ...argumentsFor(options)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  })
  const onLine = (line: string): void => {
    said.push(line)
    // A build that fails is tried again at the next change: whoever can make that change has to know.
    telling ||= line.includes('[ERROR]')
    if (telling) for (const each of said.splice(0)) options.onLine(each)
  }
  readLines(child.stdout as Readable, onLine)
  readLines(child.stderr as Readable, onLine)
  const leave = (): void => void child.kill('SIGTERM')
  process.once('exit', leave)
  child.once('exit', () => process.off('exit', leave))
  const gone = new Promise<number>((resolve) => child.once('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0))))
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), 5000)
    await gone
    clearTimeout(killer)
  }
  try {
    const url = await ready(child, gone, said)
    telling = true
    said.length = 0
    return { url, gone, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The program behind wrangler's launcher: one process less to end. */
function wrangler(): string[] {
  const manifest = createRequire(import.meta.url).resolve('wrangler/package.json')
  return ['--no-warnings', join(manifest, '../wrangler-dist/cli.js')]
}

function argumentsFor({ port, variables, state }: WorkerOptions): string[] {
  const vars = Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}:${value}`])
  return ['dev', '--port', String(port), ...vars, ...(state === undefined ? [] : ['--persist-to', state])]
}

function ready(child: ChildProcess, gone: Promise<number>, said: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new StartError([why, ...said].join('\n')))
    const timer = setTimeout(() => fail('The service did not start in time.'), startPatience)
    child.on('message', (message) => {
      const { event, ip, port } = JSON.parse(String(message)) as { event: string; ip: string; port: number }
      if (event !== 'DEV_SERVER_READY') return
      clearTimeout(timer)
      resolve(`http://${ip}:${port}`)
    })
    void gone.then((code) => {
      clearTimeout(timer)
      fail(`The service did not start: wrangler ended with code ${code}.`)
    })
  })
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on('line', (line) => onLine(stripVTControlCharacters(line).trimEnd()))
}

/** Whether something listens there already. */
export function isTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(true))
    server.listen(port, host, () => server.close(() => resolve(false)))
  })
}
