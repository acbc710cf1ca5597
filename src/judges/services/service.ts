/** What the asker of kind `http` has to know of a service: how a text is put to it, and what its answers mean. */
import type { Opinion, Question } from '../../terms/judge.ts'

export interface Request {
  readonly address: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** What one request is about: a question, or a part of a long one. */
export interface Material {
  readonly question: Question
  /** What of the context and the stretch is sent. */
  readonly context: string
  readonly text: string
}

export interface Service {
  /** UTF-16 units that it takes at a time; without it all goes in one request. */
  readonly most?: number
  request(material: Material): Request | Promise<Request>
  /** @throws Unfit where the answer is none, or a refusal that came as one. */
  answer(answer: unknown, material: Material): { readonly opinions: readonly Opinion[]; readonly tokens?: number }
}

/** Context that leaves no room for the stretch is left out from its start; a stretch that is too long is asked about in parts. */
export function materials(question: Question, most = Number.POSITIVE_INFINITY): Material[] {
  // Half a character, which many services refuse, is replaced by one: lengths stay.
  const [context, text] = [question.context.toWellFormed(), question.text.toWellFormed()]
  if (context.length + text.length <= most) return [{ question, context, text }]
  if (text.length <= most)
    return [{ question, context: context.slice(wholeFrom(context, context.length - (most - text.length))), text }]
  const parts: Material[] = []
  for (let at = 0; at < text.length; ) {
    const end = at + most >= text.length ? text.length : wholeFrom(text, at + most) - (splits(text, at + most) ? 2 : 0)
    parts.push({ question, context: '', text: text.slice(at, end) })
    at = end
  }
  return parts
}

/** Whether a character's second half stands at `at`. */
function splits(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff
}

function wholeFrom(text: string, at: number): number {
  return splits(text, at) ? at + 1 : at
}
