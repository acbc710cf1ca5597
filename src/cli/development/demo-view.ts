/** Draws a conversation: what the model wrote over what the reader got, and in between what is held. */
import type { Span } from '../../terms/span.ts'
import type { Talk } from './demo-talk.ts'

/** Whether to redraw in place with colours, and how wide the place is. */
export interface Screen {
  readonly ansi: boolean
  readonly columns: number
}

type Style = keyof typeof styles
const styles = { plain: '0', held: '30;43', gone: '2;9', found: '31', label: '36', quiet: '2' } as const

interface Stretch {
  readonly text: string
  readonly style: Style
}

const margin = 10

/** The lines of a conversation as it stands; `found` are the spans of the model's text that rules found. */
export function drawn(talk: Talk, labels: readonly string[], found: readonly Span[], screen: Screen): string[] {
  const { model, clear, isCut, reader, expected } = talk
  const cleared = marked(model.slice(0, clear), found)
  const rest = model.slice(clear)
  const held = isCut ? 0 : widthOf(rest)
  const written: Stretch[] = [...cleared, { text: rest, style: isCut ? 'gone' : 'held' }]
  // After a cut the reader may get a notice, which is the service's and not the model's.
  const got = labelled(isCut ? reader.slice(0, expected.length) : reader, labels)
  if (isCut) got.push({ text: ' ✂ ', style: 'found' }, { text: reader.slice(expected.length), style: 'label' })
  else got.push({ text: '░'.repeat(held), style: 'quiet' })
  return [...block('model', written, screen), ...block('reader', got, screen)]
}

function marked(text: string, found: readonly Span[]): Stretch[] {
  const stretches: Stretch[] = []
  let at = 0
  for (const { start, end } of found) {
    if (start < at || end > text.length) continue
    stretches.push({ text: text.slice(at, start), style: 'plain' }, { text: text.slice(start, end), style: 'found' })
    at = end
  }
  return [...stretches, { text: text.slice(at), style: 'plain' }]
}

/** Replacements stand out. */
function labelled(text: string, labels: readonly string[]): Stretch[] {
  const next = labels.map((label) => ({ label, at: text.indexOf(label) })).filter(({ at }) => at >= 0)
  const first = next.sort((a, b) => a.at - b.at)[0]
  if (first === undefined) return [{ text, style: 'plain' }]
  const rest = labelled(text.slice(first.at + first.label.length), labels)
  return [{ text: text.slice(0, first.at), style: 'plain' }, { text: first.label, style: 'label' }, ...rest]
}

function block(name: string, stretches: readonly Stretch[], { ansi, columns }: Screen): string[] {
  const lines = wrapped(stretches, Math.max(20, columns - margin - 1), ansi)
  return lines.map((line, index) => `  ${(index === 0 ? name : '').padEnd(margin - 2)}${line}`)
}

interface Cell {
  readonly character: string
  readonly style: Style
  readonly width: number
}

/** Breaks between words, and anywhere in wide writing; a word longer than the line is broken too. */
function wrapped(stretches: readonly Stretch[], columns: number, ansi: boolean): string[] {
  const cells = stretches.flatMap(({ text, style }) =>
    [...text].map((character): Cell => ({ character, style, width: widthOf(character) })),
  )
  const lines: Cell[][] = [[]]
  let used = 0
  for (const word of words(cells)) {
    const width = word.reduce((sum, cell) => sum + cell.width, 0)
    if (used > 0 && used + width > columns && word[0]?.character !== ' ') {
      lines.push([])
      used = 0
    }
    for (const cell of word) {
      if (used + cell.width > columns) {
        lines.push([])
        used = 0
        if (cell.character === ' ') continue
      }
      lines.at(-1)?.push(cell)
      used += cell.width
    }
  }
  return lines.map((line) => rendered(line, ansi))
}

function* words(cells: readonly Cell[]): Generator<readonly Cell[]> {
  const word: Cell[] = []
  for (const cell of cells) {
    const alone = cell.width > 1 || cell.character === ' ' || cell.character === '░'
    if (alone && word.length > 0) yield word.splice(0)
    if (alone) yield [cell]
    else word.push(cell)
  }
  if (word.length > 0) yield word
}

function rendered(line: readonly Cell[], ansi: boolean): string {
  let text = ''
  let style: Style = 'plain'
  for (const cell of line) {
    if (ansi && cell.style !== style) text += `\u001b[0;${styles[cell.style]}m`
    style = cell.style
    text += cell.character
  }
  return ansi && style !== 'plain' ? `${text}\u001b[0m` : text
}

/** Takes two cells of a terminal: Chinese, Japanese and Korean writing and its signs. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\ud83c-\ud87f][\udc00-\udfff]/g

function widthOf(text: string): number {
  return text.replace(wide, '  ').length
}

/** Writes lines over those written before, on screens that can. */
export class Canvas {
  readonly #screen: Screen
  readonly #write: (text: string) => void
  #lines = 0

  constructor(screen: Screen, write: (text: string) => void) {
    this.#screen = screen
    this.#write = write
  }

  draw(lines: readonly string[]): void {
    if (!this.#screen.ansi) return
    this.#write(`${this.#lines > 0 ? `\u001b[${this.#lines}A\r\u001b[J` : ''}${lines.join('\n')}\n`)
    this.#lines = lines.length
  }

  /** The last state, which stays. */
  settle(lines: readonly string[]): void {
    if (this.#screen.ansi) this.draw(lines)
    else this.#write(`${lines.join('\n')}\n`)
    this.#lines = 0
  }
}
