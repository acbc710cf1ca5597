/** Measures the packs and writes what they do into their headers and into the table of packs: `npm run measure:packs -- FOLDER`. */
import { existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const folder = resolve(process.env['INIT_CWD'] ?? process.cwd(), process.argv[2] ?? process.env['SLUICE_SHARED'] ?? '')
if (!existsSync(resolve(folder, 'data/benign/en_prose.jsonl'))) {
  console.error(
    'usage: npm run measure:packs -- FOLDER   (or the folder in SLUICE_SHARED); it holds data/benign and its neighbours',
  )
  process.exit(2)
}
process.env['SLUICE_SHARED'] = folder

// Only now: the folder is looked for when these are loaded.
const { packNamed } = await import('./pack-reading.ts')
const { figuresOf, linesOf } = await import('./pack-figures.ts')
const { packFile, packNames, tableFile, withHeader, withTable } = await import('./pack-headers.ts')

const measured = []
for (const name of packNames) {
  const pack = await packNamed(name)
  const one = { pack, figures: figuresOf(pack) }
  console.log([name, ...linesOf(one.figures).map((line) => `  ${line}`)].join('\n'))
  writeFileSync(packFile(name), withHeader(one))
  measured.push(one)
}
writeFileSync(tableFile, withTable(measured))
