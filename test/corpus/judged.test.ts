/** What of harmful answers had been sent before each cut, by a judge that knows the labels of public collections. */
import { beforeAll, describe, expect, test } from 'vitest'
import { createPlan } from '../../src/index.ts'
import type { Opinion } from '../../src/terms/judge.ts'
import type { Plan } from '../../src/terms/plan.ts'
import type { Span } from '../../src/terms/span.ts'
import { throughGuard, tokensOf } from '../bench/judged-answer.ts'
import { piecesOf } from '../bench/material.ts'
import { type Course, type PlainJudge, schemes, type Token } from '../bench/schemes.ts'
import { readRows } from './shared.ts'

interface Answer {
  readonly tokens: readonly Token[]
  readonly units: number
  /** What is harmful of it, in UTF-16 units. */
  readonly spans: readonly Span[]
}

const latency = 200
const perSecond = 30

function answerOf(text: string, spans: readonly Span[]): Answer {
  return { tokens: tokensOf(piecesOf(text), perSecond), units: text.length, spans }
}

const labelled: Readonly<Record<string, readonly Answer[]>> = {
  'toxic spans': readRows<{ text: string; spans_u16: [number, number][] }>('data/moderation/toxic_spans.jsonl').map(
    ({ text, spans_u16 }) =>
      answerOf(
        text,
        spans_u16.map(([start, end]) => ({ start, end })),
      ),
  ),
  // The whole text is one label's: whatever a judge is told of it, it objects to.
  moderation: readRows<{ text: string; flagged: boolean }>('data/moderation/openai_moderation.jsonl').map(({ text, flagged }) =>
    answerOf(text, flagged ? [{ start: 0, end: text.length }] : []),
  ),
}

const overlap = (one: Span, other: Span): number => Math.max(0, Math.min(one.end, other.end) - Math.max(one.start, other.start))

type Way = (answer: Answer) => Promise<Course> | Course

/** @param where the judge says where the harm is, and not only that there is some. */
function guarded(judge: object, where = false): Way {
  const plan: Plan = createPlan({
    // Longer than any of the answers: a cap is no verdict.
    settings: { hold: { most_chars: 50_000 } },
    judges: { guard: { ...judge, timeout_ms: 5000 } },
    rules: [{ id: 'harm', judge: 'guard', action: 'cut' }],
  })
  return ({ tokens, spans }) => {
    const says = (text: string, at: number): Opinion[] => {
      const told = { start: at, end: at + text.length }
      const seen = spans.filter((span) => overlap(span, told) > 0)
      return seen.map((span) => ({
        category: 'harm',
        ...(where && { span: { start: Math.max(0, span.start - at), end: Math.min(text.length, span.end - at) } }),
      }))
    }
    return throughGuard(plan, tokens, { latency, says })
  }
}

const sizes = { 'about 40': { first: 40, grow_to: 40 }, '80 to 600': { first: 80, grow_to: 600 }, 'the whole': 'whole' } as const

const holding: [string, Way][] = [
  ...Object.entries(sizes).map(([name, stretch]): [string, Way] => [
    `hold, stretches of ${name}`,
    guarded({ wait: 'hold', stretch }),
  ]),
  ['hold, stretches of 80 to 600, by a judge that says where', guarded({ wait: 'hold', stretch: sizes['80 to 600'] }, true)],
]

const trailing = [50, 300].flatMap((most_ahead) =>
  [sizes['about 40'], sizes['80 to 600']].map((stretch): [string, number, Way] => [
    `trail ${most_ahead} units ahead, stretches of ${stretch.first === 40 ? 'about 40' : '80 to 600'}`,
    most_ahead,
    guarded({ wait: 'trail', most_ahead, stretch }),
  ]),
)

const others = schemes.map(({ name, run }): [string, Way] => [
  name,
  ({ tokens, spans }) => {
    const objects: PlainJudge['objects'] = (text, at) =>
      spans.some((span) => overlap(span, { start: at, end: at + text.length }) > 0)
    return run(tokens, { latency, objects })
  },
])

interface Outcome {
  readonly answers: number
  /** Answers of which something harmful was sent. */
  readonly leaking: number
  readonly harmfulSent: number
  readonly harmful: number
  /** The most units sent after the first harmful one began. */
  readonly mostAfter: number
  /** Units before the first harmful one that were not sent, a mean. */
  readonly lostBefore: number
  /** Harmless answers that did not come whole. */
  readonly spoiled: number
}

async function outcomeOf(answers: readonly Answer[], way: Way): Promise<Outcome> {
  let [bad, leaking, harmfulSent, harmful, mostAfter, lost, spoiled] = [0, 0, 0, 0, 0, 0, 0]
  for (const answer of answers) {
    const { units: sent } = await way(answer)
    const { spans, units } = answer
    if (spans.length === 0) {
      if (sent !== units) spoiled++
      continue
    }
    const first = Math.min(...spans.map(({ start }) => start))
    const seen = spans.reduce((sum, span) => sum + overlap(span, { start: 0, end: sent }), 0)
    bad++
    harmful += spans.reduce((sum, { start, end }) => sum + end - start, 0)
    harmfulSent += seen
    if (seen > 0) leaking++
    mostAfter = Math.max(mostAfter, sent - first)
    lost += Math.max(0, first - sent)
  }
  return { answers: bad, leaking, harmfulSent, harmful, mostAfter, lostBefore: lost / bad, spoiled }
}

const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`

describe.each(Object.keys(labelled))('%s', (name) => {
  const outcomes = new Map<string, Outcome>()
  const answers = labelled[name] as readonly Answer[]

  beforeAll(async () => {
    for (const [way, run] of [...holding, ...trailing.map(([way, , run]): [string, Way] => [way, run]), ...others])
      outcomes.set(way, await outcomeOf(answers, run))
    const lines = [...outcomes].map(([way, one]) =>
      [
        way,
        `${one.leaking} of ${one.answers}`,
        `${one.harmfulSent} of ${one.harmful} (${share(one.harmfulSent, one.harmful)})`,
        one.mostAfter,
        one.lostBefore.toFixed(0),
      ].join(' | '),
    )
    const heads =
      'way | answers that leaked | harmful units sent | most units sent after harm began | harmless units lost before it, mean'
    console.log(
      [`${name}: ${answers.length} answers, ${latency} ms to an answer, ${perSecond} tokens/s`, heads, ...lines].join('\n'),
    )
  }, 600_000)

  test.each(holding)('%s: nothing that is labelled is sent', (way) => {
    const { answers: bad, leaking, harmfulSent, mostAfter, spoiled } = outcomes.get(way) as Outcome
    expect(bad).toBeGreaterThan(100)
    expect({ leaking, harmfulSent, spoiled }).toEqual({ leaking: 0, harmfulSent: 0, spoiled: 0 })
    expect(mostAfter).toBeLessThanOrEqual(0)
  })

  test.each(trailing)('%s: no more is sent after harm began than may be', (way, mostAhead) => {
    const { mostAfter, spoiled } = outcomes.get(way) as Outcome
    expect(mostAfter).toBeLessThanOrEqual(mostAhead)
    expect(spoiled).toBe(0)
  })
})
