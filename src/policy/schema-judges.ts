/** What a policy file may say of a judge: what every judge has, and beside it what its kind needs. */
import * as v from 'valibot'
import { judgeSchema } from '../judges/fields.ts'
import { faultActions, type faultKinds } from '../terms/judge.ts'
import { defaults } from './judges.ts'
import { count, field } from './schema-parts.ts'

const { stretch, most_ahead, timeout_ms, breaker, most_open, cache } = defaults
const onFault = v.picklist(faultActions)

/** Every judge has these, whatever its kind. */
export const commonJudgeFields = {
  stretch: field(
    v.union([
      v.literal('whole'),
      v.strictObject({
        first: field(
          count,
          `Least size of the first stretch, in characters (UTF-16 units). Default ${stretch.first}.`,
          stretch.first,
        ),
        grow_to: field(
          count,
          `Each stretch is larger than the one before, up to this size. Default ${stretch.grow_to}.`,
          stretch.grow_to,
        ),
        context: field(
          v.pipe(v.number(), v.integer(), v.minValue(0)),
          `How much of the text before a stretch is told with it. Default ${stretch.context}.`,
          stretch.context,
        ),
      }),
    ]),
    'How much text is judged at a time; a stretch ends where a sentence does. whole: once, at the end of the answer.',
    stretch,
    'whole',
  ),
  wait: field(
    v.picklist(['hold', 'trail']),
    'hold (default): text waits for the answer. trail: so much of it as most_ahead says goes ahead, and the answer is cut when the judge objects.',
  ),
  most_ahead: field(count, `With wait: trail, how many characters may go ahead. Default ${most_ahead}.`, most_ahead),
  timeout_ms: field(
    count,
    `Milliseconds after which no answer is a fault. Default ${timeout_ms}; hold.most_ms bounds it.`,
    timeout_ms,
  ),
  on_fault: field(
    v.union([
      onFault,
      v.strictObject({
        timeout: field(onFault, 'No answer in time. Default cut.'),
        refused: field(onFault, 'The judge would not judge: a wrong key, a wrong model. Default cut.'),
        busy: field(onFault, 'It asked for patience, or failed. Default cut.'),
        unreadable: field(onFault, 'It answered nonsense. Default cut.'),
      } satisfies Record<(typeof faultKinds)[number], unknown>),
    ]),
    'What is done where the judge fails: cut (default), forward the text unjudged, or forward and flag it; for all faults or each by itself.',
    'cut',
    { timeout: 'forward', refused: 'cut' },
  ),
  retry: field(v.boolean(), 'Whether it is asked once more where that is safe; never after a timeout. Default true.'),
  breaker: field(
    v.union([
      v.literal(false),
      v.strictObject({
        faults: field(count, `Faults in a row. Default ${breaker.faults}.`, breaker.faults),
        open_ms: field(count, `Milliseconds without asking. Default ${breaker.open_ms}.`, breaker.open_ms),
      }),
    ]),
    'After so many faults in a row the judge is not asked for a while, and on_fault decides at once. false: it is always asked.',
    breaker,
    false,
  ),
  most_open: field(
    count,
    `Questions to this judge that one instance has open at a time; more of them wait. Default ${most_open}.`,
    most_open,
  ),
  cache: field(
    v.union([
      v.boolean(),
      v.strictObject({
        seconds: field(count, `How long an answer is remembered. Default ${cache.seconds}.`, cache.seconds),
        most: field(count, `How many answers are remembered. Default ${cache.most}.`, cache.most),
      }),
    ]),
    'Remembers the answers to the same stretch after the same context. Default false.',
    cache,
    true,
  ),
}

export const judgeFileSchema = judgeSchema(commonJudgeFields)
