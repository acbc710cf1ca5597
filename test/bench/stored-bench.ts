/** From a policy file to the stored artifact and back into service: its size, and what a cold start pays. */
import { gunzipSync, gzipSync } from 'node:zlib'
import { compilePolicy, loadPlan, packPlan } from '../../src/policy/index.ts'
import { languages, type Material, piecesOf } from './material.ts'
import { buildTime, type Effort } from './measure.ts'
import { gatePieces } from './ours.ts'
import { type Report, tell } from './report.ts'

export interface StoredOutcome {
  /** Milliseconds from the compressed bytes to a plan that can rule; stores that keep them as they are save the first part. */
  readonly loadMs: number
  /** Megabytes, compressed. */
  readonly megabytes: number
}

/** The dearer of the two languages. */
export async function benchStored(report: Report, effort: Effort, material: Material, terms: number): Promise<StoredOutcome> {
  let worst: StoredOutcome = { loadMs: 0, megabytes: 0 }
  const what = 'A stored policy of one list'
  for (const language of languages) {
    const list = material.terms(language, terms)
    const policy = await compilePolicy(policyText, { file: 'bench.yaml', readFile: async () => `${list.join('\n')}\n` })
    const artifact = packPlan(policy)
    const bytes = gzipSync(artifact, { level: 9 })
    const load = () => loadPlan(gunzipSync(bytes))
    const sample = piecesOf(`${material.prose[language].slice(0, 2000)} ${list.at(-1)} `)
    // A plan that ruled otherwise after it was stored would make every figure here idle.
    if (gatePieces(load(), sample).join('') === sample.join(''))
      report.disagreements.push(`a stored list of ${terms} terms, ${language}: the plan that is loaded finds nothing`)
    const outcome = { loadMs: buildTime(load, effort.rounds), megabytes: bytes.length / 1e6 }
    const row = { language, terms: list.length, contender: 'ours' }
    tell(report, { what: `${what} · gunzip and load · ms`, ...row, figure: outcome.loadMs })
    tell(report, { what: `${what} · load · ms`, ...row, figure: buildTime(() => loadPlan(artifact), effort.rounds) })
    tell(report, { what: `${what} · compressed · MB`, ...row, figure: outcome.megabytes })
    worst = { loadMs: Math.max(worst.loadMs, outcome.loadMs), megabytes: Math.max(worst.megabytes, outcome.megabytes) }
  }
  return worst
}

const policyText = `name: bench
rules:
  - id: list
    words: { list: list.txt, fold: case, boundary: none }
    action: mask
    with: "***"
`
