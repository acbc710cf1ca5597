/** Counts by channel what judges are asked and how they fail; a trail counts by response. */
import type { AskJudge, JudgeAskers } from '../terms/judge.ts'

export interface ChannelTally {
  inquiries: number
  /** In order: `judge_timeout`, `judge_refused` … */
  readonly faults: string[]
}

export class JudgeTally {
  readonly #channels = new Map<string, ChannelTally>()
  readonly askers: JudgeAskers

  constructor(askers: JudgeAskers) {
    this.askers = Object.fromEntries(Object.entries(askers).map(([name, ask]) => [name, this.#counted(ask)]))
  }

  of(channel: string): ChannelTally {
    let tally = this.#channels.get(channel)
    if (tally === undefined) {
      tally = { inquiries: 0, faults: [] }
      this.#channels.set(channel, tally)
    }
    return tally
  }

  #counted(ask: AskJudge): AskJudge {
    return async (question, signal) => {
      const tally = this.of(question.channel.name)
      tally.inquiries += 1
      let over = false
      const fault = (kind: string): void => {
        if (!over) tally.faults.push(`judge_${kind}`)
        over = true
      }
      const stop = (): void => {
        if (signal.reason?.name === 'TimeoutError') fault('timeout')
        over = true
      }
      signal.addEventListener('abort', stop, { once: true })
      try {
        const answer = await ask(question, signal)
        if (answer.kind === 'fault') fault(answer.fault)
        over = true
        return answer
      } catch (error) {
        fault('busy')
        throw error
      }
    }
  }
}
