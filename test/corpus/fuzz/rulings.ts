/** The policies that rule the fuzz's streams, and what none of their outputs may show. */
import { compilePattern } from '../../../src/checks/pattern-compile.ts'
import type { RuleDefinition, SettingsDefinition } from '../../../src/policy/definition.ts'
import { createPlan } from '../../../src/policy/plan.ts'
import type { Plan } from '../../../src/terms/plan.ts'
import { type Forbidden, secretPattern, secretWord } from './secrets.ts'

export interface Ruling {
  readonly name: string
  readonly plan: Plan
  readonly forbidden: Forbidden
}

const masked: RuleDefinition = { id: 'secret', action: 'mask', with: '#', pattern: compilePattern(secretPattern) }
const cut: RuleDefinition = { id: 'secret', action: 'cut', pattern: compilePattern(secretPattern) }
const word: RuleDefinition = { id: 'word', action: 'mask', with: '[…]', words: { terms: [secretWord], fold: 'loose' } }
const wordCut: RuleDefinition = { id: 'word', action: 'cut', words: { terms: [secretWord] } }
/** Finds much in ordinary answers, so that masks, holds and cuts come about without any secret. */
const ordinary: readonly RuleDefinition[] = [
  { id: 'often', action: 'mask', with: '***', words: { terms: ['the', 'is', 'of a', 'tion', '的'] } },
  { id: 'digits', action: 'mask', with: '[n]', pattern: compilePattern('[0-9][0-9 -]{6,30}[0-9]') },
]

const ruling = (
  name: string,
  forbidden: Forbidden,
  rules: readonly RuleDefinition[],
  settings: SettingsDefinition = {},
): Ruling => ({
  name,
  forbidden,
  plan: createPlan({ rules, settings }),
})

export const rulings: readonly Ruling[] = [
  ruling('mask', 'trace', [masked]),
  ruling('mask among others', 'trace', [masked, ...ordinary]),
  ruling('cut', 'trace', [cut]),
  ruling('cut with a notice', 'trace', [cut, ...ordinary], { on_cut: { notice: 'No.', notice_in: 'answer' } }),
  ruling('cut, ending in a refusal', 'trace', [cut], { on_cut: { ending: 'refusal', notice: 'No.', notice_in: 'refusal' } }),
  ruling('cut, ending as if done', 'trace', [cut], { on_cut: { ending: 'stop' } }),
  ruling('cut, ending in an error', 'trace', [cut], { on_cut: { ending: 'error' } }),
  ruling('reasoning held', 'trace', [masked], { reasoning: 'hold' }),
  ruling('strangers dropped', 'trace', [masked], { unknown: 'drop', media: { image: 'drop', audio: 'drop', file: 'drop' } }),
  ruling('strangers refused', 'trace', [cut], { unknown: 'refuse', media: { image: 'cut', audio: 'cut', file: 'cut' } }),
  ruling('small caps', 'trace', [masked, ...ordinary], { hold: { most_chars: 20, tool_most_chars: 60, answer_most_chars: 200 } }),
  ruling('the last word required', 'trace', [masked], { require_terminal: true }),
  ruling('a word masked', 'word', [word, ...ordinary]),
  ruling('a word cuts', 'word', [wordCut, ...ordinary]),
  ruling('no rules', 'nothing', []),
]
