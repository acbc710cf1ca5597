/** One channel's open questions to judges: asked as the text arrives, decided in the order of the text. */
import type { Channel } from '../terms/channel.ts'
import type { Answer, FaultKind, Inquiry, OnFault, Opinion } from '../terms/judge.ts'
import type { Finding } from '../terms/matcher.ts'
import type { Seat } from '../terms/plan.ts'
import type { Span } from '../terms/span.ts'
import { isHigh } from '../text/halves.ts'
import { Sentences } from '../text/sentences.ts'
import { Stretches } from './stretches.ts'

/** A judge's answer where the gate stands, with what it is about. */
export interface Decision {
  readonly seat: Seat
  readonly stretch: Span
  /** Findings that brought the question, where cheap checks did. */
  readonly suspects: readonly Suspect[]
  readonly opinions: readonly Opinion[]
  readonly fault: { readonly kind: FaultKind; readonly detail: string; readonly action: OnFault } | undefined
  /** Only what follows the stretch told that it could be asked about. */
  readonly late: boolean
}

/** A finding that a judge is to decide about. */
export interface Suspect extends Finding {
  /** Its rule is in force: the text from its start on waits. */
  readonly holds: boolean
}

/** How far behind the clear line a finding may still come that holds nothing: a flag that waits for its next character. */
const reach = 4096

interface Ended extends Span {
  /** Only the text's end ended it: it is decided after that. */
  readonly last: boolean
  /** Only what follows told that it ended: what is known where it ends is decided before. */
  readonly late: boolean
}

interface Question {
  readonly id: number
  readonly stretch: Ended
  /** Where the gate decides: the stretch's end, or where the last finding about it became certain. */
  at: number
  /** Units that had to come before it could be put. */
  readonly known: number
  suspects: Suspect[]
  answer: Answer | undefined
}

/** Puts a question. @returns the number it goes by. */
type Ask = (inquiry: Omit<Inquiry, 'id'>) => number

/** A judge at this channel. */
interface Bench {
  readonly seat: Seat
  readonly stretches: Stretches
  /** Stretches that have ended and that a finding may still come about. */
  ended: Ended[]
  /** Findings whose stretch is still being written. */
  suspects: Suspect[]
  questions: Question[]
}

export class Docket {
  readonly channel: Channel
  readonly #benches: readonly Bench[]
  readonly #ask: Ask
  readonly #sentences = new Sentences()
  readonly #context: number
  /** What has arrived, from `#base` on. */
  #text = ''
  #base = 0
  #closed = false

  constructor(channel: Channel, seats: readonly Seat[], ask: Ask) {
    this.channel = channel
    this.#ask = ask
    this.#context = Math.max(0, ...seats.map(({ judge }) => judge.context))
    this.#benches = seats.map((seat) => ({
      seat,
      // Half a tool call means nothing.
      stretches: new Stretches(channel.atomic ? 'whole' : seat.judge.stretch),
      ended: [],
      suspects: [],
      questions: [],
    }))
  }

  /** Some judge keeps text back until it has answered. */
  get holds(): boolean {
    return this.#benches.some(({ seat }) => seat.holds)
  }

  get #arrived(): number {
    return this.#base + this.#text.length
  }

  /** More text has arrived, which the gate may not have come to yet. */
  hear(text: string): void {
    for (let at = 0; at < text.length; ) {
      const room = Math.min(...this.#benches.map(({ stretches }) => Math.max(1, stretches.latest - this.#sentences.read)))
      const from = at
      const borders: number[] = []
      at = this.#sentences.push(text, at, Math.min(text.length, at + room), (border) => borders.push(border))
      this.#text += text.slice(from, at)
      const last = text.charCodeAt(at - 1)
      for (const [index, { stretches }] of this.#benches.entries()) {
        for (const border of borders) this.#ended(index, stretches.border(border), { late: border < this.#arrived })
        this.#ended(index, stretches.reached(this.#arrived, isHigh(last)))
      }
    }
  }

  /** Nothing more will arrive. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const [index, { stretches }] of this.#benches.entries()) this.#ended(index, stretches.end(this.#arrived), { last: true })
  }

  /** A cheap check pointed at something that a judge is to decide. @param read units that the gate has read. @returns whether one does. */
  suspect(finding: Suspect, judge: string, read: number): boolean {
    const index = this.#benches.findIndex(({ seat }) => seat.judge.name === judge)
    const bench = this.#benches[index] as Bench
    const stretch = bench.ended.find(({ end }) => finding.end <= end)
    if (stretch === undefined) bench.suspects.push(finding)
    else this.#question(index, stretch, [finding], read)
    return true
  }

  answer(id: number, answer: Answer): void {
    for (const { questions } of this.#benches) for (const one of questions) if (one.id === id) one.answer ??= answer
  }

  /** The offset after `read` up to which the gate may read before it has to look here again. */
  next(read: number): number {
    const stops = this.#benches.flatMap(({ seat, questions, stretches }) => [
      ...questions.map(({ at }) => at),
      // What nobody has judged yet may go so far ahead.
      ...(seat.holds && seat.judge.wait === 'trail' ? [this.#undecided(questions, stretches) + seat.judge.most_ahead] : []),
    ])
    return Math.min(...stops.filter((stop) => stop > read), Number.POSITIVE_INFINITY)
  }

  /**
   * What is to be decided next where the gate stands, all of it together; `waits` where an answer has to come first.
   *
   * @param ended the gate has read all there is.
   * @param more the gate is about to read on, or to hear that the text is over. Only that tells some ends, and what ends so is not
   * decided before, though the answer may have come: what other channels say in between comes first.
   */
  due(read: number, ended: boolean, more: boolean): readonly Decision[] | 'waits' {
    const due = this.#benches.flatMap((bench) =>
      bench.questions
        .filter(({ at, stretch }) => at <= read && (ended || !stretch.last) && (more || at < read || !isLate({ at, stretch })))
        .map((question) => ({ bench, question })),
    )
    for (const late of [false, true]) {
      const together = due.filter(({ question }) => isLate(question) === late)
      if (together.some(({ bench, question }) => this.#waitsFor(bench, question, read, ended))) return 'waits'
      const answered = together.filter(({ question }) => question.answer !== undefined)
      if (answered.length === 0) continue
      return answered.map(({ bench, question }) => {
        bench.questions = bench.questions.filter((one) => one !== question)
        return decisionOf(bench.seat, question, question.answer as Answer)
      })
    }
    return []
  }

  /**
   * What nothing waited for of a text that was cut: the questions that could be put by then, of what was decided by then.
   *
   * @param known units that had come when it was cut.
   * @returns the numbers they go by.
   */
  left(read: number, known: number): readonly number[] {
    return this.#left(read, known).map(({ question }) => question.id)
  }

  /** Those of them that have been answered, for the record. */
  rest(read: number, known: number): readonly Decision[] {
    return this.#left(read, known).flatMap(({ bench, question, suspects }) => {
      if (question.answer === undefined) return []
      bench.questions = bench.questions.filter((one) => one !== question)
      return decisionOf(bench.seat, { ...question, suspects }, question.answer)
    })
  }

  #left(read: number, known: number): { bench: Bench; question: Question; suspects: Suspect[] }[] {
    return this.#benches
      .filter(({ seat }) => !seat.holds)
      .flatMap((bench) =>
        bench.questions.map((question) => ({ bench, question, suspects: question.suspects.filter((one) => !one.holds) })),
      )
      .filter(({ bench, question, suspects }) => {
        const isOfUse = suspects.length > 0 || bench.seat.rules.length > 0
        return isOfUse && question.at <= read && question.known <= known
      })
  }

  #waitsFor({ seat, questions, stretches }: Bench, { answer, suspects }: Question, read: number, ended: boolean): boolean {
    if (answer !== undefined || !(seat.holds || suspects.some(({ holds }) => holds))) return false
    return seat.judge.wait === 'hold' || ended || read >= this.#undecided(questions, stretches) + seat.judge.most_ahead
  }

  /** Up to where nothing waits for a judge. */
  get safeTo(): number {
    const safe = this.#benches.flatMap(({ seat, questions, stretches, suspects }) => {
      const open = [...suspects, ...questions.flatMap((question) => question.suspects)]
      const pointed = open.filter(({ holds }) => holds).map(({ start }) => start)
      if (!seat.holds) return pointed
      const undecided = this.#undecided(questions, stretches)
      return [...pointed, seat.judge.wait === 'hold' ? undecided : undecided + seat.judge.most_ahead]
    })
    return Math.min(...safe, Number.POSITIVE_INFINITY)
  }

  /** Nothing in force that begins before `clear` will be found any more: the text that no question can need is forgotten. */
  forget(clear: number): void {
    const safe = clear - reach
    let needed = safe
    for (const bench of this.#benches) {
      if (bench.ended.some(({ end }) => end <= safe)) bench.ended = bench.ended.filter(({ end }) => end > safe)
      needed = Math.min(needed, bench.stretches.start, bench.ended[0]?.start ?? safe)
    }
    const keep = needed - this.#context
    // Now and then, not at each piece.
    if (keep - this.#base < 1024) return
    this.#text = this.#text.slice(keep - this.#base)
    this.#base = keep
  }

  #undecided(questions: readonly Question[], stretches: Stretches): number {
    return questions[0]?.stretch.start ?? stretches.start
  }

  #ended(index: number, span: Span | undefined, { last = false, late = false } = {}): void {
    if (span === undefined) return
    const stretch = { ...span, last, late }
    const bench = this.#benches[index] as Bench
    bench.ended.push(stretch)
    const suspects = bench.suspects.filter(({ end }) => end <= stretch.end)
    bench.suspects = bench.suspects.filter(({ end }) => end > stretch.end)
    if (bench.seat.rules.length > 0 || suspects.length > 0) this.#question(index, stretch, suspects, stretch.end)
  }

  #question(index: number, stretch: Ended, suspects: readonly Suspect[], read: number): void {
    const { seat, questions } = this.#benches[index] as Bench
    const open = questions.find((question) => question.stretch === stretch)
    if (open !== undefined) {
      open.suspects.push(...suspects)
      open.at = Math.max(open.at, read)
      return
    }
    const { name, context } = seat.judge
    const from = Math.max(this.#base, stretch.start - context)
    const at = Math.max(stretch.end, read)
    const inquiry = {
      judge: name,
      channel: this.channel,
      start: stretch.start,
      end: stretch.end,
      text: this.#text.slice(stretch.start - this.#base, stretch.end - this.#base),
      context: this.#text.slice(from - this.#base, stretch.start - this.#base),
    }
    const known = stretch.late || stretch.last ? Math.max(at, stretch.end + 1) : at
    questions.push({ id: this.#ask(inquiry), stretch, at, known, suspects: [...suspects], answer: undefined })
    questions.sort((one, other) => one.at - other.at)
  }
}

/** Only what follows told that the stretch ended, and it is decided there. */
function isLate({ at, stretch }: Pick<Question, 'at' | 'stretch'>): boolean {
  return stretch.late && at === stretch.end
}

function decisionOf(seat: Seat, { stretch, at, suspects }: Question, answer: Answer): Decision {
  const asked = { seat, stretch, suspects, late: isLate({ at, stretch }) }
  if (answer.kind === 'opinions') return { ...asked, opinions: answer.opinions, fault: undefined }
  return {
    ...asked,
    opinions: [],
    fault: { kind: answer.fault, detail: `${seat.judge.name}: ${answer.detail}`, action: seat.judge.on_fault[answer.fault] },
  }
}
