/** Judges beside what their policy lets wait: one whose stretch does not fit would have clean answers cut, unasked. */
import { answerSide } from '../terms/channel.ts'
import type { StretchSize } from '../terms/judge.ts'
import type { RuleDefinition } from './definition.ts'
import type { Stack } from './extend.ts'
import type { PlacedJudge } from './judge-entries.ts'
import { settleJudge } from './judges.ts'
import { settle } from './settings.ts'

/** Problems are added to those of the documents. */
export function fitLimits(stack: Stack): void {
  for (const judge of stack.judges.values()) {
    inTime(stack, judge)
    if (holds(stack, judge.name)) withinReach(stack, judge)
  }
}

/** Of a pack's judge whoever sets `most_ms` above it has the last word. */
function inTime({ settings, documents }: Stack, { name, definition, document }: PlacedJudge): void {
  const written = settings.hold?.most_ms
  const { most_ms } = settle(settings).hold
  const timeout = definition?.timeout_ms
  if (timeout === undefined || timeout <= most_ms || (written !== undefined && document !== documents[0])) return
  document.problems.push(
    document.problem(
      ['judges', name, 'timeout_ms'],
      'value',
      `timeout_ms is longer than hold.most_ms, which is ${most_ms}${written === undefined ? ' unless told otherwise' : ''}`,
      'make hold.most_ms as long, or the timeout shorter: text waits no longer than hold.most_ms',
    ),
  )
}

/** What waits for a stretch's end waits against `most_chars`; whole bodies, prompts and tool calls have other limits. */
function withinReach({ settings }: Stack, { name, definition, document }: PlacedJudge): void {
  const written = settings.hold?.most_chars
  const { most_chars } = settle(settings).hold
  const largest = sizeOf(settleJudge(name, definition ?? {}).stretch)
  const say = (message: string, advice: string) =>
    definition?.stretch === undefined
      ? document.problem(['judges', name], 'key', message, advice)
      : document.problem(['judges', name, 'stretch'], 'value', message, advice)
  if (largest !== 'whole' && largest > most_chars)
    document.problems.push(
      say(
        `a stretch of ${largest} characters does not fit into hold.most_chars, which is ${most_chars}`,
        'make the stretches shorter, or raise hold.most_chars: an answer of which more waits is cut',
      ),
    )
  if (largest === 'whole' && written === undefined)
    document.problems.push({
      ...say(
        `a streamed answer longer than ${most_chars} characters is cut before judge "${name}" sees it whole`,
        'write hold: { most_chars: … } for the longest answer that may wait, or give stretch sizes',
      ),
      severity: 'warning',
    })
}

function sizeOf(stretch: StretchSize): number | 'whole' {
  return stretch === 'whole' ? stretch : Math.max(stretch.first, stretch.grow_to)
}

/** Whether text of an answer waits for it, be it for the judge's own opinion or for what it says of a finding. */
function holds({ file, rules }: Stack, name: string): boolean {
  const waits = ({ ask, judge, action, mode, channels = answerSide }: RuleDefinition): boolean =>
    (ask?.judge ?? judge) === name &&
    (ask?.then ?? action) !== 'flag' &&
    mode !== 'shadow' &&
    channels.some((kind) => kind === 'answer' || kind === 'reasoning' || kind === 'refusal')
  return file.mode !== 'shadow' && [...rules.values()].some(({ definition }) => waits(definition))
}
