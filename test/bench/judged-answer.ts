/** One streamed answer on its way through the service's own code, in virtual time: upstream, guard, judge and reader. */
import { dialectFor, guardResponse } from '../../src/index.ts'
import type { Answer, AskJudge, Opinion } from '../../src/terms/judge.ts'
import type { Plan } from '../../src/terms/plan.ts'
import { streamOf } from './events.ts'
import type { Course, Token } from './schemes.ts'
import { VirtualTime } from './virtual-time.ts'

export interface Judging {
  readonly latency: number
  readonly says: (text: string, start: number) => readonly Opinion[]
}

/** The answer in pieces of four units, so many a second. */
export function tokensOf(pieces: readonly string[], perSecond: number): Token[] {
  return pieces.map((text, index) => ({ text, at: (index * 1000) / perSecond }))
}

export interface GuardedCourse extends Course {
  /** The most units that had been sent before they were judged. */
  readonly mostAhead: number
}

const facts = { stream: true, scopes: 1, json: false, usage: false, model: 'gpt-4o-mini' } as const

/** @param plan its judges are all called `guard`. */
export async function throughGuard(plan: Plan, tokens: readonly Token[], judging: Judging): Promise<GuardedCourse> {
  const dialect = dialectFor('POST', '/v1/chat/completions')
  if (dialect === undefined) throw new Error('the chat dialect is gone')
  const time = new VirtualTime()
  const sent = tokens.map(() => Number.POSITIVE_INFINITY)
  const open = new Set<number>()
  let [next, nextEnd, left, judgedTo, inquiries, judged, mostAhead] = [0, tokens[0]?.text.length ?? 0, 0, 0, 0, 0, 0]
  const ask: AskJudge = ({ text, context, start, end }) => {
    inquiries++
    judged += context.length + text.length
    open.add(start)
    return new Promise<Answer>((resolve) => {
      time.after(judging.latency, () => {
        open.delete(start)
        judgedTo = Math.max(judgedTo, end)
        resolve({ kind: 'opinions', opinions: judging.says(text, start) })
      })
    })
  }
  const released = (_: unknown, __: string, units: number): void => {
    left += units
    mostAhead = Math.max(mostAhead, left - Math.min(judgedTo, ...open))
    while (next < tokens.length && nextEnd <= left) {
      sent[next++] = time.now
      nextEnd += tokens[next]?.text.length ?? 0
    }
  }
  await time.run(async () => {
    const events = streamOf(tokens.map(({ text }) => text))
    let stop = (): void => {}
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const timers = events.map((bytes, index) =>
          time.after(tokens[index]?.at ?? tokens.at(-1)?.at ?? 0, () => {
            controller.enqueue(bytes)
            if (index === events.length - 1) controller.close()
          }),
        )
        stop = () => {
          for (const timer of timers) time.cancel(timer)
        }
      },
      cancel: () => stop(),
    })
    const upstream = new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    const response = await guardResponse(upstream, {
      plan,
      dialect,
      facts,
      judges: { guard: ask },
      observer: { released },
      now: () => time.now,
    })
    await response.text()
  })
  return { sent, units: left, inquiries, judged, mostAhead }
}
