/** How large each door of the package is once bundled and compressed, as an app would ship it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

export interface Size {
  readonly what: string
  /** Bytes, minified. */
  readonly bytes: number
  readonly gzip: number
}

/** What apps import of the package, besides its doors as a whole. */
const parts: readonly (readonly [what: string, code: string])[] = [
  ['sluice + sluice/hono', "export * from 'sluice'\nexport { sluice } from 'sluice/hono'"],
  ['sluice { guardFetch, loadPlan }', "export { guardFetch, loadPlan } from 'sluice'"],
  ['sluice { TextGateStream, loadPlan }', "export { TextGateStream, loadPlan } from 'sluice'"],
]

/** The doors of the installed package, `package.json` not among them. */
export function doorsOf(project: string): string[] {
  const { exports } = JSON.parse(readFileSync(join(project, 'node_modules/sluice/package.json'), 'utf8')) as { exports: object }
  return Object.keys(exports)
    .filter((door) => !door.endsWith('.json'))
    .map((door) => join('sluice', door))
}

/** Hono and the openai package are the app's own and not counted. */
export async function sizesIn(project: string): Promise<Size[]> {
  const doors = doorsOf(project).map((door) => [door, `export * from '${door}'`] as const)
  return await Promise.all(
    [...doors, ...parts].map(async ([what, code]) => {
      const { outputFiles } = await build({
        stdin: { contents: code, resolveDir: project },
        bundle: true,
        minify: true,
        write: false,
        format: 'esm',
        target: 'es2023',
        platform: 'neutral',
        mainFields: ['module', 'main'],
        external: ['hono', 'openai'],
      })
      const bytes = outputFiles.reduce((sum, { contents }) => sum + contents.length, 0)
      const gzip = outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0)
      return { what, bytes, gzip }
    }),
  )
}

export function table(sizes: readonly Size[]): string {
  const width = Math.max(...sizes.map(({ what }) => what.length))
  const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1).padStart(7)} kB`
  return sizes.map(({ what, bytes, gzip }) => `${what.padEnd(width)}  ${kB(bytes)}  ${kB(gzip)} compressed`).join('\n')
}
