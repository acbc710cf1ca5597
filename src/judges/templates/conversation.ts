/** A question to a judge as the conversation that guard models judge the last turn of. */
import type { Question } from '../../terms/judge.ts'

export interface Turn {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** UTF-16 units of the prompt that are told with an answer; the end of a long prompt is where it asks. */
const mostPrompt = 4000

export function isPrompt({ channel }: Question): boolean {
  return channel.kind === 'prompt' || channel.kind === 'prompt.system'
}

/** The text that is judged: the stretch, with what stands before it. Half a character, which many servers refuse, is replaced by one. */
export function judged({ context, text }: Question): string {
  return (context + text).toWellFormed()
}

export function promptOf({ prompt = '' }: Question): string {
  return prompt.slice(-mostPrompt).toWellFormed()
}

/** A prompt is one turn of the user's; all else is the assistant's turn, after the prompt it answers. */
export function conversation(question: Question): readonly Turn[] {
  const content = plain(judged(question))
  if (isPrompt(question)) return [{ role: 'user', content }]
  return [
    { role: 'user', content: plain(promptOf(question)) },
    { role: 'assistant', content },
  ]
}

/**
 * Words by which templates part turns and models mark answers. Servers turn them into control tokens wherever they stand, so
 * that a text could end its own turn and write the verdict: a blank after the bracket leaves them words.
 */
const controls =
  /<(?=\||\/?(?:start_of_turn|end_of_turn|begin|end|think|no-think|score|guardian|confidence|im_start|im_end|bos|eos|s|unused\d*)\b)|\[(?=\/?INST\])/gi

function plain(text: string): string {
  return text.replace(controls, '$& ')
}
