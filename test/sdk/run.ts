/** `npm run test:sdk`: the official clients read what Sluice sends; installs them first where that is needed. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

/** What is installed for another Node than the one that tests would be left out. */
function run(command: string, args: readonly string[], cwd?: string): number {
  const PATH = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter)
  return spawnSync(command, args, { cwd, stdio: 'inherit', env: { ...process.env, PATH } }).status ?? 1
}

/** Whether what is installed is what the lock says: npm writes its own copy of the lock beside the packages. */
function installed(): boolean {
  const copy = `${here}node_modules/.package-lock.json`
  if (!existsSync(copy)) return false
  const packages = (file: string) => {
    const { '': _, ...rest } = JSON.parse(readFileSync(file, 'utf8')).packages as Record<string, { version?: string }>
    return JSON.stringify(Object.entries(rest).map(([name, { version }]) => [name, version]))
  }
  return packages(copy) === packages(`${here}package-lock.json`)
}

const args = process.argv.slice(2)
if (args[0] === 'install' || !installed()) {
  const code = run('npm', ['ci', '--loglevel=error'], here)
  if (code !== 0 || args[0] === 'install') process.exit(code)
}
const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))
process.exit(run(process.execPath, [vitest, 'run', '--config', `${here}vitest.config.ts`, ...args]))
