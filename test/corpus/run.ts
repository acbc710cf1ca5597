/** Runs the corpus suite over a folder of recordings that is not part of the product: `npm run test:corpus -- FOLDER`. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const usage = 'usage: npm run test:corpus -- FOLDER [vitest options]   (or the folder in SLUICE_SHARED)'

/** `npm run` leaves the folder the person stood in here; relative paths are theirs. */
const standing = process.env['INIT_CWD'] ?? process.cwd()

const [first, ...rest] = process.argv.slice(2)
const folder = first ?? process.env['SLUICE_SHARED']

if (folder === undefined || folder === '' || folder.startsWith('-')) {
  console.error(usage)
  process.exit(2)
}
const shared = resolve(standing, folder)
if (!existsSync(resolve(shared, 'streams/manifest.json'))) {
  console.error(`${folder} has no streams/manifest.json\n${usage}`)
  process.exit(2)
}

const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))
const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url))
const run = spawnSync(process.execPath, [vitest, 'run', '--config', config, ...rest], {
  stdio: 'inherit',
  env: { ...process.env, SLUICE_SHARED: shared },
})
process.exit(run.status ?? 1)
