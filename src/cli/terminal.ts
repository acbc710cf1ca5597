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
  return {
    async print(line) {
      if (!stdout.write(`${line}\n`)) await new Promise<void>((resolve) => stdout.once('drain', resolve))
    },
    complain: (line) => stderr.write(`${line}\n`),
    styled: (style, text, where = 'print') => styleText(style, text, { stream: where === 'print' ? stdout : stderr }),
    get input() {
      return stdin
    },
  }
}

/** `1 rule`, `2 rules`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`
}
