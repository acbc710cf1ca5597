/** Secrets in every place of a stream where text can hide: known fields, unknown ones, keys, probabilities, lines beside the data. */
import fc from 'fast-check'
import { type ChatScript, someChatOf } from './chat.ts'
import { framesOf, type SentFrame, type Style, someStyle } from './frames.ts'
import { type SecretCase, secretCase, textWith } from './secrets.ts'

type Fields = Record<string, unknown>

/** Puts a secret into an event; `at` chooses among the places of one kind. */
type Carrier = (data: Fields, secret: string, at: number) => readonly string[]

/** Every object and list in the event, outermost first. */
function holdersIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return []
  return [value, ...Object.values(value).flatMap(holdersIn)]
}

function put(holder: object, key: string, value: unknown): void {
  if (Array.isArray(holder)) holder.push(value)
  else Object.assign(holder, { [key]: value })
}

const pick = <Item>(items: readonly Item[], at: number): Item | undefined => items[at % items.length]
const choiceOf = (data: Fields, at: number): Fields => pick(data['choices'] as Fields[], at) ?? data
const deltaOf = (data: Fields, at: number): Fields => (choiceOf(data, at)['delta'] ?? data) as Fields
const nothingBeside =
  (put: (data: Fields, secret: string, at: number) => void): Carrier =>
  (data, secret, at) => {
    put(data, secret, at)
    return []
  }

/** Places beside what is said: texts of their own, or threads of their own. */
const beside: readonly Carrier[] = [
  nothingBeside((data, secret, at) => put(pick(holdersIn(data), at) ?? data, 'x_note', secret)),
  nothingBeside((data, secret, at) => put(pick(holdersIn(data), at) ?? data, 'x_note', [{ deep: { er: [`see ${secret}.`] } }])),
  nothingBeside((data, secret, at) => put(pick(holdersIn(data), at) ?? data, secret, 1)),
  nothingBeside((data, secret, at) => put(pick(holdersIn(data), at) ?? data, 'metadata', { [`a ${secret}`]: { b: secret } })),
  nothingBeside((data, secret) => put(data, 'citations', [secret, `https://a.example/?q=${secret}`])),
  nothingBeside((data, secret) =>
    put(data, 'search_results', [{ title: secret, url: 'https://a.example', snippet: secret, x: secret }]),
  ),
  nothingBeside((data, secret) =>
    put(data, 'error', { message: `no: ${secret}`, code: 9, failed_generation: secret, metadata: { raw: secret } }),
  ),
  nothingBeside((data, secret) => put(data, 'moderation', { output: { reason: `a ${secret}` } })),
  nothingBeside((data, secret, at) =>
    put(deltaOf(data, at), 'annotations', [
      { type: 'url_citation', url_citation: { title: secret, content: secret, start_index: 0, end_index: 1 } },
    ]),
  ),
  nothingBeside((data, secret, at) =>
    put(deltaOf(data, at), 'executed_tools', [{ name: secret, arguments: secret, output: `[${secret}]` }]),
  ),
  nothingBeside((data, secret, at) => put(deltaOf(data, at), 'audio', { id: 'a', transcript: secret })),
  nothingBeside((data, secret, at) =>
    put(choiceOf(data, at), 'logprobs', {
      content: [
        {
          token: 'a',
          logprob: 0,
          bytes: [97],
          top_logprobs: [{ token: secret, logprob: -1, bytes: [...new TextEncoder().encode(secret)] }],
        },
      ],
    }),
  ),
  nothingBeside((data, secret, at) =>
    put(choiceOf(data, at), 'logprobs', {
      content: [{ token: '?', logprob: 0, bytes: [...new TextEncoder().encode(secret)], top_logprobs: [] }],
    }),
  ),
  (_data, secret) => [`: ${secret}`],
  (_data, secret) => [`event: ${secret}`],
  (_data, secret) => [`id: ${secret}`],
  (_data, secret) => [`note: ${secret}`],
  (_data, secret) => [secret],
]

/** Places where what is put continues what the choice says. */
const threads: readonly Carrier[] = [
  nothingBeside((data, secret, at) =>
    put(deltaOf(data, at), 'reasoning_details', [{ type: 'reasoning.text', text: secret, x: secret }]),
  ),
  nothingBeside((data, secret, at) =>
    put(deltaOf(data, at), 'content', [
      { type: 'text', text: secret },
      { type: 'thinking', thinking: [{ type: 'text', text: secret }] },
    ]),
  ),
  nothingBeside((data, secret, at) => put(choiceOf(data, at), 'text', secret)),
  nothingBeside((data, secret, at) => put(choiceOf(data, at), 'message', { role: 'assistant', content: secret })),
]

const carriers = [...beside, ...threads]

interface Hidden {
  readonly carrier: number
  readonly secret: string
  readonly chunk: number
  readonly at: number
}

export interface SecretStream {
  readonly chat: ChatScript
  readonly style: Style
  readonly hidden: readonly Hidden[]
}

/** A chat stream with secrets in its text and in places nobody expects; where these are in a thread, its own text is plain. */
function someSecretStream({ secrets }: SecretCase): fc.Arbitrary<SecretStream> {
  return fc.boolean().chain((spoken) => {
    const carrier = spoken ? fc.nat(beside.length - 1) : fc.nat(carriers.length - 1)
    const hidden = fc.record({ carrier, secret: fc.constantFrom(...secrets), chunk: fc.nat(20), at: fc.nat(40) })
    const chat = someChatOf((most) => textWith(spoken ? secrets : [' '], most))
    return fc.record({ chat, style: someStyle, hidden: fc.array(hidden, { minLength: spoken ? 0 : 1, maxLength: 3 }) })
  })
}

/** Such a stream, the policy that must not let its secrets pass, and where the network cuts it. */
export const someSecretCase = secretCase.chain((secret) =>
  fc.record({
    secret: fc.constant(secret),
    stream: someSecretStream(secret),
    places: fc.array(fc.nat(100_000), { maxLength: 4 }),
  }),
)

/** @param then what another protocol makes of the event, secrets and all. */
export function secretFrames({ chat, style, hidden }: SecretStream, then = (data: Fields): Fields => data): SentFrame[] {
  return framesOf(chat, style, (data, index) => {
    const here = hidden.filter(({ chunk }) => chunk % chat.chunks.length === index)
    const lines = here.flatMap(({ carrier, secret, at }) => carriers[carrier]?.(data, secret, at) ?? [])
    return { data: then(data), lines }
  })
}
