/** Runs one of a policy's own tests through the gate at every split, and tells where it does not come out as it says. */
import { TextGate } from '../gate/text-gate.ts'
import type { PolicyTest } from '../policy/index.ts'
import { nearest } from '../policy/nearest.ts'
import { type Channel, type ChannelKind, channelKinds } from '../terms/channel.ts'
import type { Plan } from '../terms/plan.ts'
import { type Answers, answerOf, readAnswers } from './answers.ts'

/** How the text came: `units` one UTF-16 unit at a time, `two` in two pieces that meet at `at`. */
export type TestSplit = { readonly kind: 'whole' } | { readonly kind: 'units' } | { readonly kind: 'two'; readonly at: number }

export interface Expected {
  readonly reads?: string
  readonly cut_by?: string
  readonly blocked_by?: string
}

export interface Got {
  readonly reads: string
  /** Ids of the rules that cut, or block. */
  readonly by: readonly string[]
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

/** @throws CommandError `answers_invalid`, where what judges say in it is no answer. */
export function runTest(plan: Plan, test: PolicyTest, name: string): TestResult {
  const expected: Expected = Object.fromEntries(
    ['reads', 'cut_by', 'blocked_by'].filter((key) => typeof test[key] === 'string').map((key) => [key, test[key]]),
  )
  const channel = subjectOf(test, expected)
  const text = String(test[channel] ?? '')
  const answers = readAnswers(test['judge'] ?? {}, name)
  let splits = 0
  for (const split of splitsOf(text)) {
    splits += 1
    const { got, silent } = outcome(plan, channel, piecesAt(text, split), answers)
    const unsaid = silent.map(
      (judge) => `the judge "${judge}" is asked, and the test does not say what it answers: add judge: { ${judge}: [] }`,
    )
    const reasons = [...unsaid, ...differences(plan, channel, text, expected, got)]
    if (reasons.length > 0) return { channel, text, expected, splits, failure: { split, got, reasons } }
  }
  return { channel, text, expected, splits }
}

/** A prompt beside an answer is what the answer was given to; alone, or where it is to be blocked, it is what is tested. */
function subjectOf(test: PolicyTest, { blocked_by }: Expected): ChannelKind {
  const given = channelKinds.filter((kind) => typeof test[kind] === 'string')
  const prompts = given.filter((kind) => kind.startsWith('prompt'))
  const others = given.filter((kind) => !kind.startsWith('prompt'))
  return (blocked_by === undefined ? (others[0] ?? prompts[0]) : prompts[0]) ?? 'answer'
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

function outcome(plan: Plan, kind: ChannelKind, pieces: readonly string[], answers: Answers): { got: Got; silent: string[] } {
  const isCall = kind === 'tool_input'
  const channel: Channel = { name: kind, scope: '0', kind, ...(isCall && { json: true, atomic: true }) }
  const gate = new TextGate(plan, channel, 'hear')
  const silent = new Set<string>()
  let reads = ''
  for (const piece of [...pieces, undefined]) {
    reads += piece === undefined ? gate.end() : gate.push(piece)
    for (let asked = gate.inquiries(); asked.length > 0; asked = gate.inquiries()) {
      for (const inquiry of asked) {
        const answer = answerOf(answers, inquiry)
        if (answer === undefined) silent.add(inquiry.judge)
        reads += gate.settle(inquiry.id, answer ?? { kind: 'opinions', opinions: [] })
      }
    }
  }
  return { got: { reads, by: gate.watch.cut?.by ?? [] }, silent: [...silent] }
}

function differences(plan: Plan, channel: ChannelKind, text: string, expected: Expected, { reads, by }: Got): string[] {
  const reasons: string[] = []
  const isPrompt = channel.startsWith('prompt')
  const [wanted, word] = isPrompt ? [expected.blocked_by, 'blocked'] : [expected.cut_by, 'cut']
  const misplaced = isPrompt ? expected.cut_by : expected.blocked_by
  if (misplaced !== undefined)
    reasons.push(isPrompt ? 'a prompt is not cut, it is blocked: write blocked_by' : 'only a prompt can be blocked: write cut_by')
  if (wanted !== undefined && !by.includes(wanted)) reasons.push(notBy(plan, wanted, word, by))
  if (wanted === undefined && by.length > 0) reasons.push(`${word} by ${by.join(', ')}, which the test does not expect`)
  // Where a test says nothing of what is read, the text is to pass as it is; of what is cut or blocked it need not say.
  const read = expected.reads ?? (wanted === undefined && by.length === 0 ? text : undefined)
  if (read !== undefined && !(isPrompt && by.length > 0) && read !== reads)
    reasons.push(`${isPrompt ? 'the model' : 'the reader'} gets another text`)
  return reasons
}

function notBy(plan: Plan, wanted: string, word: string, by: readonly string[]): string {
  const ids = [...plan.rules.map(({ id }) => id), ...plan.judges.map(({ name }) => name)]
  if (!ids.includes(wanted) && !/^\w+_most_chars$|^most_chars$/.test(wanted)) {
    const meant = nearest(wanted, ids)
    return `there is no rule "${wanted}"${meant === undefined ? '' : `; did you mean ${meant}?`}`
  }
  return `${word} by ${by.length === 0 ? 'nothing' : by.join(', ')} instead of ${wanted}`
}
