/** Lists of terms: whole texts and streams, beside every peer that can be had, at every size. */
import type { Matcher } from '../../src/terms/matcher.ts'
import type { Plan } from '../../src/terms/plan.ts'
import { flat, type Language, languages, type Material, piecesOf } from './material.ts'
import { alternate, type Built, build, buildTime, type Contender, type Effort, type Measured, median, ratio } from './measure.ts'
import { findPieces, findWhole, gateJob, gatePieces, maskingPlan, plainWords, replacement } from './ours.ts'
import type { Patience } from './patience.ts'
import { type BuiltPeer, type Peer, peers, type StreamPeer, streamPeers } from './peers.ts'
import { count, leftmostLongest, type Occurrence, occurrences } from './reference.ts'
import { type Figure, type Report, tell } from './report.ts'
import { parse } from './text-gate-bench.ts'

export interface WordsBench {
  readonly report: Report
  readonly effort: Effort
  readonly patience: Patience
}

/** What the targets need to know of one list. */
export interface WordsOutcome {
  readonly language: Language
  readonly terms: number
  /** Nanoseconds for one unit of a whole text. */
  readonly whole: number
  readonly buildMs: number
  readonly megabytes: number
  /** The fastest peers in JavaScript that find everything: peer : ours. */
  readonly nextWhole: Next | undefined
  readonly nextStream: Next | undefined
}

interface Next {
  readonly name: string
  readonly ratio: number
}

const wholeTexts = 'Terms · whole texts · ns per unit'
const streams = 'Terms · pieces of 4 units in, masked text out · ns per unit'
const windows = 'Terms · pieces of 4 units; peers without state read the longest term back at each · ns per unit'
const yardstick = 'Terms · pieces of 4 units, beside JSON.parse of their events · ns per unit'
const building = 'Terms · building · ms'
const memory = 'Terms · memory on the JavaScript heap and in buffers · MB'

/** The part of a text on which contenders are checked before they are measured. */
const checkedUnits = 20_000

export function benchWords(bench: WordsBench, material: Material, sizes: readonly number[]): WordsOutcome[] {
  return languages.flatMap((language) =>
    sizes.flatMap((size) => {
      const attempt = (smaller: number) => build(() => plainWords(material.terms(language, smaller))).milliseconds
      const refused = bench.patience.refuses(`ours ${language}`, size, attempt)
      if (refused === undefined)
        return [new ListBench(bench, language, material.terms(language, size), material.prose[language]).run()]
      tell(bench.report, { what: wholeTexts, language, terms: size, contender: 'ours', skipped: refused })
      return []
    }),
  )
}

/** Everything about one list of one language. */
class ListBench {
  readonly #bench: WordsBench
  readonly #language: Language
  readonly #terms: readonly string[]
  readonly #text: string
  readonly #sample: string
  readonly #expected: readonly Occurrence[]
  readonly #matcher: Built<Matcher>
  /** Nanoseconds a unit over whole texts, from every round beside every peer. */
  readonly #whole: number[] = []
  #buildMs = 0
  #nextWhole: Next | undefined
  #nextStream: Next | undefined

  constructor(bench: WordsBench, language: Language, terms: readonly string[], text: string) {
    this.#bench = bench
    this.#language = language
    this.#terms = terms
    this.#text = text
    this.#sample = flat(text.slice(0, checkedUnits))
    this.#expected = occurrences(this.#sample, terms)
    this.#matcher = build(() => plainWords(terms))
    bench.patience.took(`ours ${language}`, terms.length, this.#matcher.milliseconds)
  }

  run(): WordsOutcome {
    this.#check('ours, whole text', findWhole(this.#matcher.value, this.#sample), count(this.#expected, 'ends'))
    this.#check('ours, pieces', findPieces(this.#matcher.value, piecesOf(this.#sample)).found, count(this.#expected, 'ends'))
    this.#buildMs = buildTime(() => plainWords(this.#terms), this.#bench.effort.rounds)
    for (const peer of peers) this.#attempt(peer, wholeTexts, () => this.#beside(peer))
    this.#attempt({ name: 'JSON.parse' }, yardstick, () => this.#besideParsing())
    const plan = maskingPlan(this.#terms)
    for (const peer of streamPeers) this.#attempt(peer, streams, () => this.#besideStream(peer, plan))
    return {
      language: this.#language,
      terms: this.#terms.length,
      whole: median(this.#whole),
      buildMs: this.#buildMs,
      megabytes: this.#matcher.bytes / 1e6,
      nextWhole: this.#nextWhole,
      nextStream: this.#nextStream,
    }
  }

  #beside(peer: Peer): void {
    const made = this.#build(peer)
    this.#checkPeer(peer, made.value)
    const [ours, theirs] = this.#measure(this.#scanWhole(), {
      name: peer.name,
      job: (units) => {
        const text = flat(this.#text.slice(0, units))
        return { units: text.length, run: () => made.value.scan(text) }
      },
    })
    this.#whole.push(...ours.samples)
    this.#compare(wholeTexts, peer, ours, theirs)
    const better = ratio(theirs, ours)
    if (peer.native !== true && made.value.misses !== true && better < (this.#nextWhole?.ratio ?? Number.POSITIVE_INFINITY))
      this.#nextWhole = { name: peer.name, ratio: better }
    if (theirs.nanoseconds > hopeless) this.#row(windows, peer, { skipped: 'too slow over whole texts' })
    else this.#compare(windows, peer, ...this.#measure(this.#scanPieces(), this.#scanWindows(peer, made.value)))
  }

  #besideParsing(): void {
    const parsing = parse(this.#text)
    this.#compare(yardstick, parsing, ...this.#measure(this.#scanPieces(), parsing))
  }

  #besideStream(peer: StreamPeer, plan: Plan): void {
    const made = this.#build(peer)
    const pieces = piecesOf(this.#sample)
    const masked = leftmostLongest(this.#expected).length
    // What a peer replaces is leftmost-longest, more or less: what it leaves of an overlap is not what the reference leaves.
    const theirs = [...made.value.read(pieces, '\u0000')].join('').split('\u0000').length - 1
    if (Math.abs(theirs - masked) > 0.02 * masked + 1) this.#check(peer.name, theirs, masked)
    this.#check('ours, masks', gatePieces(plan, pieces).join(''), maskedWhole(this.#sample, this.#expected))
    const gate: Contender = { name: 'ours', job: (units) => gateJob(plan, piecesOf(this.#text.slice(0, units)), units) }
    const stream: Contender = {
      name: peer.name,
      job: (units) => {
        const all = piecesOf(this.#text.slice(0, units))
        return {
          units,
          run() {
            let released = 0
            for (const piece of made.value.read(all, replacement)) released += piece.length
            return released
          },
        }
      },
    }
    const [mine, other] = this.#measure(gate, stream)
    this.#compare(streams, peer, mine, other)
    const better = ratio(other, mine)
    if (better < (this.#nextStream?.ratio ?? Number.POSITIVE_INFINITY)) this.#nextStream = { name: peer.name, ratio: better }
  }

  #scanWhole(): Contender {
    return {
      name: 'ours',
      job: (units) => {
        const text = flat(this.#text.slice(0, units))
        return { units: text.length, run: () => findWhole(this.#matcher.value, text) }
      },
    }
  }

  #scanPieces(): Contender {
    return {
      name: 'ours',
      job: (units) => {
        const pieces = piecesOf(this.#text.slice(0, units))
        return {
          units,
          run: () => {
            const { found, safe } = findPieces(this.#matcher.value, pieces)
            return found + safe
          },
        }
      },
    }
  }

  #scanWindows(peer: Peer, built: BuiltPeer): Contender {
    const back = Math.max(...this.#terms.map((term) => term.length)) - 1
    return {
      name: peer.name,
      job: (units) => {
        const text = flat(this.#text.slice(0, units))
        return {
          units: text.length,
          run() {
            let found = 0
            for (let at = 0; at < text.length; at += 4) found += built.scan(text.slice(Math.max(0, at - back), at + 4))
            return found
          },
        }
      },
    }
  }

  /** Builds a peer, once or as often as it is quick, and writes down what it cost. */
  #build<Value>(peer: Named & { build(terms: readonly string[]): Value }): Built<Value> {
    const key = `${peer.name} ${this.#language}`
    const make = () => peer.build(this.#terms)
    const attempt = (size: number) => build(() => peer.build(this.#terms.slice(0, size))).milliseconds
    const refused = this.#bench.patience.refuses(key, this.#terms.length, attempt)
    if (refused !== undefined) throw new Error(refused)
    const made = build(make)
    this.#bench.patience.took(key, this.#terms.length, made.milliseconds)
    const took = made.milliseconds > mostRebuiltMs ? made.milliseconds : buildTime(make, this.#bench.effort.rounds)
    const ours = { ours: this.#buildMs, ratio: took / this.#buildMs }
    this.#row(building, peer, { figure: took, ...ours, ...(took === made.milliseconds ? { note: 'built once' } : {}) })
    const bytes = { figure: made.bytes / 1e6, ours: this.#matcher.bytes / 1e6, ratio: made.bytes / this.#matcher.bytes }
    this.#row(memory, peer, { ...bytes, ...(peer.native === true ? { note: 'most of it native, which is not seen' } : {}) })
    return made
  }

  /** Leaves a named gap where a peer cannot be had, refuses the list or is too slow. */
  #attempt(peer: Named, what: string, work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#bench.patience.gaveUp(`${peer.name} ${this.#language}`, this.#terms.length)
      this.#row(what, peer, { skipped: (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '' })
    }
  }

  #measure(ours: Contender, theirs: Contender): [Measured, Measured] {
    return alternate([ours, theirs], this.#bench.effort) as [Measured, Measured]
  }

  #compare(what: string, peer: Named, ours: Measured, theirs: Measured): void {
    this.#row(what, peer, { figure: theirs.nanoseconds, ours: ours.nanoseconds, ratio: ratio(theirs, ours) })
  }

  #row(what: string, { name, note }: Named, figure: Partial<Figure>): void {
    const noted = note === undefined || what === building || what === memory ? {} : { note }
    tell(this.#bench.report, {
      what,
      language: this.#language,
      terms: this.#terms.length,
      contender: name,
      ...noted,
      ...figure,
    })
  }

  #checkPeer(peer: Peer, { scan, counting, misses }: BuiltPeer): void {
    // Some take a millisecond for a unit: they are believed after less.
    const start = performance.now()
    scan(this.#sample.slice(0, 200))
    const units = performance.now() - start > 20 ? 200 : checkedUnits
    const found = scan(flat(this.#sample.slice(0, units)))
    if (misses === true) return
    const seen = this.#expected.filter(({ end }) => end <= units)
    this.#check(peer.name, found, count(seen, counting))
  }

  #check<Value>(who: string, found: Value, wanted: Value): void {
    if (found === wanted) return
    const said = typeof found === 'number' ? `found ${found}, there are ${String(wanted)}` : 'wrote another text'
    this.#bench.report.disagreements.push(`${who}, ${this.#terms.length} terms, ${this.#language}: ${said}`)
  }
}

interface Named {
  readonly name: string
  readonly note?: string
  readonly native?: boolean
}

/** Nanoseconds for one unit; at the size of a chat's pieces this is beyond use. */
const hopeless = 5000

/** Builds that take longer, in milliseconds, are timed once. */
const mostRebuiltMs = 500

/** Every occurrence covered by the union of all: what masking means. */
function maskedWhole(text: string, found: readonly Occurrence[]): string {
  let out = ''
  let at = 0
  let index = 0
  while (index < found.length) {
    const { start } = found[index] as Occurrence
    let { end } = found[index] as Occurrence
    // Those that share a unit are one; those that merely touch are two.
    for (index++; index < found.length && (found[index] as Occurrence).start < end; index++)
      end = Math.max(end, (found[index] as Occurrence).end)
    out += text.slice(at, start) + replacement
    at = end
  }
  return out + text.slice(at)
}
