/** Finds what a program can get wrong in a definition; types do not reach callers in JavaScript, nor artifacts in a store. */
import { severities } from '../terms/action.ts'
import { channelKinds } from '../terms/channel.ts'
import type { RuleDefinition } from './definition.ts'
import { idForm, isRecord, languageForm, strangeKeys } from './forms.ts'
import { liftProblems } from './lifts.ts'
import { actions, boundaries, folds, modes, settingChoices } from './settings.ts'
import { judgedRuleProblems, judgeProblems } from './verify-judges.ts'

/** Longest text a mask may put in place of a span, in UTF-16 units: what masks write has to be bounded too. */
const mostReplacement = 1000

/** Names the gate gives to its own decisions where it otherwise names the rule that decided. */
export const reservedIds: ReadonlySet<string> = new Set(Object.keys(settingChoices.hold))

const ruleKeys: readonly (keyof RuleDefinition)[] = [
  ...(['id', 'action', 'with', 'mode', 'tags', 'severity', 'channels', 'lifts'] as const),
  ...(['words', 'pattern', 'number', 'judge', 'where', 'ask'] as const),
]

/** Everything that is wrong, in reading order; empty when nothing is. */
export function definitionProblems(definition: unknown): string[] {
  const problems: string[] = []
  if (!isRecord(definition)) return ['a definition is an object with rules']
  problems.push(...strangeKeys(definition, ['name', 'mode', 'settings', 'judges', 'rules'], 'the definition'))
  if (definition['name'] !== undefined && !isText(definition['name'])) problems.push('name is text and not empty')
  if (definition['mode'] !== undefined) checkChoice(definition['mode'], modes, 'mode', problems)
  if (definition['settings'] !== undefined) checkSettings(definition['settings'], settingChoices, 'settings', problems)
  problems.push(...judgeProblems(definition['judges']))
  const rules = definition['rules']
  if (!Array.isArray(rules)) return [...problems, 'rules is an array']
  const seen = new Set<unknown>()
  rules.forEach((rule: unknown, index) => {
    const id = isRecord(rule) ? rule['id'] : undefined
    const label = typeof id === 'string' ? `rule ${JSON.stringify(id)}` : `rule ${index + 1}`
    if (!isRecord(rule)) problems.push(`${label} is not an object`)
    else {
      checkRule(rule, definition['judges'], label, problems)
      for (const { message } of liftProblems(rule, rules)) problems.push(`${label}: ${message}`)
    }
    if (id !== undefined && seen.has(id)) problems.push(`${label} is defined twice; an id names one rule`)
    seen.add(id)
  })
  return problems
}

function checkRule(rule: Record<string, unknown>, judges: unknown, label: string, problems: string[]): void {
  const say = (text: string) => problems.push(`${label}: ${text}`)
  problems.push(...strangeKeys(rule, ruleKeys, label))
  const id = rule['id']
  if (typeof id !== 'string' || !idForm.test(id))
    say('id takes letters, digits, ".", "_" and "-", and begins with a letter or digit')
  else if (reservedIds.has(id)) say('the id is the name of a limit; choose another')
  checkChoice(rule['action'], actions, `${label}: action`, problems)
  if (rule['mode'] !== undefined) checkChoice(rule['mode'], modes, `${label}: mode`, problems)
  if (rule['severity'] !== undefined) checkChoice(rule['severity'], severities, `${label}: severity`, problems)
  const agreed = isRecord(rule['ask']) ? rule['ask']['then'] : undefined
  for (const problem of replacementProblems(agreed ?? rule['action'], rule['with'])) say(problem)
  if (rule['tags'] !== undefined && !isTextList(rule['tags'])) say('tags is an array of strings, none empty')
  const channels = rule['channels']
  if (channels !== undefined) {
    if (!Array.isArray(channels) || channels.length === 0) say('channels is an array with at least one kind of channel')
    else for (const channel of channels) checkChoice(channel, channelKinds, `${label}: channel`, problems)
  }
  for (const problem of judgedRuleProblems(rule, judges)) say(problem)
  const checks = ['words', 'pattern', 'judge'].filter((check) => rule[check] !== undefined)
  if (checks.length !== 1) say('a rule has one check: words, pattern or judge')
  else if (rule['judge'] !== undefined) return
  else if (rule['words'] !== undefined) checkWords(rule['words'], say, label, problems)
  else if (!isRecord(rule['pattern']) || rule['pattern']['format'] !== 1)
    say('pattern is a compiled pattern (compilePattern makes one), not its source')
  if (rule['number'] !== undefined && (rule['pattern'] === undefined || !isText(rule['number'])))
    say('number is the name of a compiled pattern, and goes with it')
}

function checkWords(words: unknown, say: (text: string) => void, label: string, problems: string[]): void {
  if (!isRecord(words)) return void say('words is an object with terms')
  problems.push(...strangeKeys(words, ['terms', 'except', 'fold', 'boundary'], `${label}: words`))
  if (!isTextList(words['terms']) || words['terms'].length === 0)
    say('terms is an array of at least one string, none of them blank')
  if (words['except'] !== undefined && !isTextList(words['except'])) say('except is an array of strings, none of them blank')
  if (words['fold'] !== undefined) checkChoice(words['fold'], folds, `${label}: fold`, problems)
  if (words['boundary'] !== undefined) checkChoice(words['boundary'], boundaries, `${label}: boundary`, problems)
}

/** What is wrong with `with`, given the action: shared with the schema of the policy file. */
export function replacementProblems(action: unknown, replacement: unknown): string[] {
  if (action !== 'mask') return replacement === undefined ? [] : ['with belongs to action: mask only']
  if (replacement === undefined) return ['action: mask needs with, the text that stands in place of what is masked']
  if (typeof replacement !== 'string') return ['with is text']
  if (replacement === '') return ['with is empty; a mask that leaves nothing would join the text around it into something new']
  if (!replacement.isWellFormed()) return ['with has half a surrogate pair']
  return replacement.length > mostReplacement ? [`with is longer than ${mostReplacement} units`] : []
}

function checkSettings(given: unknown, choices: object, path: string, problems: string[]): void {
  if (!isRecord(given)) return void problems.push(`${path} is an object`)
  problems.push(...strangeKeys(given, Object.keys(choices), path))
  for (const [field, choice] of Object.entries(choices)) {
    const value = given[field]
    const here = `${path}.${field}`
    if (value === undefined) continue
    if (Array.isArray(choice)) checkChoice(value, choice as string[], here, problems)
    else if (choice === 'count') {
      if (!Number.isSafeInteger(value) || (value as number) < 1) problems.push(`${here} is a whole number above zero`)
    } else if (choice === 'text') {
      if (!isText(value)) problems.push(`${here} is text and not empty`)
    } else if (choice === 'texts') {
      if (!isText(value) && !isSpoken(value)) problems.push(`${here} is text and not empty, or such a text for each language`)
    } else if (choice === 'yes or no') {
      if (typeof value !== 'boolean') problems.push(`${here} is true or false`)
    } else checkSettings(value, choice as object, here, problems)
  }
}

function checkChoice(value: unknown, choices: readonly string[], where: string, problems: string[]): void {
  if (!choices.includes(value as string)) problems.push(`${where} is one of ${choices.join(', ')}`)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.isWellFormed()
}

function isSpoken(value: unknown): boolean {
  if (!isRecord(value)) return false
  const texts = Object.entries(value)
  return texts.length > 0 && texts.every(([language, text]) => languageForm.test(language) && isText(text))
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText)
}
