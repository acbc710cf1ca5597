/**
 * `npm run bench judges`: what readers wait for while a model judges what another model says, and how often it is asked.
 *
 * How it avoids fooling itself: everything said in `engines.ts` about material, and
 * - time is virtual: tokens come and judges answer at the very millisecond they are meant to, processing takes none, and
 *   every run prints the same. What processing costs is measured elsewhere.
 * - Ours is the service's own code: bytes of events in, `guardResponse` with its pump, its judges and their timers, bytes
 *   out. A token counts as sent when its last unit has been handed on.
 * - The schemes of others are written down plainly (`schemes.ts`), without what their implementations add to the wait.
 * - The text is clean and every judge says so: what is measured is what moderation costs those who do no wrong.
 */
import { createPlan, guardExchange, type JudgeDefinition, type RuleDefinition } from '../../src/index.ts'
import { defaults } from '../../src/policy/judges.ts'
import type { Plan } from '../../src/terms/plan.ts'
import { Sentences } from '../../src/text/sentences.ts'
import { streamOf } from './events.ts'
import { type GuardedCourse, throughGuard, tokensOf } from './judged-answer.ts'
import { type Material, piecesOf } from './material.ts'
import type { Report } from './report.ts'
import { type Course, schemes, type Token } from './schemes.ts'
import { VirtualTime } from './virtual-time.ts'

export interface JudgesOptions {
  /** Milliseconds until a judge answers. */
  readonly latencies: readonly number[]
  /** Tokens a second. */
  readonly speeds: readonly number[]
  /** UTF-16 units of the answer. */
  readonly units: number
}

const { first: firstStretch, grow_to } = defaults.stretch

/** Words that occur now and then, so that a cheap rule has something to ask about. */
const suspects = ['language', 'possible', 'minute']

const plans = {
  none: createPlan({ rules: [{ id: 'words', action: 'mask', with: '***', words: { terms: ['never said'], boundary: 'word' } }] }),
  hold: judged({ wait: 'hold' }, { id: 'harm', judge: 'guard', action: 'cut' }),
  sentences: judged({ wait: 'hold', stretch: { first: 40, grow_to: 40 } }, { id: 'harm', judge: 'guard', action: 'cut' }),
  trail: judged({ wait: 'trail' }, { id: 'harm', judge: 'guard', action: 'cut' }),
  ask: judged({}, asking(['never said'])),
  asked: judged({}, asking(suspects)),
} as const

function asking(terms: readonly string[]): RuleDefinition {
  return { id: 'words', action: 'ask', words: { terms, boundary: 'word' }, ask: { judge: 'guard', then: 'cut' } }
}

function judged(judge: JudgeDefinition, rule: RuleDefinition): Plan {
  return createPlan({ judges: { guard: judge }, rules: [rule] })
}

const names: Readonly<Record<keyof typeof plans, string>> = {
  none: 'ours: words, no judge',
  hold: `ours: hold, stretches of ${firstStretch} to ${grow_to} units`,
  sentences: 'ours: hold, stretches of about a sentence (40 units)',
  trail: `ours: trail, ${defaults.most_ahead} units ahead`,
  ask: 'ours: words ask, and find nothing',
  asked: `ours: words ask about "${suspects.join('", "')}"`,
}

export async function benchJudges(report: Report, material: Material, options: JudgesOptions): Promise<void> {
  const text = material.prose.English.slice(0, options.units)
  const clean = { says: () => [] }
  for (const latency of options.latencies) {
    for (const speed of options.speeds) {
      const tokens = tokensOf(piecesOf(text), speed)
      const setting = `${latency} ms to an answer, ${speed} tokens/s`
      const courses = {} as Record<keyof typeof plans, GuardedCourse>
      for (const [name, plan] of Object.entries(plans) as [keyof typeof plans, Plan][]) {
        courses[name] = await throughGuard(plan, tokens, { latency, ...clean })
        tellCourse(report, setting, names[name], tokens, courses[name])
      }
      for (const { name, run } of schemes)
        tellCourse(report, setting, name, tokens, run(tokens, { latency, objects: () => false }))
      targetsOf(report, setting, { tokens, text, latency, speed }, courses)
    }
  }
  for (const latency of options.latencies) await benchPrompts(report, latency)
}

/** Milliseconds from a token's coming to its going. */
function delays(tokens: readonly Token[], { sent }: Course): number[] {
  return sent.map((at, index) => at - (tokens[index] as Token).at)
}

function percentile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

function tellCourse(report: Report, setting: string, contender: string, tokens: readonly Token[], course: Course): void {
  const units = tokens.reduce((sum, { text }) => sum + text.length, 0)
  const all = delays(tokens, course)
  report.figures.push({
    what: `Judges · ${setting} · milliseconds after the upstream`,
    contender,
    columns: {
      'first token': all[0] ?? 0,
      p50: percentile(all, 0.5),
      p99: percentile(all, 0.99),
      'inquiries/1,000 units': (course.inquiries * 1000) / units,
      'units judged/unit': course.judged / units,
    },
  })
}

interface Setting {
  readonly tokens: readonly Token[]
  readonly text: string
  readonly latency: number
  readonly speed: number
}

function targetsOf(
  report: Report,
  setting: string,
  { tokens, text, latency, speed }: Setting,
  { none, hold, trail, ask }: Readonly<Record<keyof typeof plans, GuardedCourse>>,
): void {
  const add = (what: string, atMost: number, unit: string, figure: number, ratio = ''): void => {
    report.targets.push({ what: `${what}; ${setting}`, atMost, unit, figure, ratio })
  }
  const held = delays(tokens, hold)
  const [other] = schemes.map(({ run }) => delays(tokens, run(tokens, { latency, objects: () => false })))
  const first = firstEnd(text)
  const arrival = tokens[Math.min(tokens.length - 1, Math.ceil(first / 4) - 1)] as Token
  const whole = `${Math.round((other?.[0] ?? 0) / (held[0] ?? 1))} x sooner than the whole answer`
  add('hold, first token: first stretch + an answer', arrival.at + latency, 'ms', held[0] ?? 0, whole)
  // Stretches of prose end with a sentence, and where none ends at twice their size.
  const longest = ((2 * grow_to) / 4) * (1000 / speed)
  const late = Math.max(...held.slice(held.length / 2))
  add('hold, later tokens: an answer + one stretch at most', latency + longest, 'ms', late)
  add('ask, clean text: inquiries', 0, '', ask.inquiries)
  const later = ask.sent.map((at, index) => at - (none.sent[index] as number))
  add('ask, clean text: wait beyond the words', 0, 'ms', Math.max(...later))
  add('trail, units ahead of the judge', defaults.most_ahead, 'units', trail.mostAhead)
  const size = 1000 / grow_to + 2
  const often = ({ inquiries }: Course): number => (inquiries * 1000) / text.length
  add('hold and trail, inquiries per 1,000 units', size, '', Math.max(often(hold), often(trail)))
}

/** Where the first stretch ends, and one unit more, by which that is known. */
function firstEnd(text: string): number {
  const sentences = new Sentences()
  let end = 2 * firstStretch
  sentences.push(text, 0, 0, () => {})
  for (let at = 0; at < end; )
    at = sentences.push(text, at, end, (border) => {
      if (border >= firstStretch) end = Math.min(end, border + 1)
    })
  return end
}

/** The upstream's own time to its first token, in milliseconds. */
const upstreamFirst = 300

/** A prompt judged beside the upstream, and before it. */
async function benchPrompts(report: Report, latency: number): Promise<void> {
  const rule = { id: 'harm', judge: 'guard', action: 'cut', channels: ['prompt'] } as const
  const first = { beside: 0, before: 0 }
  for (const how of ['beside', 'before'] as const) {
    const plan = createPlan({ judges: { guard: {} }, rules: [rule], settings: { prompt: { overlap: how === 'beside' } } })
    first[how] = await firstShown(plan, latency)
    report.figures.push({
      what: `A prompt judged · ${upstreamFirst} ms to the upstream's first token · milliseconds from the request`,
      contender: `${how} the upstream, ${latency} ms to an answer`,
      figure: first[how],
    })
  }
  report.targets.push({
    what: `prompt judged beside the upstream: the longer of the two; ${latency} ms to an answer`,
    atMost: Math.max(latency, upstreamFirst),
    unit: 'ms',
    figure: first.beside,
    ratio: `${first.before} before it`,
  })
}

async function firstShown(plan: Plan, latency: number): Promise<number> {
  const time = new VirtualTime()
  let shown = Number.POSITIVE_INFINITY
  await time.run(async () => {
    const asked = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'What is the time?' }] })
    const response = await guardExchange({
      plan,
      request: { method: 'POST', url: 'http://bench.example/v1/chat/completions', body: new Response(asked).body },
      judges: {
        guard: () => new Promise((resolve) => time.after(latency, () => resolve({ kind: 'opinions', opinions: [] }))),
      },
      now: () => time.now,
      call: async () => {
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            time.after(upstreamFirst, () => {
              for (const bytes of streamOf(['It is ', 'late.'])) controller.enqueue(bytes)
              controller.close()
            })
          },
        })
        return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
      },
    })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const decoder = new TextDecoder()
    for (let piece = await reader.read(); !piece.done; piece = await reader.read())
      if (shown === Number.POSITIVE_INFINITY && decoder.decode(piece.value).includes('It is ')) shown = time.now
  })
  return shown
}
