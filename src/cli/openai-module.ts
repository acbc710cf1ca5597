/** Puts the `openai` package into a module beside the Worker's script: in the script it would be read at every start, by everybody. */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Beside the Worker's entry, from where the platform can find it by name. */
const openaiModule = fileURLToPath(new URL('../openai.bundle.mjs', import.meta.url))

export async function buildOpenaiModule(): Promise<void> {
  await build({
    stdin: { contents: "export { default } from 'openai'", resolveDir: import.meta.dirname },
    outfile: openaiModule,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    target: 'es2022',
    logLevel: 'warning',
  })
}

if (import.meta.main) await buildOpenaiModule()
