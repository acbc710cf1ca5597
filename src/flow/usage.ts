/** Counts what a response costs: what the upstream says, and where it says nothing an estimate of what was read and written. */
import type { Reading, Usage } from '../terms/frame.ts'
import type { Exit, TrailUsage } from '../terms/trail.ts'
import { inTime } from './in-time.ts'
import type { CountTokens } from './limits.ts'

/** UTF-16 units that wait to be counted together: a tokenizer counts words, not their pieces. */
const stretch = 2048

/** Milliseconds an estimate may take: no record and no reader waits for a tokenizer that does not come. */
const patience = 2000

/** A prompt is counted up to so many units, and the rest taken for like it. */
const mostOfPrompt = 8192

/** What was told of one response so far. Nothing in it decides anything: it is for the record, and for an ending that tells it. */
export class Meter {
  /** Loads the tokenizer; undefined where nothing is estimated. */
  readonly #load: (() => Promise<CountTokens>) | undefined
  readonly #prompt: readonly string[]
  readonly #isExpected: boolean
  #told: Usage = {}
  #waiting = ''
  /** Units that came after what waits, and are taken for like it. */
  #beyond = 0
  #counted: Promise<number> = Promise.resolve(0)
  #count: Promise<CountTokens> | undefined

  /**
   * @param prompt the texts that were sent, for what an upstream does not tell of them.
   * @param isExpected the upstream will tell its usage unless it is stopped before: the tokenizer is not to be loaded before that.
   */
  constructor(load: (() => Promise<CountTokens>) | undefined, prompt: readonly string[] = [], isExpected = false) {
    this.#load = load
    this.#prompt = prompt
    this.#isExpected = isExpected
  }

  take({ steps, usage }: Reading): void {
    if (usage !== undefined) this.#told = { ...this.#told, ...usage }
    if (this.#load === undefined) return
    for (const step of steps) {
      if (step.kind !== 'text' || step.relation !== 'adds') continue
      if (this.#waiting.length < stretch) this.#waiting += step.text
      else this.#beyond += step.text.length
      if (this.#waiting.length >= stretch && !this.#isExpected) this.#countWaiting()
    }
  }

  /** Tokens that were read and written, for the record; at once where there is nothing to estimate. */
  total(exit: Exit): TrailUsage | Promise<TrailUsage> {
    const { input, output } = this.#told
    // What came before the end is not what the whole would have cost.
    const isFinal = output !== undefined && (exit === 'done' || exit === 'unterminated')
    const told = { input: input ?? null, output: output ?? null, estimated: false }
    if (this.#load === undefined || (isFinal && input !== undefined)) return told
    return inTime(this.#estimated(isFinal), patience, late).then(
      (estimate) => ({ ...estimate, estimated: true }),
      // An estimate that fails leaves what was told.
      () => told,
    )
  }

  /** The same for an ending; undefined where nothing can be said. */
  async estimate(): Promise<Usage | undefined> {
    if (this.#load === undefined) return undefined
    return await inTime(this.#estimated(false), patience, late).catch(() => undefined)
  }

  async #estimated(isFinal: boolean): Promise<Required<Usage>> {
    this.#countWaiting()
    const written = await this.#counted
    const { input = await this.#countPrompt(), output = 0 } = this.#told
    return { input, output: isFinal ? output : Math.max(output, written) }
  }

  #countWaiting(): void {
    const text = this.#waiting
    if (text === '') return
    const factor = 1 + this.#beyond / text.length
    this.#waiting = ''
    this.#beyond = 0
    this.#counted = Promise.all([this.#counted, this.#counter()]).then(([sum, count]) => sum + Math.round(count(text) * factor))
    this.#counted.catch(() => {})
  }

  async #countPrompt(): Promise<number> {
    const units = this.#prompt.reduce((sum, text) => sum + text.length, 0)
    if (units === 0) return 0
    let sample = ''
    for (const text of this.#prompt) {
      // Texts beside one another are no one word.
      if (sample.length < mostOfPrompt) sample += `${text.slice(0, mostOfPrompt - sample.length)}\n`
    }
    return Math.round(((await this.#counter())(sample) / sample.length) * units)
  }

  #counter(): Promise<CountTokens> {
    this.#count ??= (this.#load as () => Promise<CountTokens>)()
    return this.#count
  }
}

function late(): Error {
  return new Error(`no estimate within ${patience} ms`)
}

/** Parts of a request that are no text for a model: media in base64, ids and names. */
const noText = /^(?:data:|https?:)|^[A-Za-z0-9+/_=-]{256,}$/

/** Every text of a request, wherever its protocol has it: what a prompt costs depends on all of them. */
export function textsOf(request: unknown, depth = 0): string[] {
  if (typeof request === 'string') return noText.test(request) ? [] : [request]
  if (typeof request !== 'object' || request === null || depth > 32) return []
  return Object.entries(request).flatMap(([key, value]) =>
    ['model', 'role', 'type', 'id', 'user'].includes(key) ? [] : textsOf(value, depth + 1),
  )
}
