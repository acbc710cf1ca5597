/** `npm run bench …`: reads what is asked for, and says what there is where it is not understood. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Effort } from './measure.ts'

const usage = `usage: npm run bench install                the peers, into test/bench/node_modules
       npm run bench engines [-- OPTIONS]    terms, patterns and the text gate beside other engines
       npm run bench gate [-- OPTIONS]       events parsed, checked and forwarded, a second and core
       npm run bench judges [-- OPTIONS]     what readers wait for while a judge is asked, beside other schemes
       npm run bench test                    that the bench's material is what it claims to be

  --quick            small lists, short samples: an impression
  --json             the whole report as JSON
  --shared FOLDER    texts and lists from FOLDER/benign and FOLDER/keywords instead of generated ones
  --sizes 10,1000    engines: lengths of the lists of terms
  --only PART,…      engines: terms, stored, patterns, gate · gate: empty, chat, full
  --rounds N         samples of each contender; 5 unless given
  --sample-ms N      processor time of one sample`

const here = dirname(fileURLToPath(import.meta.url))

/** `npm run` leaves the folder the person stood in here; relative paths are theirs. */
const standing = process.env['INIT_CWD'] ?? process.cwd()

function misunderstood(reason: string): never {
  console.error(`${reason}\n\n${usage}`)
  process.exit(2)
}

/** What is installed for another Node than the one that measures (re2 is native) would be left out. */
function spawn(command: string, args: readonly string[]): never {
  const PATH = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter)
  const { status } = spawnSync(command, args, { cwd: here, stdio: 'inherit', env: { ...process.env, PATH, ...headers() } })
  process.exit(status ?? 1)
}

/** The package that Node comes from brings its headers as well, so that what is native can be built where nothing can be fetched. */
function headers(): { npm_config_nodedir?: string } {
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('node/package.json'))
    const folder = dirname(require.resolve(`node-${process.platform}-${process.arch}/package.json`))
    return existsSync(resolve(folder, 'include/node/node.h')) ? { npm_config_nodedir: folder } : {}
  } catch {
    return {}
  }
}

function numbers(name: string, text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined
  const all = text.split(',').map(Number)
  if (!all.every((number) => Number.isSafeInteger(number) && number > 0))
    misunderstood(`--${name} takes whole numbers, not ${text}`)
  return all
}

function parts<Part extends string>(text: string | undefined, known: readonly Part[]): readonly Part[] {
  if (text === undefined) return known
  return text.split(',').map((name) => known.find((part) => part === name) ?? misunderstood(`--only takes ${known.join(', ')}`))
}

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        shared: { type: 'string' },
        sizes: { type: 'string' },
        only: { type: 'string' },
        rounds: { type: 'string' },
        'sample-ms': { type: 'string' },
      },
    })
  } catch (error) {
    return misunderstood(error instanceof Error ? error.message : String(error))
  }
}

const { values, positionals } = options()
const [bench, ...others] = positionals
if (bench === undefined || others.length > 0) misunderstood('say what to run')
if (bench === 'install') spawn('npm', ['ci'])
if (bench !== 'judges' && !existsSync(resolve(here, 'node_modules')))
  misunderstood('the peers are not installed: npm run bench install')
if (bench === 'test') spawn(process.execPath, ['--test', '*.test.ts'])
if (!['engines', 'gate', 'judges'].includes(bench)) misunderstood(`there is no bench ${bench}`)

const { material } = await import('./material.ts')
const { newReport, print } = await import('./report.ts')
const source = material(values.shared === undefined ? undefined : resolve(standing, values.shared))
const report = newReport(bench, source.source)
const effort: Effort = {
  rounds: numbers('rounds', values.rounds)?.[0] ?? 5,
  sampleMs: numbers('sample-ms', values['sample-ms'])?.[0] ?? (values.quick ? 10 : 30),
  warmMs: values.quick ? 100 : 250,
  mostUnits: values.quick ? 60_000 : 300_000,
}
if (bench === 'engines') {
  const { benchEngines, enginesParts } = await import('./engines.ts')
  const sizes = numbers('sizes', values.sizes) ?? (values.quick ? [10, 1000] : [10, 1000, 10_000, 100_000])
  const patienceMs = values.quick ? 3000 : 20_000
  await benchEngines(report, source, { effort, sizes, patienceMs, only: parts(values.only, enginesParts) })
} else if (bench === 'judges') {
  const { benchJudges } = await import('./judges.ts')
  await benchJudges(report, source, { latencies: [50, 200, 500], speeds: [30, 100], units: values.quick ? 1200 : 6000 })
} else {
  const { benchGate, gatePolicies } = await import('./gate.ts')
  benchGate(report, source, { effort, policies: parts(values.only, gatePolicies), terms: values.quick ? 2000 : 100_000 })
}
print(report, values.json)
// Figures of a contender that does other work than it should are not worth a green light.
if (report.disagreements.length > 0) process.exitCode = 1
