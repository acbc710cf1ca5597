/** The rehearsal's judge: a guard model and a moderation endpoint made of a few patterns, so that judges can be seen at work without a key. */

/** What it knows. It is no moderation: it finds a handful of phrases, so that both of a judge's answers can be had. */
const known: readonly { readonly hazard: string; readonly category: string; readonly phrase: RegExp }[] = [
  {
    hazard: 'S9',
    category: 'illicit/violent',
    phrase: /\b(?:build|building|make|making|assemble)\b[^.!?\n]{0,60}\bbombs?\b|(?:制造|制作|做)[^。！？\n]{0,20}炸弹/i,
  },
  {
    hazard: 'S11',
    category: 'self-harm/intent',
    phrase: /\b(?:want|going|plan) to (?:die|kill myself)\b|我(?:想|要)(?:死|自杀)/i,
  },
]

/** The last turn, as a guard model judges it. */
function lastTurn(body: unknown): string {
  const { messages } = (body ?? {}) as { messages?: unknown }
  const last = Array.isArray(messages) ? messages.at(-1) : undefined
  return textIn((last as { content?: unknown } | undefined)?.content)
}

/** A text, or the texts of a list of parts. */
function textIn(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part) => (typeof part === 'string' ? part : String((part as { text?: unknown }).text ?? ''))).join(' ')
}

const hazardsIn = (text: string): typeof known => known.filter(({ phrase }) => phrase.test(text))

/** Llama Guard's published answers: `safe`, or `unsafe` and the hazards on a second line. */
export function guardAnswer(text: string): string {
  const hazards = hazardsIn(text).map(({ hazard }) => hazard)
  return hazards.length === 0 ? 'safe' : `unsafe\n${hazards.join(',')}`
}

function chat(body: unknown): object {
  const message = { role: 'assistant', content: guardAnswer(lastTurn(body)), refusal: null }
  return {
    id: 'chatcmpl-rehearsal',
    object: 'chat.completion',
    created: 0,
    model: 'rehearsal',
    choices: [{ index: 0, message, finish_reason: 'stop', logprobs: null }],
    usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
  }
}

function moderation(body: unknown): object {
  const found = hazardsIn(textIn((body as { input?: unknown } | null)?.input)).map(({ category }) => category)
  const flags = known.map(({ category }) => [category, found.includes(category)] as const)
  const result = {
    flagged: found.length > 0,
    categories: Object.fromEntries(flags),
    category_scores: Object.fromEntries(flags.map(([category, flag]) => [category, flag ? 0.97 : 0.01])),
  }
  return { id: 'modr-rehearsal', model: 'rehearsal', results: [result] }
}

/** Stands in for `fetch` at a judge's address: nothing leaves the process. What it does not speak it answers with 404. */
export const rehearsalJudge: typeof fetch = async (input, init) => {
  const request = new Request(input, init)
  const { pathname } = new URL(request.url)
  const answers = [
    [/\/chat\/completions$/, chat],
    [/\/moderations$/, moderation],
  ] as const
  const answer = answers.find(([path]) => path.test(pathname))?.[1]
  if (request.method !== 'POST' || answer === undefined) return Response.json({ error: 'not rehearsed' }, { status: 404 })
  return Response.json(answer(await request.json()))
}

/** Stands in for the binding to Workers AI. */
export const rehearsalAi = {
  run: async (_model: string, input: unknown): Promise<{ response: string }> => ({ response: guardAnswer(lastTurn(input)) }),
}
