/** Asks the upstream while judges think about the prompt: the reader waits for the slower of the two, not for one after the other. */
import { besideReader } from './call.ts'

export interface Beside {
  /** The reader's. */
  readonly signal: AbortSignal | undefined
  /** @returns whether the prompt is blocked. Rejects where that cannot be found out. */
  judged(): Promise<boolean>
  /**
   * Asks the upstream, and guards what it answers.
   *
   * @param signal fires when the reader leaves, and when nobody may have the answer.
   * @param shown resolves when the answer may be shown, or when nobody may have it.
   */
  ask(signal: AbortSignal, shown: Promise<void>): Promise<Response>
  /** The answer to a request that is blocked; it closes the record before the upstream's end could. */
  blocked(): Response
}

/** The upstream's answer, once the prompt is cleared; whatever comes of the call before that, the prompt's verdict counts first. */
export async function askBeside({ signal, judged, ask, blocked }: Beside): Promise<Response> {
  const unwanted = besideReader(signal)
  let show = (): void => {}
  const shown = new Promise<void>((resolve) => {
    show = resolve
  })
  const giveUp = (reason: string): void => {
    unwanted.abort(reason)
    show()
    answer
      .then(
        (response) => response.body?.cancel(reason),
        () => {},
      )
      .catch(() => {})
  }
  const answer = ask(unwanted.signal, shown)
  // Whoever waits for the verdict hears of it then.
  answer.catch(() => {})
  let isBlocked: boolean
  try {
    isBlocked = await judged()
  } catch (error) {
    giveUp('the prompt could not be judged')
    throw error
  }
  if (isBlocked) {
    const reply = blocked()
    giveUp('the prompt is blocked')
    return reply
  }
  show()
  return await answer
}
