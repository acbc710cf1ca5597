/** Runs one of a policy's own tests through the gate at every split, and tells where it does not come out as it says. */
import { TextGate } from '../../gate/text-gate.ts'
import type { PolicyTest } from '../../policy/index.ts'
import { nearest } from '../../policy/nearest.ts'
import { answerSide, type Channel, type ChannelKind } from '../../terms/channel.ts'
import type { Plan } from '../../terms/plan.ts'
import { type Answers, answerOf, readAnswers } from '../judging/answers.ts'

/** How the text came: `units` one UTF-16 unit at a time, `two` in two pieces that meet at `at`. */
export type TestSplit = { readonly kind: 'whole' } | { readonly kind: 'units' } | { readonly kind: 'two'; readonly at: number }

export interface Expected {
  readonly reads?: string
  readonly cut_by?: readonly string[]
  readonly masked_by?: readonly string[]
  readonly flagged_by?: readonly string[]
  readonly blocked_by?: readonly string[]
  /** Judges; none where it is empty. */
  readonly asked?: readonly string[]
}

export interface Got {
  readonly reads: string
  /** Ids of the rules that cut, or block. */
  readonly by: readonly string[]
  readonly masked: readonly string[]
  readonly flagged: readonly string[]
  readonly asked: readonly string[]
}

export interface TestResult {
  readonly channel: ChannelKind
  readonly text: string
  readonly expected: Expected
  /** Splits tried until one failed. */
  readonly splits: number
  /** Absent where the test holds. */
  readonly failure?: {
    readonly split: TestSplit
    readonly got: Got
    /** In words, one a difference. */
    readonly reasons: readonly string[]
  }
}

const named = ['cut_by', 'masked_by', 'flagged_by', 'blocked_by', 'asked'] as const

/** The texts a test may give, and what they are to a rule. */
const texts: readonly (readonly [field: string, kind: ChannelKind])[] = [
  ...answerSide.map((kind) => [kind, kind] as const),
  ['prompt', 'prompt'],
  ['system', 'prompt.system'],
]

/** @throws CommandError `answers_invalid`, where what judges say in it is no answer. */
export function runTest(plan: Plan, test: PolicyTest, name: string): TestResult {
  const expected = expectedOf(test)
  const [field, channel] = subjectOf(test, expected)
  const text = String(test[field] ?? '')
  const answers = readAnswers(test['judge'] ?? {}, name)
  let splits = 0
  for (const split of splitsOf(text)) {
    splits += 1
    const got = outcome(plan, channel, piecesAt(text, split), answers)
    const reasons = differences(plan, channel, text, expected, got)
    if (reasons.length > 0) return { channel, text, expected, splits, failure: { split, got, reasons } }
  }
  return { channel, text, expected, splits }
}

function expectedOf(test: PolicyTest): Expected {
  const given = named.flatMap((key) => (test[key] === undefined ? [] : [[key, [test[key]].flat().map(String)] as const]))
  return { ...(typeof test['reads'] === 'string' && { reads: test['reads'] }), ...Object.fromEntries(given) }
}

/** A prompt beside an answer is what the answer was given to; alone, or where it is to be blocked, it is what is tested. */
function subjectOf(test: PolicyTest, { blocked_by }: Expected): readonly [field: string, kind: ChannelKind] {
  const given = texts.filter(([field]) => typeof test[field] === 'string')
  return given.find(([, kind]) => blocked_by === undefined || isPrompt(kind)) ?? given[0] ?? ['answer', 'answer']
}

function isPrompt(kind: ChannelKind): boolean {
  return kind === 'prompt' || kind === 'prompt.system'
}

export function* splitsOf(text: string): Generator<TestSplit> {
  yield { kind: 'whole' }
  if (text.length < 2) return
  yield { kind: 'units' }
  for (let at = 1; at < text.length; at += 1) yield { kind: 'two', at }
}

function piecesAt(text: string, split: TestSplit): readonly string[] {
  if (split.kind === 'whole') return [text]
  return split.kind === 'units' ? text.split('') : [text.slice(0, split.at), text.slice(split.at)]
}

function outcome(plan: Plan, kind: ChannelKind, pieces: readonly string[], answers: Answers): Got {
  const isCall = kind === 'tool_input'
  const channel: Channel = { name: kind, scope: '0', kind, ...(isCall && { json: true, atomic: true }) }
  const gate = new TextGate(plan, channel, 'hear')
  const asked = new Set<string>()
  let reads = ''
  for (const piece of [...pieces, undefined]) {
    reads += piece === undefined ? gate.end() : gate.push(piece)
    for (let open = gate.inquiries(); open.length > 0; open = gate.inquiries()) {
      for (const inquiry of open) {
        asked.add(inquiry.judge)
        reads += gate.settle(inquiry.id, answerOf(answers, inquiry) ?? { kind: 'opinions', opinions: [] })
      }
    }
  }
  const found = new Set(gate.watch.findings.list().map(({ rule }) => rule))
  const acting = (wanted: 'mask' | 'flag') =>
    [...plan.rules.entries()]
      .filter(([index, { action, agreed }]) => found.has(index) && (agreed ?? action) === wanted)
      .map(([, { id }]) => id)
  return { reads, by: gate.watch.cut?.by ?? [], masked: acting('mask'), flagged: acting('flag'), asked: [...asked].sort() }
}

function differences(plan: Plan, channel: ChannelKind, text: string, expected: Expected, got: Got): string[] {
  const reasons: string[] = []
  const prompt = isPrompt(channel)
  const { cut_by, blocked_by, masked_by, flagged_by, asked } = expected
  const [wanted, word] = prompt ? [blocked_by, 'blocked'] : [cut_by, 'cut']
  if (prompt && cut_by !== undefined) reasons.push('a prompt is not cut, it is blocked: write blocked_by')
  if (!prompt && blocked_by !== undefined) reasons.push('only a prompt can be blocked: write cut_by')
  reasons.push(...notBy(plan, wanted, word, got.by), ...notBy(plan, masked_by, 'masked', got.masked))
  reasons.push(...notBy(plan, flagged_by, 'flagged', got.flagged))
  if (wanted === undefined && got.by.length > 0) reasons.push(`${word} by ${got.by.join(', ')}, which the test does not expect`)
  if (asked !== undefined && [...asked].sort().join(' ') !== got.asked.join(' '))
    reasons.push(`asked of ${got.asked.join(', ') || 'no judge'} instead of ${asked.join(', ') || 'none'}`)
  const read = readsIn(expected, text)
  if (read !== undefined && !(prompt && got.by.length > 0) && read !== got.reads)
    reasons.push(`${prompt ? 'the model' : 'the reader'} gets another text`)
  return reasons
}

/** What is to be read; undefined where the test leaves it open: something of the text goes, and it does not say what stays. */
export function readsIn({ reads, cut_by, masked_by, blocked_by }: Expected, text: string): string | undefined {
  return reads ?? (cut_by === undefined && masked_by === undefined && blocked_by === undefined ? text : undefined)
}

function notBy(plan: Plan, wanted: readonly string[] | undefined, word: string, by: readonly string[]): string[] {
  const ids = [...plan.rules.map(({ id }) => id), ...plan.judges.map(({ name }) => name)]
  const missing = (wanted ?? []).filter((id) => !by.includes(id))
  return missing.map((id) => {
    if (ids.includes(id) || /^(?:\w+_)?most_chars$/.test(id)) return `${word} by ${by.join(', ') || 'nothing'} instead of ${id}`
    const meant = nearest(id, ids)
    return `there is no rule "${id}"${meant === undefined ? '' : `; did you mean ${meant}?`}`
  })
}
