/** What an exchange is about, as judges are told it beside the text they are asked about. */
import type { RequestReading } from '../terms/dialect.ts'
import type { Inquiry, Question } from '../terms/judge.ts'
import type { Plan } from '../terms/plan.ts'

export interface Topic {
  /** What was asked last, in at most `mostPromptUnits` UTF-16 units. */
  readonly prompt?: string
  /** Addresses of the images in the prompt that is looked at. */
  readonly images?: readonly string[]
}

/** UTF-16 units of what was asked last that judges are told, its end: a model that judges has a small window, and a price. */
const mostPromptUnits = 8000

/** Of a plan without judges there is nobody to be told; its `turns` say which images count as asked. */
export function topicOf(reading: RequestReading, { judges, settings }: Plan): Topic {
  if (judges.length === 0) return {}
  const { prompts, images = [] } = reading
  const { turns } = settings.prompt
  const said = prompts.filter(({ channel, fresh }) => channel.kind === 'prompt' && fresh).map(({ text }) => text)
  const prompt = lastOf(said.filter((text) => text !== '').join('\n'), mostPromptUnits)
  const shown = images.filter(({ fresh }) => turns === 'all' || fresh).map(({ address }) => address)
  return { ...(prompt !== '' && { prompt }), ...(shown.length > 0 && { images: shown }) }
}

/** An answer is judged along with its prompt. A prompt is judged with its images, which go along with its first stretch. */
export function questionOf(inquiry: Inquiry, { prompt, images }: Topic): Question {
  const { channel, start } = inquiry
  if (channel.kind === 'prompt') return start === 0 && images !== undefined ? { ...inquiry, images } : inquiry
  return channel.kind === 'prompt.system' || prompt === undefined ? inquiry : { ...inquiry, prompt }
}

function lastOf(text: string, units: number): string {
  if (text.length <= units) return text
  // Not with half a character.
  return text.slice(text.length - units).replace(/^[\udc00-\udfff]/, '')
}
