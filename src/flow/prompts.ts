/** Checks what a request asks, before anything is shown of an answer to it. */
import { SluiceError } from '../errors.ts'
import { touches } from '../terms/action.ts'
import type { ChannelKind } from '../terms/channel.ts'
import type { RequestReading } from '../terms/dialect.ts'
import type { Segment } from '../terms/frame.ts'
import type { Plan, Rule } from '../terms/plan.ts'
import type { Ledger } from './ledger.ts'
import type { GuardOptions } from './limits.ts'
import { type Part, PromptThread } from './prompt-thread.ts'
import type { Topic } from './topic.ts'

interface Prompts {
  readonly blocked: boolean
  /** The request with masked prompts; undefined where it goes upstream as it came. */
  readonly body: string | undefined
}

const promptKinds = ['prompt', 'prompt.system'] as const

/** What a judge of a prompt that is nothing but images is asked about: the character for something that is no text. */
const noText = '\ufffc'

/** A prompt that cannot be read must not be a way round the rules for prompts. @throws SluiceError `request_invalid`. */
export function refuseUnread({ matchers, rules, seats }: Plan, { unread }: RequestReading): void {
  if (unread === undefined) return
  const looks = promptKinds.some((kind) => matchers[kind].length > 0 || seats[kind].length > 0)
  if (looks && rules.some(({ mode, action }) => mode === 'enforce' && touches(action)))
    throw new SluiceError('request_invalid', `${unread} cannot be checked here: send it as text`)
}

/**
 * The request's text is read twice: as one channel, as an answer is, because whoever asks chooses where messages and parts
 * begin and a border between them must not be a way round a rule; and each part alone, because a border is one for whole
 * words and anchors too. What needs no judge is decided first: what matchers block, no judge is asked about.
 */
export class PromptCheck {
  readonly #options: GuardOptions
  readonly #reading: RequestReading
  readonly #topic: Topic
  readonly #ledger: Ledger
  readonly #threads = new Map<ChannelKind | 'unknown', PromptThread>()
  /** Each part with its place in its thread. */
  readonly #places: { readonly segment: Segment; readonly start: number }[] = []
  readonly #parts: readonly Part[]
  /** The rules that need no judge have blocked it. */
  readonly isBlocked: boolean

  constructor(options: GuardOptions, reading: RequestReading, topic: Topic, ledger: Ledger) {
    this.#options = options
    this.#reading = reading
    this.#topic = topic
    this.#ledger = ledger
    const { plan } = options
    const { turns } = plan.settings.prompt
    const texts = new Map<ChannelKind | 'unknown', string>()
    for (const segment of reading.prompts) {
      const { kind } = segment.channel
      if (turns === 'last' && kind === 'prompt' && !segment.fresh) continue
      const before = texts.get(kind) ?? ''
      this.#places.push({ segment, start: before.length })
      texts.set(kind, before + segment.text)
    }
    if (topic.images !== undefined && !texts.get('prompt') && plan.seats.prompt.length > 0) texts.set('prompt', noText)
    for (const [kind, text] of texts) this.#threads.set(kind, new PromptThread(plan, { name: kind, scope: '0', kind }, text))
    this.#parts = this.#readParts()
    this.isBlocked = this.#isCut(this.#parts)
  }

  /** The upstream may be asked while judges are: no rule would have another prompt sent. */
  get overlaps(): boolean {
    const { settings, rules } = this.#options.plan
    return settings.prompt.overlap && [...this.#threads.values()].some(({ hasJudges }) => hasJudges) && !rules.some(masksPrompts)
  }

  /** Asks the judges of the prompt. @throws SluiceError `internal` where the reader leaves before they answer. */
  async judged(): Promise<Prompts> {
    const threads = [...this.#threads.values()]
    let parts = this.#parts
    if (!this.isBlocked && threads.some(({ hasJudges }) => hasJudges)) {
      await Promise.all(threads.map((thread) => thread.hearJudges(this.#options, this.#ledger, this.#topic)))
      parts = this.#readParts()
    }
    const alone = parts.filter(({ matters }) => matters).map(({ watch }) => watch)
    this.#ledger.prompts([...threads.map(({ watch }) => watch), ...alone])
    if (this.#isCut(parts)) return { blocked: true, body: undefined }
    const changed = new Map(parts.flatMap(({ segment, text }) => (text === segment.text ? [] : [[segment.slot, text]])))
    return { blocked: false, body: changed.size > 0 ? this.#reading.write(changed) : undefined }
  }

  #readParts(): Part[] {
    return this.#places.map(({ segment, start }) =>
      (this.#threads.get(segment.channel.kind) as PromptThread).part(segment, start),
    )
  }

  #isCut(parts: readonly Part[]): boolean {
    return [...[...this.#threads.values()], ...parts].some(({ watch }) => watch.cut !== undefined)
  }
}

function masksPrompts({ mode, action, agreed, channels }: Rule): boolean {
  return mode === 'enforce' && (action === 'mask' || agreed === 'mask') && promptKinds.some((kind) => channels.includes(kind))
}
