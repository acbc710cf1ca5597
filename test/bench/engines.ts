/**
 * `npm run bench engines`: our text engines beside those other people wrote, in one process.
 *
 * How it avoids fooling itself:
 * - Ours and a peer's run by turns, in rounds of which each has one sample of both; who begins moves on. A ratio is taken
 *   within a round, and what is printed is the median of the rounds: what the machine did meanwhile befell both.
 * - Times are processor time of the whole process, not of the clock on the wall: neighbours do not count, the garbage
 *   collector's other threads do.
 * - Everyone is warmed up at the size that is measured, until he gets no faster.
 * - What a run finds is counted and kept, so that no compiler can leave it out. Streams are read as a gateway reads them:
 *   findings are taken and the safe offset is asked for after every piece, and text that comes out is consumed.
 * - Texts are flat in memory before the clock starts, one byte a unit where they can be. Pieces are made beforehand, and
 *   are so short that they are no views of a longer text; nobody accumulates them, so nobody pays for flattening.
 * - Before anyone is measured, what he finds in the beginning of the text is compared with a slow and plain search
 *   (`reference.ts`), counted the way he counts. Who finds something else is named under DISAGREES, and the run fails.
 *   Peers that are known to miss some are marked and never are the peer that a target compares with.
 * - A peer that cannot be had, refuses the list, or would take too long is left out by name, never in silence.
 * - Terms and texts are generated from seeds, and hard: terms begin with the words of the prose. `--shared FOLDER` takes
 *   texts and lists that people wrote instead.
 */
import type { Material } from './material.ts'
import type { Effort } from './measure.ts'
import { compiledPatterns } from './ours.ts'
import { Patience } from './patience.ts'
import { benchPatternsOn, type PatternsOutcome } from './patterns-bench.ts'
import { type Report, round, type Target } from './report.ts'
import { benchStored, type StoredOutcome } from './stored-bench.ts'
import { benchTextGate, type TextGateOutcome } from './text-gate-bench.ts'
import { benchWords, type WordsOutcome } from './words-bench.ts'

export interface EnginesOptions {
  readonly effort: Effort
  /** Lengths of the lists. */
  readonly sizes: readonly number[]
  /** Milliseconds a build may be expected to take. */
  readonly patienceMs: number
  /** Parts to run; all unless given. */
  readonly only?: readonly EnginesPart[]
}

export const enginesParts = ['terms', 'patterns', 'gate', 'stored'] as const
export type EnginesPart = (typeof enginesParts)[number]

export async function benchEngines(report: Report, material: Material, options: EnginesOptions): Promise<void> {
  const { effort, sizes, patienceMs, only = enginesParts } = options
  const most = Math.max(...sizes)
  const words = only.includes('terms') ? benchWords({ report, effort, patience: new Patience(patienceMs) }, material, sizes) : []
  const stored = only.includes('stored') ? await benchStored(report, effort, material, most) : undefined
  const patterns = only.includes('patterns') ? benchPatternsOn(report, effort, material) : undefined
  const gate = only.includes('gate') ? benchTextGate(report, effort, material, compiledPatterns(), most) : undefined
  report.targets.push(
    ...wordTargets(words),
    ...storedTargets(stored, most),
    ...patternTargets(patterns),
    ...gateTargets(gate, most, material.written),
  )
}

/** Nanoseconds for one unit, as millions of units a second. */
const millions = (nanoseconds: number) => 1000 / nanoseconds

const left = 'left out of this run'
const unmeasured = 'no list of 100,000 terms in this run'

function wordTargets(all: readonly WordsOutcome[]): Target[] {
  const largest = all.filter(({ terms }) => terms === 100_000)
  const of = (language: string) => largest.find((outcome) => outcome.language === language)
  const small = all.filter(({ terms }) => terms <= 1000).sort((one, other) => other.whole - one.whole)[0]
  const next = largest.flatMap(({ nextStream }) => nextStream ?? []).sort((one, other) => one.ratio - other.ratio)[0]
  const scan = (language: string): Target => {
    const outcome = of(language)
    const what = `scan, 100,000 ${language} terms`
    if (outcome === undefined) return { what, atLeast: 80, unit: 'M units/s', missing: unmeasured }
    return { what, atLeast: 80, unit: 'M units/s', figure: millions(outcome.whole), ...beside(outcome.nextWhole) }
  }
  const memory = (language: string, atMost: number): Target => {
    const outcome = of(language)
    const what = `memory, 100,000 ${language} terms`
    if (outcome === undefined) return { what, atMost, unit: 'MB', missing: unmeasured }
    return { what, atMost, unit: 'MB', figure: outcome.megabytes }
  }
  return [
    scan('English'),
    scan('Chinese'),
    {
      what: 'scan, 1,000 terms or fewer',
      atLeast: 250,
      unit: 'M units/s',
      ...(small === undefined ? { missing: left } : { figure: millions(small.whole), ...beside(small.nextWhole) }),
    },
    {
      what: 'the fastest streaming peer in JavaScript, 100,000 terms',
      atLeast: 10,
      unit: 'x our time',
      ...(next === undefined ? { missing: unmeasured } : { figure: next.ratio, ratio: next.name }),
    },
    {
      what: 'build, 100,000 terms',
      atMost: 200,
      unit: 'ms',
      ...(largest.length === 0 ? { missing: unmeasured } : { figure: Math.max(...largest.map(({ buildMs }) => buildMs)) }),
    },
    memory('English', 10),
    memory('Chinese', 6),
  ]
}

function beside(next: { readonly name: string; readonly ratio: number } | undefined): { ratio?: string } {
  return next === undefined ? {} : { ratio: `${round(next.ratio)} x ${next.name}` }
}

function storedTargets(stored: StoredOutcome | undefined, terms: number): Target[] {
  const load = { what: 'load an artifact of 100,000 terms, gunzip included', atMost: 20, unit: 'ms' }
  const size = { what: 'artifact of 100,000 terms, compressed', atMost: 3, unit: 'MB' }
  if (stored === undefined || terms < 100_000) return [load, size].map((target) => ({ ...target, missing: unmeasured }))
  return [
    { ...load, figure: stored.loadMs },
    { ...size, figure: stored.megabytes },
  ]
}

function patternTargets(patterns: PatternsOutcome | undefined): Target[] {
  const ordinary = { what: '50 patterns, ordinary text', atLeast: 100, unit: 'M units/s' }
  const hostile = { what: '50 patterns, hostile text, a unit', atMost: 0.25, unit: 'µs' }
  if (patterns === undefined) return [ordinary, hostile].map((target) => ({ ...target, missing: left }))
  return [
    { ...ordinary, figure: millions(patterns.ordinary), ratio: `${round(patterns.ordinaryRatio)} x RegExp` },
    { ...hostile, figure: patterns.hostile / 1000, ratio: patterns.hostileName },
  ]
}

function gateTargets(gate: TextGateOutcome | undefined, terms: number, written: boolean): Target[] {
  const name = `whole gate, ${terms.toLocaleString('en')} terms and 50 patterns`
  const piece = { what: `${name}, a piece of 4 units`, atMost: 150, unit: 'ns' }
  const parsing = { what: `${name} : JSON.parse of its event`, atMost: 0.15, unit: '' }
  if (gate === undefined) return [piece, parsing].map((target) => ({ ...target, missing: left }))
  const held = (which: string, by: TextGateOutcome['held'], most: Readonly<Record<string, number>>) =>
    Object.entries(most).map(([text, atMost]): Target => {
      const { mean = 0, p99 = 0 } = by[text] ?? {}
      const what = `${which}, units held, ${text}, mean`
      // How long words are and how they follow one another is what decides here, and that only people know.
      if (!written) return { what, atMost, unit: '', missing: `generated text (mean ${round(mean)}, p99 ${p99}); use --shared` }
      return { what, atMost, unit: '', figure: mean, ratio: `p99 ${p99}` }
    })
  return [
    { ...piece, figure: gate.piece },
    { ...parsing, figure: gate.toParsing },
    ...held(name, gate.held, { English: 3.6, Chinese: 0.8, code: 2.5 }),
    ...held('without e-mail and URL credentials', gate.heldWithout, { English: 1, Chinese: 0.8, code: 0.9 }),
  ]
}
