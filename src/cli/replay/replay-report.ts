/** Tells people what a replay found: what was touched, line by line, and the figures at the end. */
import type { Verdict } from '../../terms/action.ts'
import { counted, type Terminal } from '../terminal.ts'
import { Held, type HeldSummary } from './held.ts'
import { flipsAt, type Replayed, type ReplayRecord } from './replay-record.ts'

const colours = { clear: 'green', mask: 'yellow', cut: 'red', block: 'red', fault: 'magenta' } as const satisfies Record<
  Verdict,
  string
>

/** Sums up as it goes; keeps no text. */
export class Report {
  readonly #verdicts = new Map<Verdict, number>()
  readonly #rules = new Map<string, { channels: number; findings: number; decided: number }>()
  readonly #held = new Held()
  readonly #terminal: Terminal
  #channels = 0
  #inquiries = 0
  #faults = 0

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  /** @returns the line about it; undefined where there is nothing to tell. */
  add({ record, held }: Replayed): string | undefined {
    this.#channels += 1
    this.#verdicts.set(record.verdict, (this.#verdicts.get(record.verdict) ?? 0) + 1)
    this.#held.addAll(held)
    this.#inquiries += record.inquiries
    this.#faults += record.faults.filter((code) => code.startsWith('judge_')).length
    for (const rule of new Set([...record.by, ...record.findings.map((finding) => finding.rule)])) {
      const tally = this.#rules.get(rule) ?? { channels: 0, findings: 0, decided: 0 }
      tally.channels += 1
      tally.findings += record.findings.filter((finding) => finding.rule === rule).length
      if (record.by.includes(rule)) tally.decided += 1
      this.#rules.set(rule, tally)
    }
    if (record.verdict === 'clear' && record.findings.length === 0) return undefined
    return `${record.input}  ${record.channel}  ${told(record, this.#terminal)}  ${this.#terminal.styled('dim', quoted(record.released))}`
  }

  summary(): string {
    const verdicts = [...this.#verdicts]
      .map(([verdict, count]) => `${count} ${this.#terminal.styled(colours[verdict], verdict)}`)
      .join(', ')
    const lines = [`${counted(this.#channels, 'channel')}: ${verdicts || 'nothing to read'}`]
    const width = Math.max(4, ...[...this.#rules.keys()].map((id) => id.length))
    if (this.#rules.size > 0) lines.push(this.#terminal.styled('dim', `${'rule'.padEnd(width)}  channels  findings  decided`))
    for (const [id, { channels, findings, decided }] of [...this.#rules].sort(([, a], [, b]) => b.channels - a.channels)) {
      lines.push(`${id.padEnd(width)}  ${pad(channels, 8)}  ${pad(findings, 8)}  ${pad(decided, 7)}`)
    }
    if (this.#inquiries > 0) lines.push(`judges: ${this.#inquiries} asked, ${this.#faults} failed`)
    return [...lines, `held: ${heldText(this.held)}${heldHint(this.held, this.#channels, this.#terminal)}`].join('\n')
  }

  get held(): HeldSummary {
    return this.#held.summary()
  }
}

/** `clear → cut by api-key at 12`, and what is read from where the two part. */
export function flipText(one: ReplayRecord, other: ReplayRecord, terminal: Terminal): string {
  const at = flipsAt(one, other)
  const where = at === null ? '' : `, from ${at} on`
  const head = `${one.input}  ${one.channel}  ${told(one, terminal)} → ${told(other, terminal)}${terminal.styled('dim', where)}`
  if (one.released === other.released) return head
  const part = parting(one.released, other.released)
  const line = (sign: string, colour: 'red' | 'green', text: string): string =>
    `  ${terminal.styled(colour, `${sign} ${JSON.stringify(`${part > 0 ? '…' : ''}${text.slice(part, part + 70)}`)}`)}`
  return [head, line('-', 'red', one.released), line('+', 'green', other.released)].join('\n')
}

/** A little before the first unit in which two texts differ. */
function parting(one: string, other: string): number {
  let at = 0
  while (at < one.length && at < other.length && one[at] === other[at]) at += 1
  return at < 24 ? 0 : at - 20
}

/** What the second policy's rules cost in waiting, beside the first's. */
export function heldChange(one: HeldSummary, other: HeldSummary): string {
  const [mean, p99, max] = [other.mean - one.mean, other.p99 - one.p99, other.max - one.max]
  if (mean === 0 && p99 === 0 && max === 0) return 'text is held as long'
  const signed = (units: number): string => `${units < 0 ? '' : '+'}${Math.round(units * 1000) / 1000}`
  const word = mean === 0 ? 'as long on average' : `${mean > 0 ? 'longer' : 'shorter'}: ${signed(mean)} units on average`
  return `text is held ${word}, p99 ${signed(p99)}, max ${signed(max)}`
}

/** Where no text came in pieces nothing can be said of waiting. */
export function heldHint({ positions }: HeldSummary, channels: number, terminal: Terminal): string {
  return positions > channels || positions === 0
    ? ''
    : `\n${terminal.styled('dim', 'texts in one piece wait for nothing: --split chars measures what a stream would')}`
}

export function heldText({ mean, p99, max, positions }: HeldSummary): string {
  return `mean ${mean}, p99 ${p99}, max ${max} units after each of ${counted(positions, 'delta')}`
}

function told({ verdict, by, cut_at, faults, findings }: ReplayRecord, terminal: Terminal): string {
  const word = terminal.styled(colours[verdict], verdict)
  const flagged = [...new Set(findings.map(({ rule }) => rule))].join(', ')
  if (verdict === 'fault')
    return `${word} ${faults.join(', ')}${by.length === 0 ? '' : ` (${cut_at === null ? 'touched' : 'cut'} by ${by.join(', ')})`}`
  if (by.length === 0) return flagged === '' ? word : `${word} (found ${flagged})`
  return `${word} by ${by.join(', ')}${cut_at === null ? '' : ` at ${cut_at}`}`
}

/** The end of what is read, on one line. */
function quoted(text: string): string {
  const end = text.length > 60 ? `…${text.slice(-59)}` : text
  return JSON.stringify(end)
}

function pad(count: number, width: number): string {
  return String(count).padStart(width)
}
