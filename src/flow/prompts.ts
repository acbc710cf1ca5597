/** Checks what a request asks, before the upstream hears of it. */
import { SluiceError } from '../errors.ts'
import { wholeTextCaps } from '../gate/caps.ts'
import { Court } from '../gate/court.ts'
import { Watch } from '../gate/watch.ts'
import { touches } from '../terms/action.ts'
import type { Channel } from '../terms/channel.ts'
import type { RequestReading } from '../terms/dialect.ts'
import type { Plan } from '../terms/plan.ts'
import { hearOut } from './hearing.ts'
import type { Ledger } from './ledger.ts'
import type { GuardOptions } from './limits.ts'

interface Prompts {
  readonly blocked: boolean
  /** The request with masked prompts; undefined where it goes upstream as it came. */
  readonly body: string | undefined
}

/** A prompt that cannot be read must not be a way round the rules for prompts. @throws SluiceError `request_invalid`. */
export function refuseUnread({ matchers, rules, seats }: Plan, { unread }: RequestReading): void {
  if (unread === undefined) return
  const looks = (['prompt', 'prompt.system'] as const).some((kind) => matchers[kind].length > 0 || seats[kind].length > 0)
  if (looks && rules.some(({ mode, action }) => mode === 'enforce' && touches(action)))
    throw new SluiceError('request_invalid', `${unread} cannot be checked here: send it as text`)
}

/**
 * The request's text is read twice: as one channel, as an answer is, because whoever asks chooses where messages and parts
 * begin and a border between them must not be a way round a rule; and each part alone, because a border is one for whole
 * words and anchors too.
 */
export async function checkPrompts(options: GuardOptions, reading: RequestReading, ledger: Ledger): Promise<Prompts> {
  const { plan } = options
  const { turns } = plan.settings.prompt
  const segments = reading.prompts.filter(({ channel, fresh }) => turns === 'all' || channel.kind !== 'prompt' || fresh)
  const joinedTexts = new Map<string, { channel: Channel; text: string }>()
  const starts = segments.map(({ channel, text }) => {
    const before = joinedTexts.get(channel.kind)?.text ?? ''
    joinedTexts.set(channel.kind, { channel: { ...channel, name: channel.kind }, text: before + text })
    return before.length
  })
  const threads = new Map<string, Watch>()
  for (const [kind, { channel, text }] of joinedTexts) threads.set(kind, await readThread(options, channel, text, ledger))
  const watches = [...threads.values()]
  const texts = new Map<number, string>()
  for (const [index, segment] of segments.entries()) {
    const thread = threads.get(segment.channel.kind) as Watch
    const joined = thread.masks.apply(starts[index] as number, segment.text)
    const alone = new Watch(plan, segment.channel, wholeTextCaps)
    alone.read(joined)
    alone.end()
    const text = alone.masks.apply(0, joined)
    // What it found beyond the thread's own findings belongs into the record as well.
    if (text !== joined || (alone.cut !== undefined && thread.cut === undefined)) watches.push(alone)
    if (text !== segment.text) texts.set(segment.slot, text)
  }
  ledger.prompts(watches)
  if (watches.some((watch) => watch.cut !== undefined)) return { blocked: true, body: undefined }
  return { blocked: false, body: texts.size > 0 ? reading.write(texts) : undefined }
}

/** Reads all text of a kind; judges are asked about all of it at once. */
async function readThread(options: GuardOptions, channel: Channel, text: string, ledger: Ledger): Promise<Watch> {
  const { plan } = options
  const court = new Court(plan)
  const docket = court.docket(channel)
  docket?.hear(text)
  docket?.close()
  const watch = new Watch(plan, channel, wholeTextCaps, undefined, docket)
  let read = 0
  await hearOut(options, ledger, {
    waits: () => {
      read = watch.read(text, read)
      return watch.cut === undefined && (read < text.length || !watch.end())
    },
    inquiries: () => court.take(),
    settle: (id, answer) => void court.answer(id, answer),
  })
  return watch
}
