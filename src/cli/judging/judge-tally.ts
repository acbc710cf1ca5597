/** Counts by channel what judges are asked and how they fail; a trail counts by response. */
import type { AskJudge, JudgeAskers } from '../../terms/judge.ts'

interface Asked {
  /** Where the stretch ends. */
  readonly end: number
  fault: string | undefined
}

export interface JudgeCount {
  readonly inquiries: number
  /** In the order of the text: `judge_timeout`, `judge_refused` … */
  readonly faults: readonly string[]
}

export class JudgeTally {
  readonly #channels = new Map<string, Asked[]>()
  readonly askers: JudgeAskers

  constructor(askers: JudgeAskers) {
    this.askers = Object.fromEntries(Object.entries(askers).map(([name, ask]) => [name, this.#counted(ask)]))
  }

  /**
   * @param decided where the channel is cut. Judges are asked ahead, about as much as has arrived; what they were asked about
   *   text that no decision came to depends on how it arrived, and is not counted.
   */
  of(channel: string, decided = Number.POSITIVE_INFINITY): JudgeCount {
    const asked = (this.#channels.get(channel) ?? []).filter(({ end }) => end <= decided).sort((a, b) => a.end - b.end)
    return { inquiries: asked.length, faults: asked.flatMap(({ fault }) => (fault === undefined ? [] : [`judge_${fault}`])) }
  }

  #counted(ask: AskJudge): AskJudge {
    return async (question, signal) => {
      const one: Asked = { end: question.end, fault: undefined }
      const { name } = question.channel
      this.#channels.set(name, [...(this.#channels.get(name) ?? []), one])
      const late = (): void => {
        if (signal.reason?.name === 'TimeoutError') one.fault ??= 'timeout'
      }
      signal.addEventListener('abort', late, { once: true })
      try {
        const answer = await ask(question, signal)
        if (answer.kind === 'fault' && !signal.aborted) one.fault = answer.fault
        return answer
      } catch (error) {
        if (!signal.aborted) one.fault = 'busy'
        throw error
      } finally {
        signal.removeEventListener('abort', late)
      }
    }
  }
}
