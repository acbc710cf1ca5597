/** A channel as the oracle reads it: unit by unit, asking after each what every continuation agrees upon. */
import { type Fates, fates, readable } from './fates.ts'
import { type JsonReading, type Leaf, readJson } from './json.ts'
import { type Mask, type MaskMatch, retreat, union } from './masks.ts'
import { allowancesFor, inForce, type JudgedRule, looksAt, type Match, type OraclePolicy, type OracleRule } from './policy.ts'
import { unitsOf } from './sentences.ts'

export interface Found extends Match {
  readonly rule: OracleRule | JudgedRule
  /** The rule's place in the policy. */
  readonly order: number
}

/** What a channel carries, as far as it changes what rules may do to it. */
export interface Nature {
  readonly kind: string
  /** Cannot be masked: a mask finding cuts. */
  readonly fixed?: boolean
  /** Released whole, at its end, or not at all. */
  readonly atomic?: boolean
  /** One JSON text. */
  readonly json?: boolean
  /** Never edited: a mask finding cuts or, with `reasoning: hold`, nothing of it is released. */
  readonly signed?: boolean
  /** The tool call it is part of: the parts of a call are released together or not at all. */
  readonly call?: string
}

/** The rules that look at a kind of channel; unknown text is looked at by every rule for what the model answers. */
function rulesFor(policy: OraclePolicy, kind: string): Looking[] {
  return policy.rules
    .map((rule, order) => ({ rule, order, allowances: allowancesFor(policy, rule).filter((other) => looksAt(other, kind)) }))
    .filter(({ rule }) => looksAt(rule, kind) && rule.action !== 'allow')
}

/** A rule that looks at a channel, and the rules that allow there what it finds. */
interface Looking {
  readonly rule: OracleRule
  readonly order: number
  readonly allowances: readonly OracleRule[]
}

export class ChannelReader {
  readonly nature: Nature
  /** Everything read. */
  text = ''
  ended = false
  /** Everything certain, shadows and flags included. */
  readonly found: Found[] = []
  /** What cuts. */
  readonly cutting: Found[] = []
  /** For which signed text is taken out. */
  readonly dropping: Found[] = []
  masks: readonly Mask[] = []
  /** Nothing before it can still change; masks are whole before it or begin after it. */
  safe = 0
  /** What lies before it leaves: where whole sentences do, the last end of one before what can still change. */
  line = 0
  /** What lies before it has left for good, whatever was open on it. */
  forwarded = 0
  /** Findings that a judge is to decide about, with where they became certain. */
  readonly suspects: { readonly found: Found; readonly certain: number }[] = []
  /** From here on judges have not judged. */
  unjudged = Number.POSITIVE_INFINITY
  readonly #policy: OraclePolicy
  readonly #asked: boolean
  readonly #rules: readonly Looking[]
  readonly #known = new Set<string>()
  readonly #masking: Masking[] = []
  /** What is safe for the matchers. */
  #matched = 0
  /** It is spoken, and leaves sentence by sentence. */
  readonly #inSentences: boolean
  /** Where somebody else spoke. */
  readonly #pauses: number[] = []

  /** @param asked nobody is asked about a text of its own: what would be asked about is taken for what it may be. */
  constructor(policy: OraclePolicy, nature: Nature, asked = true) {
    this.#asked = asked
    // Where no rule is in force nothing can end a call half-way.
    const judged = policy.judged ?? []
    const isInForce = [...policy.rules, ...judged].some((rule) => inForce(policy, rule))
    this.#rules = rulesFor(policy, nature.kind)
    const waits =
      nature.signed === true &&
      policy.reasoning === 'hold' &&
      (this.#rules.length > 0 || judged.some((rule) => looksAt(rule, nature.kind)))
    this.nature = { ...nature, atomic: (nature.atomic === true || waits) && isInForce }
    this.#policy = policy
    const isSpoken = ['answer', 'reasoning', 'refusal'].includes(nature.kind) && nature.json !== true && !this.nature.atomic
    this.#inSentences = policy.release === 'sentence' && isSpoken && isInForce
  }

  /** Taken out as a whole. */
  get dropped(): boolean {
    return this.ended && this.dropping.length > 0
  }

  get held(): number {
    return this.text.length - this.line
  }

  /** Units that something is open on. */
  get open(): number {
    return this.text.length - this.safe
  }

  /** A judge has to answer before anything more can be clear. */
  get waitsForJudge(): boolean {
    return this.#judgedTo < this.#matched
  }

  /** Up to where nothing waits for a judge. */
  get #judgedTo(): number {
    const pointed = this.suspects.filter(({ found: { rule } }) => inForce(this.#policy, rule))
    return Math.min(this.unjudged, ...pointed.map(({ found: { start } }) => start))
  }

  /** Somebody else in its scope speaks. */
  pause(): void {
    if (this.ended || this.cutting.length > 0) return
    this.#pauses.push(this.text.length)
    this.#matched = Math.max(this.#matched, this.forwarded)
    this.#settle(this.#matched, this.nature.json === true ? readJson(this.text) : undefined)
  }

  /** A JSON text that has begun and is not whole: somebody has to go on with it. */
  get isOpenDocument(): boolean {
    return this.nature.json === true && this.text !== '' && readJson(this.text).possible && !isJson(this.text)
  }

  read(unit: string): void {
    this.text += unit
    this.#look()
  }

  end(): void {
    this.ended = true
    this.#look()
  }

  /** Everything read leaves, whatever is open on it. */
  forward(): void {
    this.forwarded = this.text.length
    this.#settle(this.text.length, undefined)
  }

  #look(): void {
    const json = this.nature.json === true ? readJson(this.text) : undefined
    let safe = this.text.length
    for (const { rule, order, allowances } of this.#rules) {
      for (const view of this.#viewsOf(rule, allowances, json)) {
        for (const match of view.certain) this.#certain({ ...match, rule, order }, json)
        if (inForce(this.#policy, rule)) safe = Math.min(safe, view.live ?? safe)
      }
    }
    const judged = (this.#policy.judged ?? []).some((rule) => inForce(this.#policy, rule) && looksAt(rule, this.nature.kind))
    const holds = this.#rules.some(({ rule }) => inForce(this.#policy, rule))
    if (holds && !this.ended) safe = Math.min(safe, readable(this.text).length)
    if ((holds || judged) && !this.ended && json?.possible) safe = Math.min(safe, json.halfEscape ?? safe)
    this.#matched = safe
    this.#settle(safe, json)
  }

  /** Judges have decided: what they found, and that those suspects are settled. */
  judged(found: readonly Found[], settled: ReadonlySet<Found>): void {
    const json = this.nature.json === true ? readJson(this.text) : undefined
    for (const finding of found) this.#note(finding, json)
    for (const [index, { found: suspect }] of [...this.suspects.entries()].reverse())
      if (settled.has(suspect)) this.suspects.splice(index, 1)
    this.#settle(this.#matched, json)
  }

  #certain(finding: Found, json: JsonReading | undefined): void {
    const name = `${finding.order} ${finding.start} ${finding.end}`
    if (finding.rule.action !== 'ask' || !this.#asked) this.#note(finding, json)
    else if (!this.#known.has(name)) {
      this.#known.add(name)
      this.suspects.push({ found: finding, certain: this.text.length })
    }
  }

  /** The text as it is written and, of a JSON text, each of its strings as it reads. */
  #viewsOf(rule: OracleRule, allowances: readonly OracleRule[], json: JsonReading | undefined): Fates[] {
    const raw = fates(rule, this.text, this.ended, allowances)
    const over = this.ended || json?.possible === false
    const leaves = json?.leaves ?? []
    return [raw, ...leaves.map((leaf) => leafFates(rule, allowances, leaf, over || leaf.closed))]
  }

  #note(finding: Found, json: JsonReading | undefined): void {
    const name = `noted ${finding.order} ${finding.start} ${finding.end}`
    if (this.#known.has(name)) return
    this.#known.add(name)
    this.found.push(finding)
    if (!inForce(this.#policy, finding.rule)) return
    const action = finding.rule.ask?.then ?? finding.rule.action
    if (action === 'mask' && this.nature.signed === true && this.nature.atomic === true) {
      this.dropping.push(finding)
      return
    }
    const canMask = action === 'mask' && this.nature.fixed !== true && this.nature.signed !== true
    const place = canMask ? placeOf(finding, json) : 'structure'
    if (place === 'structure') this.cutting.push(finding)
    else this.#masking.push({ finding, place })
  }

  #settle(matched: number, json: JsonReading | undefined): void {
    const safe = Math.min(matched, this.#judgedTo)
    const masking = this.#masking.map((masked) => maskOf(masked, json)).filter(({ end }) => end > this.forwarded)
    this.masks = union(masking).map((mask) => ({ ...mask, start: Math.max(mask.start, this.forwarded) }))
    const first = Math.min(safe, ...this.cutting.map(({ start }) => start))
    const line = retreat(json === undefined ? first : beforeEscape(first, json), this.masks)
    const whole = this.ended && this.cutting.length === 0 && this.dropping.length === 0
    const waits = this.nature.atomic === true && (!whole || this.#judgedTo < matched)
    this.safe = waits ? 0 : Math.max(line, this.forwarded)
    this.line = this.#inSentences ? this.#lastEnd(whole) : this.safe
  }

  /** @param whole the text is over, and nothing of it is withheld. */
  #lastEnd(whole: boolean): number {
    const ends = [...unitsOf(this.text, this.#pauses), ...(whole ? [this.text.length] : [])]
    return Math.max(0, this.forwarded, ...ends.filter((end) => end <= this.safe && retreat(end, this.masks) === end))
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Findings as they are told: those of one rule that share a unit are one. */
export function told(found: readonly Found[]): { rule: string; start: number; end: number }[] {
  const out: { rule: string; order: number; start: number; end: number }[] = []
  for (const { rule, order, start, end } of [...found].sort((a, b) => a.order - b.order || a.start - b.start || b.end - a.end)) {
    const last = out.at(-1)
    if (last?.order === order && start < last.end) last.end = Math.max(last.end, end)
    else out.push({ rule: rule.id, order, start, end })
  }
  const inOrder = out.sort((a, b) => a.start - b.start || a.end - b.end || a.order - b.order)
  return inOrder.map(({ rule, start, end }) => ({ rule, start, end }))
}

/** The ids of the rules that decided, in the policy's order. */
export function idsOf(found: readonly Found[]): string[] {
  return [...new Map(found.map(({ rule, order }) => [order, rule.id]))].sort(([a], [b]) => a - b).map(([, id]) => id)
}

/** A string of a JSON text is a text of its own, told where it is written; it is over where it stops being one. */
function leafFates(rule: OracleRule, allowances: readonly OracleRule[], { text, starts, ends }: Leaf, over: boolean): Fates {
  const { certain, live } = fates(rule, text, over, allowances)
  const written = certain.map(({ start, end }) => ({ start: starts[start] as number, end: ends[end - 1] as number }))
  const half = over || readable(text) === text ? undefined : text.length - 1
  const open = Math.min(live ?? text.length, half ?? text.length)
  return { certain: written, live: open === text.length ? undefined : (starts[open] as number) }
}

/** An escape is not torn: a mask that begins inside it covers it whole, and a cut there leaves none of it. */
function beforeEscape(offset: number, { possible, leaves }: JsonReading): number {
  if (!possible) return offset
  const torn = leaves.flatMap(({ starts, ends }) =>
    starts.filter((start, index) => start < offset && offset < (ends[index] as number)),
  )
  return torn[0] ?? offset
}

/** A finding to be masked: inside one string value of a JSON text, or in plain text. */
interface Masking {
  readonly finding: Found
  readonly place: 'value' | 'text'
}

/** Where a finding lies, with what is known when it becomes certain; in the structure of JSON a mask would break it. */
function placeOf(finding: Found, json: JsonReading | undefined): Masking['place'] | 'structure' {
  if (json === undefined || !json.possible) return 'text'
  const leaf = json.leaves.find(({ start, end }) => start <= finding.start && finding.end <= end)
  return leaf?.kind === 'value' ? 'value' : 'structure'
}

/** The mask of a finding: in a string value it covers escapes whole, the one included that is still being written. */
function maskOf({ finding, place }: Masking, json: JsonReading | undefined): MaskMatch {
  const words = finding.rule.with ?? ''
  if (place === 'text' || json === undefined) return { ...finding, match: finding, written: words }
  const units = json.leaves.flatMap(({ starts, ends }) => starts.map((start, index) => ({ start, end: ends[index] as number })))
  const escape = json.halfEscape === undefined ? [] : [{ start: json.halfEscape, end: json.possible ? json.length : finding.end }]
  const covered = [...units, ...escape].filter(({ start, end }) => start < finding.end && finding.start < end)
  return {
    ...finding,
    start: Math.min(finding.start, ...covered.map(({ start }) => start)),
    end: Math.max(finding.end, ...covered.map(({ end }) => end)),
    match: finding,
    written: JSON.stringify(words).slice(1, -1),
  }
}
