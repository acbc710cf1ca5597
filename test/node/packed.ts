/** The package as it is published: packed, put into an empty project, and the README's examples to try there. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const run = promisify(execFile)

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Packed {
  readonly tarball: string
  /** Paths of what is in it. */
  readonly files: readonly string[]
  /** A folder with nothing but the package installed. */
  readonly project: string
  remove(): void
}

export async function packed(): Promise<Packed> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-package-')))
  // Packed from a copy: whoever builds in the checkout at the same time gets in nobody's way.
  const copy = join(folder, 'checkout')
  for (const name of ['src', 'policies', 'test/tsconfig.build.json', 'package.json', 'tsconfig.json', 'README.md', 'LICENSE']) {
    cpSync(join(root, name), join(copy, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: copy })
  const [report] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [{ filename: string; files: { path: string }[] }]
  const project = join(folder, 'project')
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }\n')
  const tarball = join(folder, report.filename)
  await run('npm', ['install', '--prefer-offline', '--ignore-scripts', tarball], { cwd: project })
  return {
    tarball,
    files: report.files.map((file) => file.path),
    project,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The block under `<!-- example: NAME -->`, exactly as a reader would copy it. */
export function example(name: string): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const block = readme.match(new RegExp(`<!-- example: ${name} -->\\n\`\`\`\\w*\\n([\\s\\S]*?)\`\`\``))?.[1]
  if (block === undefined) throw new Error(`README.md has no example ${name}`)
  return block
}

/** The arguments of each `npx sluice …` of an example. */
export function sluiceLines(block: string): string[][] {
  const lines = block.split('\n').filter((line) => line.startsWith('npx sluice '))
  return lines.map((line) =>
    [...line.replace(/\s+#.*$/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '').slice(2),
  )
}
