/** `npm run dev` and `npm run demo` as a newcomer meets them: quiet, obeying the policy file, clear about what is wrong. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { sluice } from '../../src/cli/sluice.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const patience = 120_000

let folder: string
let file: string
let running: { readonly child: ChildProcess; readonly ended: Promise<number | null> }[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-dev-'))
  mkdirSync(join(folder, 'policies'))
  file = join(folder, 'policies', 'mine.yaml')
  running = []
})

afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGTERM')
    await ended
  }
  rmSync(folder, { recursive: true, force: true })
})

interface Program {
  /** What it has written so far. */
  said(): string
  says(pattern: RegExp): Promise<RegExpMatchArray>
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
}

function start(script: string, ...args: string[]): Program {
  const child = spawn(process.execPath, ['--env-file=dev.env', `src/cli/development/${script}.ts`, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const hear = (data: Buffer): void => {
    text += data.toString()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  running.push({ child, ended })
  return {
    child,
    ended,
    said: () => text,
    says: (pattern) =>
      vi.waitFor(
        () => {
          const found = text.match(pattern)
          if (found === null) throw new Error(`has not said ${pattern}, but:\n${text}`)
          return found
        },
        { timeout: 60_000, interval: 50 },
      ),
  }
}

function dev(...args: string[]): Program {
  return start('dev', '--policy', file, '--port', '0', '--pace', '0', '--state', join(folder, 'state'), ...args)
}

function policy(replacement: string): string {
  return `name: mine\nrules:\n  - id: reeds\n    words: { terms: [reeds] }\n    action: mask\n    with: "${replacement}"\n`
}

async function said(url: string, content: string): Promise<string> {
  const body = JSON.stringify({ model: 'rehearsal', messages: [{ role: 'user', content: `echo: ${content}` }] })
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body })
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] }
  return choices[0]?.message.content ?? ''
}

describe('npm run dev', () => {
  test('is quiet, shows a curl to paste that works, and ends with all it has started when it is told to', {
    timeout: patience,
  }, async () => {
    writeFileSync(file, policy('[plants]'))
    const program = dev()
    const [, url = ''] = await program.says(/Sluice is at (http:\S+)/)
    const [command] = await program.says(/^curl -N .*$/m)
    expect(program.said().trim().endsWith(command)).toBe(true)
    expect(program.said().trim().split('\n').filter(Boolean)).toHaveLength(4)
    const curl = spawn('sh', ['-c', command])
    const pieces: string[] = []
    for await (const piece of curl.stdout) pieces.push(String(piece))
    expect(pieces.join('')).toContain('data: [DONE]')
    expect(await said(url, 'the reeds')).toBe('the [plants]')
    await program.says(/mask · by reeds/)
    expect(program.said()).not.toContain('the reeds')
    program.child.kill('SIGINT')
    expect(await program.ended, program.said()).toBe(0)
    await expect(fetch(`${url}/_sluice/health`)).rejects.toThrow()
  })

  test('obeys an edited policy with the next request, cuts no stream, and keeps the old one when an edit is broken', {
    timeout: patience,
  }, async () => {
    writeFileSync(file, policy('[plants]'))
    const program = dev('--pace', '0.5')
    const [, url = ''] = await program.says(/Sluice is at (http:\S+)/)
    await program.says(/^curl/m)
    const words = Array.from({ length: 100 }, () => 'reeds').join(' ')
    const body = JSON.stringify({ model: 'rehearsal', stream: true, messages: [{ role: 'user', content: `echo: ${words}` }] })
    const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    await reader.read()

    writeFileSync(file, policy('[grass]'))
    await program.says(/The policy has changed: mine/)
    expect(await said(url, 'the reeds')).toBe('the [grass]')

    writeFileSync(file, policy('[grass]').replace('mask', 'maks'))
    await program.says(/mine\.yaml:5:13: action cannot be "maks"[\s\S]*The policy before rules on/)
    expect(await said(url, 'the reeds')).toBe('the [grass]')

    writeFileSync(file, policy('[grass]'))
    await program.says(/The policy is in order again/)

    const next = join(folder, 'next.yaml')
    writeFileSync(next, policy('[sedge]').replace('reeds', 'sedge-rule'))
    const place = ['--local', '--config', join(root, 'wrangler.toml'), '--state', join(folder, 'state')]
    const silent = { print: async () => {}, complain: () => {}, styled: (_: unknown, line: string) => line }
    const pushed = sluice(['push', ...place, '--as', 'dev', '--shadow', next], { ...silent, input: new Blob([]).stream() })
    expect(await pushed).toBe(0)
    writeFileSync(file, policy('[herbs]'))
    await program.says(/The policy has changed: mine [\s\S]*The policy has changed: mine/)
    expect(await said(url, 'the reeds')).toBe('the [herbs]')
    await program.says(/mask · by reeds · .* · in the shadow mask by [0-9a-f]{8} · /)

    let text = ''
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) text += new TextDecoder().decode(piece.value)
    expect(text).toContain('[plants]')
    expect(text).not.toContain('[grass]')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  test('does not start on a broken policy, and says where it is broken', { timeout: patience }, async () => {
    writeFileSync(file, policy('[plants]').replace('words', 'wrods'))
    const program = dev()
    expect(await program.ended, program.said()).toBe(1)
    expect(program.said()).toMatch(/mine\.yaml:4:5: .*wrods/)
    expect(program.said()).not.toContain('curl')
  })

  test('does not start without the policy, and says so', { timeout: patience }, async () => {
    const program = dev()
    expect(await program.ended, program.said()).toBe(1)
    expect(program.said()).toMatch(/mine\.yaml: there is no such file\s*$/)
  })

  test.each([
    ['dev', ['--prot', '1'], 2, "Unknown option '--prot'"],
    ['dev', ['--port', '99999'], 2, '"99999" is no port'],
    ['dev', ['--pace', 'fast'], 2, '"fast" is no pace'],
    ['dev', ['--help'], 0, 'npm run dev -- [--policy FILE]'],
    ['demo', ['--policy', 'x.yaml'], 2, "Unknown option '--policy'"],
    ['demo', ['--pace', 'fast'], 2, '"fast" is no pace'],
    ['demo', ['--help'], 0, 'npm run demo -- [--pace NUMBER]'],
  ] as const)('starts nothing, and says how it is called: %s %j', { timeout: patience }, async (name, args, code, says) => {
    const program = start(name, ...args)
    expect(await program.ended, program.said()).toBe(code)
    expect(program.said()).toContain(says)
    expect(program.said()).toMatch(/--pace NUMBER/)
    expect(program.said()).not.toContain('    at ')
  })

  test('says which port is taken, and what to do', { timeout: patience }, async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    writeFileSync(file, policy('[plants]'))
    const program = start('dev', '--policy', file, '--port', String(port))
    expect(await program.ended, program.said()).toBe(1)
    expect(program.said()).toContain(`Port ${port} on 127.0.0.1 is taken`)
    expect(program.said()).toContain(`--port ${port + 1}`)
    server.close()
  })
})

describe('npm run demo', () => {
  test('shows four conversations without a terminal, and what was held in them, then figures', {
    timeout: patience,
  }, async () => {
    const program = start('demo', '--pace', '0.1')
    expect(await program.ended, program.said()).toBe(0)
    const text = program.said()
    expect(text).not.toContain('\u001b')
    expect(text.match(/^ {2}model /gm)).toHaveLength(4)
    expect(text.match(/^ {2}reader /gm)).toHaveLength(4)
    expect(text).toContain('[手机号]')
    expect(text).toMatch(/"sk-rehearsal" for \d+ ms, then released/)
    expect(text).toMatch(/"sk-[^"]+" for \d+ ms, then cut/)
    expect(text).toMatch(/4 answers · \d+ characters came from the model.* 1 answer cut/)
  })
})
