/** What a policy says besides its rules: the choices for each setting, and what holds when it says nothing. */
import type { WordsSpec } from '../checks/words.ts'
import type { Action } from '../terms/action.ts'
import type { OnBlock, OnCut, Settings, Spoken } from '../terms/plan.ts'
import type { Localised, SettingsDefinition } from './definition.ts'

export const modes = ['enforce', 'shadow'] as const
export const actions = ['flag', 'mask', 'cut', 'ask', 'allow'] as const
/** What may be done where a judge that was asked agrees. */
export const agreements = ['mask', 'cut', 'flag'] as const satisfies Action[]
export const folds = ['none', 'case', 'loose'] as const satisfies WordsSpec['fold'][]
export const boundaries = ['none', 'word'] as const satisfies WordsSpec['boundary'][]

/** Texts in several languages stand in a definition where their text does. */
type Choices<Group> = { readonly [Field in Exclude<keyof Group, 'notices' | 'messages'>]: Choice<Group[Field]> }
type Choice<Value> = [Value] extends [string]
  ? readonly Value[] | 'text' | 'texts'
  : [Value] extends [number]
    ? 'count'
    : [Value] extends [boolean]
      ? 'yes or no'
      : Choices<Value>

/** The values each setting takes. `count` is a whole number above zero, `text` may be anything but empty, `texts` be given by language too. */
export const settingChoices = {
  release: ['exact', 'sentence'],
  hold: {
    most_chars: 'count',
    tool_most_chars: 'count',
    answer_most_chars: 'count',
    most_ms: 'count',
    at_cap: ['cut', 'forward'],
  },
  on_cut: {
    ending: ['native', 'refusal', 'stop', 'error'],
    notice: 'texts',
    notice_in: ['answer', 'refusal', 'none'],
  },
  on_block: { as: ['native', 'error', 'answer'], message: 'texts' },
  unknown: ['check', 'drop', 'refuse'],
  media: { image: ['pass', 'cut', 'drop'], audio: ['pass', 'cut', 'drop'], file: ['pass', 'cut', 'drop'] },
  reasoning: ['cut', 'hold'],
  prompt: { overlap: 'yes or no', turns: ['last', 'all'] },
  require_terminal: 'yes or no',
} as const satisfies Choices<Settings>

/**
 * `ending: native` tells clients what happened. `notice_in: none`: a notice inside the answer is text the model never wrote;
 * it enters the conversation's history and cannot be told from the model's words, so somebody has to want it. Whoever
 * writes a `notice` of their own and no `notice_in` does: it is shown in the answer.
 */
export const defaultSettings: Settings = {
  release: 'exact',
  hold: { most_chars: 4000, tool_most_chars: 262_144, answer_most_chars: 400_000, most_ms: 8000, at_cap: 'cut' },
  on_cut: { ending: 'native', notice: "I can't continue with that.", notice_in: 'none' },
  on_block: { as: 'native', message: "This request can't be answered." },
  unknown: 'check',
  media: { image: 'pass', audio: 'cut', file: 'drop' },
  reasoning: 'cut',
  prompt: { overlap: true, turns: 'last' },
  require_terminal: false,
}

/** Fills in what a definition leaves out. */
export function settle(given: SettingsDefinition = {}): Settings {
  const base = defaultSettings
  const notice_in = given.on_cut?.notice === undefined ? base.on_cut.notice_in : 'answer'
  return {
    release: given.release ?? base.release,
    hold: { ...base.hold, ...given.hold },
    on_cut: { ...base.on_cut, notice_in, ...given.on_cut, ...cutNotice(given.on_cut?.notice) },
    on_block: { ...base.on_block, ...given.on_block, ...blockMessage(given.on_block?.message) },
    unknown: given.unknown ?? base.unknown,
    media: { ...base.media, ...given.media },
    reasoning: given.reasoning ?? base.reasoning,
    prompt: { ...base.prompt, ...given.prompt },
    require_terminal: given.require_terminal ?? base.require_terminal,
  }
}

function cutNotice(given: Localised = defaultSettings.on_cut.notice): Pick<OnCut, 'notice' | 'notices'> {
  if (typeof given === 'string') return { notice: given }
  const notices = spoken(given)
  return { notice: notices[0]?.text ?? '', notices }
}

function blockMessage(given: Localised = defaultSettings.on_block.message): Pick<OnBlock, 'message' | 'messages'> {
  if (typeof given === 'string') return { message: given }
  const messages = spoken(given)
  return { message: messages[0]?.text ?? '', messages }
}

function spoken(given: Readonly<Record<string, string>>): Spoken[] {
  return Object.entries(given).map(([language, text]) => ({ language, text }))
}
