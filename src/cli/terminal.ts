/** Where a command writes and reads: people's terminals, programs' pipes, or a test's memory. */
import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

export interface Terminal {
  /** Writes a line of what was asked for; resolves once there is room for more, so that nothing piles up before a slow reader. */
  print(line: string): Promise<void>
  /** Writes a line about what is wrong. */
  complain(line: string): void
  /** The text in colour, if whoever reads it there wants colours. */
  styled(style: Style, text: string, where?: 'print' | 'complain'): string
  /** Shows a line that the next one replaces, how far a long work is; an empty one takes it away. Absent where nobody looks on. */
  readonly show?: (line: string) => void
  readonly input: AsyncIterable<Uint8Array>
}

/** The process's own streams; colours if they are terminals and neither NO_COLOR nor the like forbids it. */
export function standardTerminal(): Terminal {
  const { stdout, stderr, stdin } = process
  // `sluice … | head` closes the pipe while we write: that is how it is meant to end.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  let shown = false
  const show = (line: string): void => {
    if (!shown && line === '') return
    stderr.write(`\r${line.slice(0, (stderr.columns || 80) - 1)}\u001b[K`)
    shown = line !== ''
  }
  return {
    async print(line) {
      if (shown && stdout.isTTY) show('')
      if (!stdout.write(`${line}\n`)) await new Promise<void>((resolve) => stdout.once('drain', resolve))
    },
    complain(line) {
      if (shown) show('')
      stderr.write(`${line}\n`)
    },
    styled: (style, text, where = 'print') => styleText(style, text, { stream: where === 'print' ? stdout : stderr }),
    ...(stderr.isTTY && process.env['TERM'] !== 'dumb' && { show }),
    get input() {
      return stdin
    },
  }
}

/** The same terminal for who wants no colours. */
export function plain(terminal: Terminal): Terminal {
  return Object.create(terminal, { styled: { value: (_style: Style, text: string) => text } }) as Terminal
}

/** `1 rule`, `2 rules`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
