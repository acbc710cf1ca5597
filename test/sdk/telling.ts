/** What a client made of an answer, in one line that all clients' cells can be written in. */

/** Filled while a client reads, so that it also says what was there before a failure. */
export class Telling {
  text = ''
  thought = ''
  refusal = ''
  /** Calls the client presents as valid, as JSON. */
  readonly calls: string[] = []
  /** Calls that tools were run with. */
  readonly ran: string[] = []
  /** Calls the client itself calls invalid. */
  readonly broken: string[] = []
  parsed: unknown
  /** Whether the client keeps the turn in its history of the conversation, where it has one. */
  remembers: boolean | undefined
  ending: string | undefined
  failure: string | undefined
  /** Called at the first text. */
  readonly #heard: () => void

  constructor(heard: () => void) {
    this.#heard = heard
  }

  says(text: string | null | undefined): void {
    if (!text) return
    this.text += text
    this.#heard()
  }

  thinks(text: string | null | undefined): void {
    this.thought += text ?? ''
  }

  refuses(text: string | null | undefined): void {
    this.refusal += text ?? ''
  }

  finds(name: string, input: unknown): void {
    this.calls.push(callText(name, input))
  }

  runs(name: string, input: unknown): void {
    this.ran.push(callText(name, input))
  }

  ends(reason: string | null | undefined): void {
    if (reason) this.ending = reason.replaceAll('-', '_')
  }

  fails(error: unknown): void {
    this.failure = failureText(error)
  }

  /** @param requests how many times the client asked, where that is not once. */
  line(requests: number): string {
    const parts = [
      this.thought && `thinks ${quoted(this.thought)}`,
      this.text && `says ${quoted(this.text)}`,
      this.refusal && `refuses ${quoted(this.refusal)}`,
      ...this.calls.map((call) => `calls ${call}`),
      ...this.broken.map((call) => `broken ${call}`),
      ...this.ran.map((call) => `runs ${call}`),
      this.parsed !== undefined && `parses ${JSON.stringify(this.parsed)}`,
      this.remembers !== undefined && (this.remembers ? 'remembers' : 'forgets'),
      this.ending && `ends ${this.ending}`,
      this.failure && `fails ${this.failure}`,
      requests !== 1 && `${requests} requests`,
    ]
    return parts.filter(Boolean).join('; ')
  }
}

function quoted(text: string): string {
  return `‹${text}›`
}

/** Input as a value where it is JSON, so that a string and the object it spells read alike. */
export function callText(name: string, input: unknown): string {
  try {
    return `${name} ${JSON.stringify(typeof input === 'string' ? JSON.parse(input) : input)}`
  } catch {
    return `${name} ${String(input)}`
  }
}

/** Class, status and code; the message only where the class says nothing. */
function failureText(error: unknown): string {
  if (!(error instanceof Error)) return `with no error: ${JSON.stringify(error)}`
  const { name, message } = error
  const { status, statusCode, code, data, type } = error as Error & Partial<Failure>
  const kind = name === 'Error' ? error.constructor.name : name
  const codes = new Set([status ?? statusCode, code ?? data?.error?.code ?? type])
  const facts = [kind, ...codes].filter((fact) => fact !== undefined && fact !== null)
  return facts.length === 1 && general.has(kind)
    ? `${kind} ${quoted(message.split(/[\n:]| at position/)[0] ?? '')}`
    : facts.join(' ')
}

const general = new Set(['Error', 'OpenAIError', 'AnthropicError', 'TypeError', 'SyntaxError'])

/** Where packages keep what they were told: OpenAI's in `code`, Anthropic's in `type`, `ai` in `statusCode` and the parsed body. */
interface Failure {
  readonly status: unknown
  readonly statusCode: unknown
  readonly code: unknown
  readonly type: unknown
  readonly data: { readonly error?: { readonly code?: unknown } }
}
