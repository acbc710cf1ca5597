/** How others ask a model about text that streams, written down as plain strategies: who asks when, and what is sent when. */

/** A piece of the answer, as the upstream sends it. */
export interface Token {
  readonly text: string
  /** Milliseconds from the first token on. */
  readonly at: number
}

/** What became of an answer. */
export interface Course {
  /** When each token had been sent whole, in milliseconds; infinite where it never was. */
  readonly sent: readonly number[]
  /** UTF-16 units that were sent at all. */
  readonly units: number
  readonly inquiries: number
  /** UTF-16 units that judges were told, context included. */
  readonly judged: number
}

/** Answers a text, which begins at unit `at` of the answer, after `latency` milliseconds: whether it has to end the answer. */
export interface PlainJudge {
  readonly latency: number
  readonly objects: (text: string, at: number) => boolean
}

export interface Scheme {
  readonly name: string
  readonly run: (tokens: readonly Token[], judge: PlainJudge) => Course
}

/** The beginnings and ends of stretches of tokens that are asked about one after another, and of what they are told with. */
interface Window {
  readonly contextFrom: number
  readonly from: number
  readonly to: number
}

/** One judge asked about one window after another, each answer awaited before the next. */
function inTurn(
  tokens: readonly Token[],
  { latency, objects }: PlainJudge,
  windows: Iterable<Window>,
  first: 'ask' | 'send',
): Course {
  const sent = tokens.map(() => Number.POSITIVE_INFINITY)
  let free = 0
  let inquiries = 0
  let judged = 0
  for (const { contextFrom, from, to } of windows) {
    const ready = Math.max(free, (tokens[to - 1] as Token).at)
    const text = textOf(tokens, contextFrom, to)
    inquiries++
    judged += text.length
    free = ready + latency
    const bad = objects(text, textOf(tokens, 0, contextFrom).length)
    if (first === 'send' || !bad) sent.fill(first === 'send' ? ready : free, from, to)
    if (bad) break
  }
  return { sent, units: unitsOf(tokens, sent), inquiries, judged }
}

function unitsOf(tokens: readonly Token[], sent: readonly number[]): number {
  return tokens.reduce((sum, { text }, index) => sum + (sent[index] === Number.POSITIVE_INFINITY ? 0 : text.length), 0)
}

function textOf(tokens: readonly Token[], from: number, to: number): string {
  return tokens
    .slice(from, to)
    .map(({ text }) => text)
    .join('')
}

/** Windows of so many tokens, each beginning with the last ones of the window before it. */
function* windowsOf(count: number, size: number, context: number): Generator<Window> {
  let from = 0
  for (let to = Math.min(size, count); from < count; to = Math.min(count, to + size - context)) {
    yield { contextFrom: from === 0 ? 0 : from - context, from, to }
    from = to
  }
}

function* sentencesOf(tokens: readonly Token[]): Generator<Window> {
  let from = 0
  for (const [index, { text }] of tokens.entries()) {
    if (index < tokens.length - 1 && !/[.!?。！？\n]/.test(text)) continue
    yield { contextFrom: from, from, to: index + 1 }
    from = index + 1
  }
}

export const schemes: readonly Scheme[] = [
  {
    name: 'the whole answer, then its check',
    run: (tokens, judge) => inTurn(tokens, judge, [{ contextFrom: 0, from: 0, to: tokens.length }], 'ask'),
  },
  {
    name: 'windows of 200 chunks, 50 of them context, checked and then sent',
    run: (tokens, judge) => inTurn(tokens, judge, windowsOf(tokens.length, 200, 50), 'ask'),
  },
  {
    name: 'windows of 200 chunks, 50 of them context, sent and then checked',
    run: (tokens, judge) => inTurn(tokens, judge, windowsOf(tokens.length, 200, 50), 'send'),
  },
  { name: 'every 5th chunk waits for a check of all so far', run: everyFifth },
  {
    name: 'sentence after sentence, each checked and then sent',
    run: (tokens, judge) => inTurn(tokens, judge, sentencesOf(tokens), 'ask'),
  },
]

/** Four chunks go as they come, behind whatever waits; the fifth, and the last, wait for their check. */
function everyFifth(tokens: readonly Token[], { latency, objects }: PlainJudge): Course {
  const sent = tokens.map(() => Number.POSITIVE_INFINITY)
  let free = 0
  let inquiries = 0
  let judged = 0
  for (const [index, { at }] of tokens.entries()) {
    free = Math.max(free, at)
    if (index % 5 === 4 || index === tokens.length - 1) {
      const text = textOf(tokens, 0, index + 1)
      inquiries++
      judged += text.length
      free += latency
      if (objects(text, 0)) break
    }
    sent[index] = free
  }
  return { sent, units: unitsOf(tokens, sent), inquiries, judged }
}
