/** Remembers what a judge said: the same stretch with the same around it is not asked about twice. */
import type { Answer, AnswerCache, AskJudge, Judge, Question } from '../../terms/judge.ts'
import { sha256 } from '../services/signature.ts'
import type { Clock } from './clock.ts'

/**
 * In the isolate's memory, by the SHA-256 of all the judge would be told and of what judge it is: no text is kept. Faults are not
 * remembered. The platform's own cache would cost a call for each look and, with it, a connection of the few there are.
 */
export function remembering(ask: AskJudge, { kind, settings }: Judge, { seconds, most }: AnswerCache, clock: Clock): AskJudge {
  const version = JSON.stringify([kind, settings])
  const answers = new Map<string, { readonly answer: Answer; readonly until: number }>()
  return async (question, signal) => {
    const key = await keyOf(version, question)
    const known = answers.get(key)
    if (known !== undefined) {
      answers.delete(key)
      if (clock.now() < known.until) {
        // The last to go is the one that was asked for last.
        answers.set(key, known)
        return known.answer
      }
    }
    const answer = await ask(question, signal)
    if (answer.kind === 'opinions') {
      answers.set(key, { answer: { kind: 'opinions', opinions: answer.opinions, calls: 0 }, until: clock.now() + seconds * 1000 })
      for (const oldest of answers.keys()) {
        if (answers.size <= most) break
        answers.delete(oldest)
      }
    }
    return answer
  }
}

function keyOf(version: string, { channel, text, context, prompt, images }: Question): Promise<string> {
  return sha256(JSON.stringify([version, channel.kind, text, context, prompt, images]))
}
