/** Counts what a list's entries would find in harmless text, entry by entry: the short ones ruin a list, not the rude ones. */
import { wordsMatcher } from '../../checks/words.ts'
import type { ListSpec } from './list-cleaning.ts'

export interface Firing {
  readonly entry: string
  readonly hits: number
  readonly per_million: number
  /** Its first hit with what stands around it. */
  readonly sample: string
}

export interface BenignReport {
  readonly characters: number
  readonly hits: number
  readonly per_million: number
  /** Those that fire, the loudest first. */
  readonly firing: readonly Firing[]
}

/** Units shown on each side of a hit. */
const around = 10

/** Reads texts one after the other; the entries are compiled once. */
export class BenignReading {
  readonly #entries: readonly string[]
  readonly #matcher
  readonly #found = new Map<number, { hits: number; sample: string }>()
  #characters = 0

  constructor(entries: readonly string[], spec: ListSpec) {
    this.#entries = entries
    const effect = { holds: false, stops: false }
    // Each entry as a rule of its own, so that it is known which of them is found.
    this.#matcher = wordsMatcher(entries.map((term, rule) => ({ rule, effect, spec: { terms: [term], except: [], ...spec } })))
  }

  read(text: string): void {
    this.#characters += text.length
    const run = this.#matcher.open()
    run.push(text)
    run.end()
    for (const { rule, start, end } of run.take()) {
      const known = this.#found.get(rule)
      if (known !== undefined) known.hits += 1
      else this.#found.set(rule, { hits: 1, sample: sampleOf(text, start, end) })
    }
  }

  report(): BenignReport {
    const share = (hits: number): number => (this.#characters === 0 ? 0 : Math.round((hits / this.#characters) * 1_000_000))
    const firing = [...this.#found]
      .map(([entry, { hits, sample }]) => ({ entry: this.#entries[entry] as string, hits, per_million: share(hits), sample }))
      .sort((a, b) => b.hits - a.hits || (a.entry < b.entry ? -1 : 1))
    const hits = firing.reduce((sum, one) => sum + one.hits, 0)
    return { characters: this.#characters, hits, per_million: share(hits), firing }
  }
}

function sampleOf(text: string, start: number, end: number): string {
  const before = text.slice(Math.max(0, start - around), start)
  const after = text.slice(end, end + around)
  return `${before}[${text.slice(start, end)}]${after}`.replace(/\s+/g, ' ').trim()
}

/** Too short to mean something by itself: one character, or up to three letters of an alphabet without borders. */
export function isShort(entry: string, { boundary }: ListSpec): boolean {
  const characters = [...entry]
  if (/^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\d]+$/u.test(entry))
    return boundary === 'none' && characters.length <= 3
  return characters.length === 1
}
