/** Writes for people and programs: colours where a terminal wants them, and no complaint when the reader has had enough. */
import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Text in colour if the stream is a terminal and neither NO_COLOR nor the like forbids it. */
export function styled(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream })
}

/** Resolves once the stream takes more, so that nothing piles up before a slow reader. */
export async function print(text: string): Promise<void> {
  if (process.stdout.write(`${text}\n`)) return
  await new Promise<void>((resolve) => process.stdout.once('drain', resolve))
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** `sluice … | head` closes the pipe while we write: that is how it is meant to end. */
export function quietWhenUnread(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

/** `1 rule`, `2 rules`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`
}
