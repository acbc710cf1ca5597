/** Hears judges out about a text that has come whole: a body, a prompt. */
import { SluiceError } from '../errors.ts'
import type { Answer, Inquiry } from '../terms/judge.ts'
import { Asking } from './asking.ts'
import type { Ledger } from './ledger.ts'
import type { GuardOptions } from './limits.ts'
import type { Topic } from './topic.ts'

/** A text that has come whole, and what judges are asked about it. */
interface Hearing {
  /** Decides what it can. @returns whether an answer has to come first. */
  waits(): boolean
  inquiries(): readonly Inquiry[]
  /** The answer still matters. */
  needs(inquiry: Inquiry): boolean
  settle(id: number, answer: Answer): void
}

/**
 * Asks the judges about a text until all is decided. What nothing waits for (the answer to a rule that only flags) is heard
 * later, for the record.
 *
 * @throws SluiceError `internal` where the reader leaves before that.
 */
export async function hearOut(options: GuardOptions, ledger: Ledger, topic: Topic, text: Hearing): Promise<void> {
  const { signal } = options
  const asking = new Asking(options, ledger.desk, topic)
  let later = false
  const leave = (): void => asking.stop()
  signal?.addEventListener('abort', leave, { once: true })
  try {
    for (;;) {
      const waits = text.waits()
      asking.ask(text.inquiries())
      if (!waits) break
      if (signal?.aborted) throw new SluiceError('internal', 'the reader left')
      if (asking.isIdle) throw new SluiceError('internal', 'a text waits for judges whom nobody asks')
      await asking.answered()
      for (const { id, answer } of asking.take()) text.settle(id, answer)
    }
    asking.keep((inquiry) => text.needs(inquiry))
    later = ledger.hearLater(asking, text)
  } finally {
    signal?.removeEventListener('abort', leave)
    if (!later) asking.stop()
  }
}
