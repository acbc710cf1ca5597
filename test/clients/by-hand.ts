/** curl, and the small npm client of a Chinese reseller, in whose apps base URLs are changed all the time. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import api2dModule from 'api2d'
import type { Read } from './cases.ts'
import { type Client, requestOf, Sum } from './client.ts'

const run = promisify(execFile)

export const curl: Client = {
  name: 'curl --no-buffer',
  protocols: ['chat', 'completions'],
  modes: [true, false],
  missing: () =>
    run('curl', ['--version']).then(
      () => undefined,
      () => 'curl',
    ),
  read: (url, cells) => Promise.all(cells.map((cell) => curled(url, cell))),
}

async function curled(url: string, cell: Parameters<typeof requestOf>[0]): Promise<Read> {
  const { path, body } = requestOf(cell)
  const sum = new Sum()
  const args = ['--silent', '--no-buffer', '--write-out', '\n%{http_code}', '-H', 'content-type: application/json']
  const { stdout } = await run('curl', [...args, '--data', JSON.stringify(body), url + path])
  const lines = stdout.split('\n')
  const status = lines.pop()
  if (status !== '200') sum.error = `HTTP ${status}`
  else if (cell.stream) {
    for (const line of lines) if (line.startsWith('data: ')) sum.data(line.slice('data: '.length))
  } else sum.data(lines.join('\n'))
  return sum.read
}

/** Its types promise a module of another kind than it is. */
const Api2d = api2dModule as unknown as typeof api2dModule.default

export const api2d: Client = {
  name: 'npm api2d',
  protocols: ['chat'],
  modes: [true, false],
  hidesFinish: true,
  missing: () => Promise.resolve(undefined),
  read: (url, cells) =>
    Promise.all(
      cells.map(async ({ stream, prompt }): Promise<Read> => {
        const sum = new Sum()
        const messages = [{ role: 'user', content: prompt }]
        const onMessage = (all: string): void => {
          sum.text = all
        }
        try {
          const answer = await new Api2d('sk-client', url).completion({
            model: 'rehearsal',
            messages,
            stream,
            ...(stream && { onMessage }),
          })
          if (stream) sum.text = answer as string
          else sum.chunk(answer as Parameters<Sum['chunk']>[0])
        } catch (error) {
          sum.error = String(error)
        }
        return sum.read
      }),
    ),
}
