/** Hears judges out about a text that has come whole: a body, a prompt. */
import { SluiceError } from '../errors.ts'
import type { Answer, Inquiry } from '../terms/judge.ts'
import { Asking } from './asking.ts'
import type { Ledger } from './ledger.ts'
import type { GuardOptions } from './limits.ts'

/** A text that has come whole, and what judges are asked about it. */
export interface Hearing {
  /** Decides what it can. @returns whether an answer has to come first. */
  waits(): boolean
  inquiries(): readonly Inquiry[]
  settle(id: number, answer: Answer): void
}

/**
 * Asks the judges about a text until all is decided.
 *
 * @throws SluiceError `internal` where the reader leaves before that.
 */
export async function hearOut({ plan, judges, signal }: GuardOptions, ledger: Ledger, text: Hearing): Promise<void> {
  if (!text.waits()) return
  const asking = new Asking(plan, judges)
  const leave = (): void => asking.stop()
  signal?.addEventListener('abort', leave, { once: true })
  try {
    do {
      if (signal?.aborted) throw new SluiceError('internal', 'the reader left')
      asking.ask(text.inquiries())
      await asking.answered()
      for (const { id, answer } of asking.take()) text.settle(id, answer)
    } while (text.waits())
  } finally {
    signal?.removeEventListener('abort', leave)
    asking.stop()
    ledger.asked(asking.cost)
  }
}
