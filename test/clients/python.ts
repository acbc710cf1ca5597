/** Python's clients, each in one process that reads all its cells; the interpreter is the one of the folder's own environment. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Cell, Protocol, Read } from './cases.ts'
import type { Client } from './client.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const script = `${here}read.py`

export const environment = `${here}.cache/python`
export const interpreter = `${environment}/bin/python`

function pythonClient(name: string, protocols: readonly Protocol[], modes: readonly boolean[] = [true, false]): Client {
  return {
    name: `Python ${name}`,
    protocols,
    modes,
    missing: () =>
      Promise.resolve(
        existsSync(interpreter)
          ? undefined
          : 'Python 3.10 or newer with venv and a package index, then npm run test:clients -- install',
      ),
    read: (url, cells) => readAll(name, url, cells),
  }
}

function readAll(client: string, url: string, cells: readonly Cell[]): Promise<Read[]> {
  const child = spawn(interpreter, ['-X', 'utf8', script], { stdio: ['pipe', 'pipe', 'pipe'] })
  return new Promise((resolve, reject) => {
    let out = ''
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(out) as Read[])
      else reject(new Error(`Python ended with ${code}: ${said}`))
    })
    child.stdin.end(JSON.stringify({ client, url, cells }))
  })
}

const byHand: readonly Protocol[] = ['chat', 'completions']

export const pythonClients: readonly Client[] = [
  pythonClient('openai', ['chat', 'completions', 'responses']),
  pythonClient('anthropic', ['messages']),
  pythonClient('google-genai', ['gemini']),
  pythonClient('httpx', byHand),
  pythonClient('httpx-sse', byHand, [true]),
  pythonClient('sseclient-py', byHand, [true]),
  pythonClient('requests', byHand),
]
