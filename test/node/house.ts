/** A folder of tests with packages of its own, which a newcomer's install leaves out: installed by its own command, where that is needed. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

export class House {
  readonly #folder: string

  /** @param url the folder's, or of a file in it. */
  constructor(url: string) {
    this.#folder = fileURLToPath(new URL('.', url))
  }

  /** Installs what the lock says unless that is there; ends the process where it cannot, or where nothing else was asked for. */
  install(first: string | undefined): void {
    if (first !== 'install' && this.#isInstalled()) return
    const code = this.run('npm', ['ci', '--loglevel=error'], this.#folder)
    if (code !== 0 || first === 'install') process.exit(code)
  }

  /** Runs the tests with the configuration that lies in the folder, and ends the process as they end. */
  test(args: readonly string[]): never {
    const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))
    process.exit(this.run(process.execPath, [vitest, 'run', '--config', `${this.#folder}vitest.config.ts`, ...args]))
  }

  /** What is installed for another Node than the one that tests would be left out. */
  run(command: string, args: readonly string[], cwd?: string): number {
    const PATH = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter)
    return spawnSync(command, args, { cwd, stdio: 'inherit', env: { ...process.env, PATH } }).status ?? 1
  }

  /** npm writes its own copy of the lock beside the packages. */
  #isInstalled(): boolean {
    const copy = `${this.#folder}node_modules/.package-lock.json`
    if (!existsSync(copy)) return false
    const packages = (file: string) => {
      const all = JSON.parse(readFileSync(file, 'utf8')).packages as Record<string, { version?: string; optional?: boolean }>
      // What is for another machine is in the lock and nowhere else.
      const wanted = Object.entries(all).filter(([name, { optional }]) => name !== '' && optional !== true)
      return JSON.stringify(wanted.map(([name, { version }]) => [name, version]))
    }
    return packages(copy) === packages(`${this.#folder}package-lock.json`)
  }
}
