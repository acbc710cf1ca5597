/** Turns speeches into beats: small pieces with pauses like a model's, the same on every run, so that nothing shown is luck. */
import type { Call, Speech } from './script.ts'

export interface Beat {
  /** Which choice speaks. */
  readonly choice: number
  /** `open` announces a tool call, `over` ends the choice. */
  readonly voice: 'answer' | 'reasoning' | 'open' | 'input' | 'over'
  readonly text: string
  /** Number of the tool call within its choice. */
  readonly call: number
  /** Milliseconds before the piece comes, at pace 1. */
  readonly wait: number
}

/** Roughly what tokenizers make of text: a word in pieces of at most five, one or two Han characters, spaces in front. */
const pieceForm =
  /\s*[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]{1,2}|\s*[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]{1,5}|\s+/gu

/** The pieces of a text; joined, they are the text. */
export function piecesOf(text: string, letterByLetter = false): string[] {
  return letterByLetter ? [...text] : (text.match(pieceForm) ?? [])
}

const millisecondsPerPiece = 40

/** Pauses vary from piece to piece without chance, and are longer where a sentence ends. */
function waitBefore(index: number, previous: string): number {
  const jitter = 0.5 + ((index * 7) % 11) / 10
  const breath = /[.!?。！？]\s*$/.test(previous) ? 4 : 1
  return Math.round(millisecondsPerPiece * jitter * breath)
}

/** All beats of an answer: the choices take turns, piece by piece, as parallel choices do. */
export function* beatsOf(speeches: readonly Speech[], letterByLetter = false): Generator<Beat> {
  let talking = speeches.map((speech, choice) => speechBeats(speech, choice, letterByLetter))
  while (talking.length > 0) {
    const still: typeof talking = []
    for (const beats of talking) {
      const { value, done } = beats.next()
      if (done) continue
      yield value
      still.push(beats)
    }
    talking = still
  }
}

function* speechBeats(speech: Speech, choice: number, letterByLetter: boolean): Generator<Beat> {
  let index = 0
  let call = -1
  let previous = ''
  const beat = (voice: Beat['voice'], text: string): Beat => {
    const made = { choice, voice, text, call, wait: waitBefore(index++, previous) }
    previous = text
    return made
  }
  for (const part of speech) {
    if (part.voice === 'tool') {
      call++
      yield beat('open', part.name)
    }
    const voice = part.voice === 'tool' ? 'input' : part.voice
    for (const piece of piecesOf(textOf(part), letterByLetter)) yield beat(voice, piece)
  }
  yield beat('over', '')
}

function textOf(part: Speech[number]): string {
  return part.voice === 'tool' ? (part satisfies Call).input : part.text
}
