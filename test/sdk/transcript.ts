/** What was sent in one exchange, as a page people can read and compare: status, headers, body, end. */
import { fileURLToPath } from 'node:url'
import type { Exchange } from './service.ts'

/** Headers that are the same in every answer, or that only the server sets. */
const unremarkable = new Set(['x-sluice-id', 'date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length'])

export function transcriptOf({ status, headers, sent, end }: Exchange): string {
  const shown = [...headers].filter(([name]) => !unremarkable.has(name)).map(([name, value]) => `${name}: ${value}`)
  const body = ownWords(sent)
  const closing = { open: 'still open', whole: 'the end', broken: 'connection broken', left: 'the reader left' }[end]
  return [
    `HTTP ${status}`,
    ...shown,
    '',
    body.endsWith('\n') || body === '' ? body.slice(0, -1) : body,
    `== ${closing}`,
    '',
  ].join('\n')
}

/** Our own ids and times differ each time; a return before a line feed is made visible, for editors and git hide it. */
function ownWords(body: string): string {
  const ids: string[] = []
  const numbered = (id: string): string => {
    if (!ids.includes(id)) ids.push(id)
    return `OUR-ID-${ids.indexOf(id) + 1}`
  }
  return (
    body
      .replace(/[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}/g, numbered)
      .replace(/"(created|created_at|completed_at)":1[789]\d{8}(\.\d+)?/g, '"$1":"NOW"')
      // Clients ask for the same in requests of their own, some longer than others.
      .replace(askedTokens, '$1"ASKED"$2,"total_tokens":"ALL"$3')
      .replaceAll('\r', '␍')
      // How many keep-alives fit into a silence is the machine's affair.
      .replace(keptAlive, '$1')
  )
}

const askedTokens =
  /("(?:prompt|input)_tokens":)\d+(,(?:"input_tokens_details":\{[^}]*\},)?"(?:completion|output)_tokens":\d+(?:,"output_tokens_details":\{[^}]*\})?),"total_tokens":\d+(\}\}?,"sluice":\{"usage":"estimated"\})/g

const keptAlive =
  /(: keep-alive\n\n|event: ping\ndata: \{"type":"ping"\}\n\n|data: \{"candidates":\[\{"content":\{"parts":\[\{"text":""\}\],"role":"model"\},"index":0\}\]\}␍\n␍\n)\1+/g

/** `cut, with a notice` streamed → `transcripts/openai-chat/cut-with-a-notice.stream.txt`. */
export function transcriptFile(dialect: string, name: string, stream: boolean): string {
  const words = name.toLowerCase().replace(/[^a-z]+/g, '-')
  return fileURLToPath(new URL(`transcripts/${dialect}/${words}.${stream ? 'stream' : 'whole'}.txt`, import.meta.url))
}
