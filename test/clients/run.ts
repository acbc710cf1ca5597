/** `npm run test:clients`: clients that people use by hand read what Sluice sends; installs them first where that is needed. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { environment, interpreter } from './python.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const cache = `${here}.cache/`

/** What is installed for another Node than the one that tests would be left out. The browser unpacks itself where files go for a while. */
function run(command: string, args: readonly string[], cwd?: string): number {
  const PATH = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter)
  mkdirSync(`${cache}tmp`, { recursive: true })
  const env = { ...process.env, PATH, TMPDIR: `${cache}tmp`, PIP_DISABLE_PIP_VERSION_CHECK: '1' }
  return spawnSync(command, args, { cwd, stdio: 'inherit', env }).status ?? 1
}

/** Remembers what a list of packages was when it was installed. */
function unlessDone(list: string, made: string, install: () => boolean): boolean {
  const sum = createHash('sha256')
    .update(readFileSync(`${here}${list}`))
    .digest('hex')
  const note = `${cache}${list}.installed`
  if (existsSync(made) && existsSync(note) && readFileSync(note, 'utf8') === sum) return true
  if (!install()) return false
  mkdirSync(cache, { recursive: true })
  writeFileSync(note, sum)
  return true
}

function installPackages(): boolean {
  return unlessDone('package-lock.json', `${here}node_modules`, () => run('npm', ['ci', '--loglevel=error'], here) === 0)
}

/** Python is not everybody's: without it its clients are skipped, by name. */
function installPython(): boolean {
  return unlessDone('requirements.txt', interpreter, () => {
    rmSync(environment, { recursive: true, force: true })
    const made =
      run('python3', ['-m', 'venv', environment]) === 0 &&
      run(interpreter, [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--no-deps',
        '--only-binary',
        ':all:',
        '-r',
        `${here}requirements.txt`,
      ]) === 0
    if (!made) rmSync(environment, { recursive: true, force: true })
    return made
  })
}

const args = process.argv.slice(2)
if (!installPackages()) process.exit(1)
if (!installPython())
  console.error("Python's clients could not be installed: this takes Python 3.10 or newer, its venv and a package index.")
if (args[0] === 'install') process.exit(0)
const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))
process.exit(run(process.execPath, [vitest, 'run', '--config', `${here}vitest.config.ts`, ...args]))
