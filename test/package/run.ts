/** `npm run check:package`: looks at the package as it is published; installs what it looks with first where that is needed. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

function run(command: string, args: readonly string[], cwd?: string): number {
  const PATH = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter)
  return spawnSync(command, args, { cwd, stdio: 'inherit', env: { ...process.env, PATH } }).status ?? 1
}

/** Whether what is installed is what the lock says: npm writes its own copy of the lock beside the packages. */
function installed(): boolean {
  const copy = `${here}node_modules/.package-lock.json`
  if (!existsSync(copy)) return false
  const packages = (file: string) => {
    const all = JSON.parse(readFileSync(file, 'utf8')).packages as Record<string, { version?: string; optional?: boolean }>
    // What is for another machine is in the lock and nowhere else.
    const wanted = Object.entries(all).filter(([name, { optional }]) => name !== '' && optional !== true)
    return JSON.stringify(wanted.map(([name, { version }]) => [name, version]))
  }
  return packages(copy) === packages(`${here}package-lock.json`)
}

const [first, ...rest] = process.argv.slice(2)
if (first === 'install' || !installed()) {
  const code = run('npm', ['ci', '--loglevel=error'], here)
  if (code !== 0 || first === 'install') process.exit(code)
}
if (first === 'changeset') process.exit(run(process.execPath, [`${here}node_modules/@changesets/cli/bin.js`, ...rest]))
const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))
const args = process.argv.slice(2)
process.exit(run(process.execPath, [vitest, 'run', '--config', `${here}vitest.config.ts`, ...args]))
