/** The words in which a slip is told: what a place is called, what stands there, and the way out. */
import type * as v from 'valibot'
import { spelledOut } from './columns.ts'
import type { Path } from './document.ts'
import { isRecord } from './forms.ts'
import { either, nearest, related } from './nearest.ts'
import { otherKeys, otherValues } from './other-words.ts'
import {
  actionsOf,
  branchesOf,
  choicesOf,
  descriptionOf,
  examplesOf,
  keysOf,
  type SchemaNode,
  unwrap,
  variantsOf,
} from './schema-node.ts'

/** What stands at a path, by its own name. */
export function nameOf(path: Path): string {
  const last = path.at(-1)
  if (last === undefined) return 'the policy'
  return typeof last === 'number' ? `entry ${last + 1} of ${nameOf(path.slice(0, -1))}` : last
}

/** What lacks a key. */
export function ownerOf(path: Path): string {
  const place = placeOf(path)
  if (place === 'judge') return `judge "${path.at(-1)}"`
  if (place === 'rule' || place === 'test') return `this ${place}`
  return typeof path.at(-1) === 'number' ? 'this entry' : nameOf(path)
}

/** Which part of a policy file an object is. */
function placeOf(path: Path): string {
  if (path.length === 0) return 'policy'
  if (path.length > 2) return String(path.at(-1))
  return { rules: 'rule', tests: 'test', judges: 'judge' }[path.length === 2 ? String(path[0]) : ''] ?? String(path.at(-1))
}

export function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (isRecord(value)) return 'a group of keys'
  // JSON has no word for what YAML writes .inf and .nan.
  const text = typeof value === 'number' ? String(value) : spelledOut(JSON.stringify(value))
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text
}

/** A way out of a key without a value. */
export function missingAdvice(schema: SchemaNode, written: string): string {
  if (/^#\S/.test(written)) return `what follows # is a comment; put text that begins with # in quotes: "${written}"`
  return `write one, or remove it. ${descriptionOf(schema)}`.trimEnd()
}

/** What to write where a key is needed and not there. */
export function absentAdvice(key: string, schema: SchemaNode): string {
  const choices = choicesOf(schema)
  if (choices.length > 0) return `add ${key}: it takes ${either(choices.map(String))}`
  const [example] = examplesOf(schema)
  const such = typeof example === 'string' ? `, such as ${key}: ${example}` : ''
  return `add ${key}${such}. ${descriptionOf(schema)}`
}

/** A way out of a key that is none. */
export function keyAdvice(key: string, value: unknown, path: Path, node: SchemaNode, root: SchemaNode): string {
  const known = Object.keys(node.entries ?? {})
  const bare = key.replace(/^[\s\u00a0\u3000]+|[\s\u00a0\u3000]+$/g, '')
  if (bare !== key) return 'the blank before it is no ordinary one: indent with the space bar, in half width'
  if (key === '<<') return 'merging is not in YAML 1.2: write the keys, or take over a whole value (words: *name)'
  if (/^-\w/.test(key)) return `put a blank after the dash: - ${key.slice(1)}: …`
  const fused = /^([\w.-]+):\s*(\S.*)$/s.exec(key)
  if (fused !== null && value === null) return `put an ordinary blank after the colon: ${fused[1]}: ${fused[2]}`
  const [before = '', after] = key.split('：')
  if (after !== undefined) return `put an ordinary colon and a blank after ${before}: "${before}: ${after.trim()}"`
  const quoted = /^[“”‘’「『](.+)[“”‘’」』]$/.exec(key)?.[1]
  if (quoted !== undefined) return `typographic quotes are part of the key; write ${quoted}`
  const other = said(otherKeys, placeOf(path), key)
  if (other !== undefined) return other
  const meant = nearest(key, known)
  if (meant !== undefined) return `did you mean ${meant}?`
  const inside = known.find((name) => keysOf(unwrap(node.entries?.[name] as SchemaNode)).includes(key))
  if (inside !== undefined) return `it belongs inside ${inside}: indent it below ${inside}:`
  const outside = ownersOf(key, path, root)
  const several = value === null ? '; several values stand in brackets: [ … ]' : ''
  return outside ?? `the keys here are ${known.join(', ')}${several}`
}

/** Objects have names by birth, and people write those too. */
function said(
  words: Readonly<Record<string, Readonly<Record<string, string>>>>,
  place: string,
  word: string,
): string | undefined {
  const known = Object.hasOwn(words, place) ? words[place] : undefined
  return known !== undefined && Object.hasOwn(known, word) ? known[word] : undefined
}

/** Whether a key belongs further out or elsewhere: then it stands too far to the right, or too far to the left. */
function ownersOf(key: string, path: Path, root: SchemaNode): string | undefined {
  for (let length = path.length - 1; length >= 0; length -= 1) {
    const around = schemaAt(root, path.slice(0, length))
    if (around !== undefined && keysOf(around).includes(key))
      return `it belongs to ${ownerOf(path.slice(0, length)).replace(/^this/, 'the')}: write it further to the left`
  }
  const list = (['rules', 'tests'] as const).find((name) =>
    keysOf(unwrap(root.entries?.[name] as SchemaNode).item as SchemaNode).includes(key),
  )
  return path.length === 0 && list !== undefined
    ? `it belongs to an entry of ${list}: write it further to the right, below its ${list === 'rules' ? 'id' : 'text'}`
    : undefined
}

function schemaAt(root: SchemaNode, path: Path): SchemaNode | undefined {
  return path.reduce<SchemaNode | undefined>((schema, step) => {
    const node = schema && unwrap(schema)
    return typeof step === 'number' ? node?.item : (node?.entries?.[step] ?? node?.value)
  }, root)
}

/** What a group of keys mostly is for: what somebody writes without its key is probably that. */
const mainKeys: Readonly<Record<string, string>> = {
  words: 'terms',
  ask: 'judge',
  where: 'category',
  on_cut: 'notice',
  on_block: 'message',
  hold: 'most_chars',
}

/** A way out where a list, a group of keys or a plain value stands in another's place. */
export function shapeAdvice(node: SchemaNode, value: unknown, path: Path, written: string): string {
  const last = String(path.at(-1))
  if (node.type === 'array') {
    if (isRecord(value)) {
      const [first = ''] = Object.keys(value)
      if (/^-\w/.test(first)) return `put a blank after each dash: - ${first.slice(1)}: …`
      if (last === 'rules' && typeof value['id'] === 'string') return `begin each rule with "- ": - id: ${value['id']}`
      return last === 'rules'
        ? `begin each rule with "- ", and write its name as its id: - id: ${first}`
        : 'begin each entry with "- "'
    }
    const parts =
      typeof value === 'string' && /[,，、]/.test(value) ? value.split(/[,，、]/).map((part) => part.trim()) : undefined
    return `put it in brackets: [${parts === undefined ? written : parts.join(', ')}]`
  }
  const fused = typeof value === 'string' ? /^([\w.-]+)\s*[:：]\s*(.*)/s.exec(value) : null
  if (fused !== null) return `put an ordinary colon and a blank after each key: ${fused[1]}: ${fused[2]?.split(/\s/)[0] ?? ''}`
  if (node.type === 'record') {
    const example = last === 'judges' ? 'guard: { kind: … }' : last === 'judge' ? 'guard: [ … ]' : 'name: …'
    return `write each by its name: ${example}${Array.isArray(value) ? ', without "- "' : ''}`
  }
  if (node.type === 'variant') {
    const kinds = [...new Set(variantsOf(node).flatMap(({ entries }) => choicesOf(entries?.[String(node.key)] as SchemaNode)))]
    const kind = typeof value === 'string' && kinds.includes(value) ? value : undefined
    return kind === undefined
      ? `begin with ${node.key}: it takes ${either(kinds.map(String))}`
      : `did you mean ${last}: { ${node.key}: ${kind} }?`
  }
  const main = Object.hasOwn(mainKeys, last) ? mainKeys[last] : undefined
  const keys = keysOf(node)
  if (main !== undefined && typeof value !== 'boolean' && !(Array.isArray(value) && value.some(isRecord))) {
    const inner = main === 'terms' && !Array.isArray(value) ? `[${written}]` : written
    if (inner.length < 60 && !inner.includes('\n')) return `did you mean ${last}: { ${main}: ${inner} }?`
  }
  return `${Array.isArray(value) ? 'remove the "- "; ' : ''}the keys are ${keys.join(', ')}`
}

/** A way out of a value that is of the right shape, but none that may stand there. */
export function valueAdvice(
  node: SchemaNode,
  value: unknown,
  issue: v.BaseIssue<unknown> | undefined,
  written: string,
  path: Path = [],
): string {
  const choices = choicesOf(node)
  if (choices.length > 0) return choiceAdvice(node, value, path, choices)
  switch (issue?.type) {
    case 'string':
      if (Array.isArray(value) || isRecord(value))
        return written.length < 60 && !written.includes('\n')
          ? `put it in quotes: ${quoted(written, path)}`
          : 'write one text, in quotes if it has signs of YAML in it'
      return `put it in quotes: ${quoted(written, path)}`
    case 'number':
    case 'integer':
    case 'min_value':
    case 'max_value':
      return numberAdvice(node, value)
    case 'non_empty':
      return 'write something, or remove it'
    case 'regex':
      return issue.message.startsWith('Invalid')
        ? 'use letters, digits, ".", "_" and "-", at most 100, beginning with a letter or digit'
        : issue.message
    default:
      return descriptionOf(node) || (issue?.message ?? '')
  }
}

function quoted(written: string, path: Path): string {
  return path.at(-1) === 'pattern' || /["\\]/.test(written) ? `'${written.replaceAll("'", "''")}'` : `"${written}"`
}

/** Beyond this many choices, a guess is followed by some of them only. */
const mostChoices = 16

function choiceAdvice(node: SchemaNode, value: unknown, path: Path, choices: readonly (string | number | boolean)[]): string {
  const names = choices.map(String)
  const keys = branchesOf(node).flatMap(keysOf)
  const given = typeof value === 'object' ? '' : String(value)
  const plain = given.replace(/^[“”‘’「『'"]+|[“”‘’」』'",]+$/g, '').trim()
  const key = path.findLast((step) => typeof step === 'string')
  const place = path.includes('on_fault') ? 'on_fault' : String(key)
  const other = said(otherValues, place, plain.toLowerCase())
  if (other !== undefined) return other + takes(names, keys, true)
  const exact = names.find((name) => name === plain)
  const near = exact ?? nearest(plain, names)
  const meant = plain === '' ? [] : near === undefined ? related(plain, names) : [near]
  const quotes = /^[“”‘’「『]/.test(given) ? ', without typographic quotes' : ''
  const guess = meant.length === 0 ? '' : `did you mean ${either(meant)}${quotes}? `
  return guess + takes(names, keys, meant.length > 0)
}

function takes(names: readonly string[], keys: readonly string[], guessed: boolean): string {
  if (guessed && names.length > mostChoices) return `it takes ${names.slice(0, mostChoices / 2).join(', ')} …`
  return `it takes ${either(keys.length > 0 ? [...names, `the keys ${keys.join(', ')}`] : names)}`
}

function numberAdvice(node: SchemaNode, value: unknown): string {
  const limit = (type: string) => actionsOf(node).find((action) => action.type === type)?.requirement
  const whole = limit('integer') !== undefined || actionsOf(node).some(({ type }) => type === 'integer')
  const [least, most] = [limit('min_value'), limit('max_value')]
  const range = most !== undefined ? ` from ${least} to ${most}` : least === 1 ? ' above zero' : least === 0 ? ' from 0 on' : ''
  const share = typeof value === 'string' ? /^([\d.]+)\s*%$/.exec(value)?.[1] : undefined
  const large = typeof value === 'number' && most === 1 && value >= 10 && value <= 100
  const instead = share !== undefined ? `${Number(share) / 100}` : large ? `${(value as number) / 100}` : undefined
  const quotes = typeof value === 'string' && instead === undefined ? ', without quotes or unit' : ''
  return `write a ${whole ? 'whole ' : ''}number${range}${instead === undefined ? '' : `, such as ${instead}`}${quotes}`
}
