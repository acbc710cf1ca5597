/** Tells people what a replay found: what was touched, line by line, and the figures at the end. */
import type { Verdict } from '../terms/action.ts'
import { Held, type HeldSummary } from './held.ts'
import type { Replayed, ReplayRecord } from './replay-record.ts'
import { counted, type Terminal } from './terminal.ts'

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

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  /** @returns the line about it; undefined where there is nothing to tell. */
  add({ record, held }: Replayed): string | undefined {
    this.#channels += 1
    this.#verdicts.set(record.verdict, (this.#verdicts.get(record.verdict) ?? 0) + 1)
    this.#held.addAll(held)
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
    return [...lines, `held: ${heldText(this.#held.summary())}`].join('\n')
  }

  get held(): HeldSummary {
    return this.#held.summary()
  }
}

/** `clear → cut by api-key at 12`. */
export function flipText(one: ReplayRecord, other: ReplayRecord, terminal: Terminal): string {
  return `${one.input}  ${one.channel}  ${told(one, terminal)} → ${told(other, terminal)}`
}

export function heldText({ mean, p99, max, positions }: HeldSummary): string {
  return `mean ${mean}, p99 ${p99}, max ${max} units after each of ${counted(positions, 'delta')}`
}

function told({ verdict, by, cut_at, faults, findings }: ReplayRecord, terminal: Terminal): string {
  const word = terminal.styled(colours[verdict], verdict)
  const flagged = [...new Set(findings.map(({ rule }) => rule))].join(', ')
  if (verdict === 'fault') return `${word} ${faults.join(', ')}`
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
