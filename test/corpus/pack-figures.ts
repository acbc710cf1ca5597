/** What a pack does to the texts it is measured on, in numbers and in the lines of its header. */
import { Held, type HeldSummary } from '../../src/cli/replay/held.ts'
import { type Outcome, type Pack, readUnder } from './pack-reading.ts'
import { harmless, harmlessPrompts, labelled, support, type TextSet } from './pack-texts.ts'

/** Of a set of texts, how many were changed, how many were cut, and in how many something was found at all. */
export interface Counts {
  readonly name: string
  readonly of: number
  readonly touched: number
  readonly cut: number
  readonly found: number
}

export interface Figures {
  readonly english: Counts
  readonly alarming: Counts
  readonly chinese: Counts
  readonly code: Counts
  readonly support: Counts
  readonly prompts: Counts
  /** Findings in a million characters of English, Chinese and code. */
  readonly perMillion: number
  /** After each piece of four characters. */
  readonly held: Readonly<Record<'english' | 'chinese' | 'code', HeldSummary>>
  readonly labelled: readonly Counts[]
}

export function figuresOf(pack: Pack): Figures {
  const held = { english: new Held(), chinese: new Held(), code: new Held() }
  let findings = 0
  // What looks at prompts only is shown the same texts as if somebody had pasted them into one.
  const isForPrompts = pack.plan.rules.every(({ channels }) => channels.every((kind) => kind === 'prompt'))
  const counted = (set: TextSet, waiting?: Held) =>
    countsOf(set, (text) => {
      const outcome = isForPrompts ? readUnder(pack, text, 'prompt') : readUnder(pack, text, 'answer', waiting)
      if (waiting !== undefined) findings += outcome.found.length
      return outcome
    })
  const english = counted(harmless.english, held.english)
  const chinese = counted(harmless.chinese, held.chinese)
  const code = counted(harmless.code, held.code)
  const units = [harmless.english, harmless.chinese, harmless.code]
    .flatMap(({ texts }) => texts)
    .reduce((sum, { text }) => sum + text.length, 0)
  const alarming = counted(harmless.alarming)
  return {
    english,
    alarming,
    chinese,
    code,
    support: counted(support),
    prompts: countsOf(harmlessPrompts, (text) => readUnder(pack, text, 'prompt')),
    perMillion: (findings * 1_000_000) / units,
    held: { english: held.english.summary(), chinese: held.chinese.summary(), code: held.code.summary() },
    labelled: labelledFor(pack).map((set) => labelledCounts(pack, set)),
  }
}

function labelledFor({ name }: Pack): readonly TextSet[] {
  const sets = name === 'consumer-chat' ? Object.values(labelled) : [labelled[name] ?? (() => [])]
  const all = sets.flatMap((of) => of())
  return all.filter((set, index) => all.findIndex(({ name: other }) => other === set.name) === index)
}

function countsOf({ name, texts }: TextSet, read: (text: string) => Outcome): Counts {
  const counts = { touched: 0, cut: 0, found: 0 }
  for (const { text } of texts) {
    const { touched, cut, found } = read(text)
    if (touched) counts.touched++
    if (cut) counts.cut++
    if (found.length > 0) counts.found++
  }
  return { name, of: texts.length, ...counts }
}

/** Where the label says where, each place counts for itself: as found where a finding covers some of it. */
function labelledCounts(pack: Pack, { name, texts }: TextSet): Counts {
  const counts = { of: 0, touched: 0, cut: 0, found: 0 }
  const acting = new Set(pack.plan.rules.filter(({ action }) => action !== 'flag').map(({ id }) => id))
  for (const { text, spans = [{ start: 0, end: text.length }] } of texts) {
    const { found, cut } = readUnder(pack, text)
    for (const span of spans) {
      const there = found.filter(({ start, end }) => start < span.end && end > span.start)
      counts.of++
      if (there.length > 0) counts.found++
      if (there.some(({ rule }) => acting.has(rule))) counts.touched++
      if (cut) counts.cut++
    }
  }
  return { name, ...counts }
}

/** The lines of the header: what it does to harmless texts first, for that is what an operator asks first. */
export function linesOf(figures: Figures): string[] {
  const { english, alarming, chinese, code, held } = figures
  const sets = [english, alarming, chinese, code, figures.support]
  const means = [held.english, held.chinese, held.code].map(({ mean, p99 }) => `${mean.toFixed(2)} (p99 ${p99})`)
  return [
    `acts on ${sets.map((counts) => share(counts, counts.touched)).join(', ')}; ends ${figures.support.cut} of the last`,
    `finds something, with what it only records, in ${sets.map(({ found }) => counted(found)).join(', ')} of the same: ${figures.perMillion.toFixed(1)} findings in a million characters`,
    `refuses ${share(figures.prompts, figures.prompts.cut)}`,
    ...figures.labelled.map(
      (counts) => `finds something in ${share(counts, counts.found)}, and acts on ${counted(counts.touched)}`,
    ),
    `keeps waiting on average ${means[0]} characters of English, ${means[1]} of Chinese, ${means[2]} of code`,
  ]
}

/** The row of the table of packs. */
export function rowOf({ name }: Pack, figures: Figures): string {
  const cell = (counts: Counts) => `${counted(counts.touched)} / ${counted(counts.found)}`
  const { english, alarming, chinese, code, held } = figures
  const cells = [english, alarming, chinese, code].map(cell)
  return `| [\`${name}\`](${name}.yaml) | ${cells.join(' | ')} | ${held.english.mean.toFixed(2)} / ${held.chinese.mean.toFixed(2)} / ${held.code.mean.toFixed(2)} |`
}

/** The heads of that table. */
export function headsOf({ english, alarming, chinese, code }: Figures): string[] {
  const sets = [english, alarming, chinese, code].map(({ of, name }) => `of ${counted(of)} ${name}`)
  return [`| pack | ${sets.join(' | ')} | characters waiting: English / Chinese / code |`, '|---|---|---|---|---|---|']
}

function share({ name, of }: Counts, count: number): string {
  const percent = of === 0 ? 0 : (100 * count) / of
  return `${counted(count)} of ${counted(of)} ${name} (${percent.toFixed(percent < 1 ? 2 : 1)} %)`
}

const counted = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
