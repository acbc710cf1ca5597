/** What is probably a slip and yet says something: warned of, and stops nothing. */
import type { Path, PolicyDocument } from './document.ts'
import { isRecord } from './forms.ts'

/**
 * Warnings are added to the document's problems. Whoever puts the text in quotes has meant it, and is not warned.
 *
 * @param told places of which something worse was said already.
 */
export function suspect(document: PolicyDocument, told: readonly Path[]): void {
  const known = new Set(told.map((path) => path.join('\n')))
  for (const [path, text] of textsIn(document.value, [])) {
    const pattern = path.at(-1) === 'pattern' ? patternWarning(text) : undefined
    if (pattern !== undefined) document.problems.push({ ...document.problem(path, 'value', ...pattern), severity: 'warning' })
    const style = document.style(path)
    if (known.has(path.join('\n')) || (style !== 'plain' && style !== 'commented')) continue
    const warning = warningOf(text, path, style)
    if (warning !== undefined) document.problems.push({ ...document.problem(path, 'value', ...warning), severity: 'warning' })
  }
}

function* textsIn(value: unknown, path: Path): Generator<[path: Path, text: string]> {
  if (typeof value === 'string') yield [path, value]
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* textsIn(item, [...path, index])
  else if (isRecord(value)) for (const [key, part] of Object.entries(value)) yield* textsIn(part, [...path, key])
}

/** A pattern that is one, but not the one that is meant. */
function patternWarning(text: string): [message: string, advice: string] | undefined {
  const slashes = /^\/(.+)\/([dgimsuvy]*)$/s.exec(text)
  const [, inner = '', flags = ''] = slashes ?? []
  // A path between slashes is one.
  if (flags !== '' || /[\\[({|+*?]/.test(inner)) {
    return ['the slashes are part of the pattern', `write '${flags.includes('i') ? '(?i)' : ''}${inner}'`]
  }
  const [count] = /(?<!\\)\{,\d+\}/.exec(text) ?? []
  if (count !== undefined)
    return [
      `${count} counts nothing here, it is text`,
      `write ${count.replace(',', '0,')}; or ${count.replace('{', '\\{')} if it is meant`,
    ]
  if (/\[[^\]]*&&/.test(text)) return ['&& means nothing inside a class but itself', 'write what is left as one class']
  if (text.endsWith('\n'))
    return ['the pattern ends with a line end', 'write it in single quotes on one line, or after |- in place of |']
  return undefined
}

function warningOf(text: string, path: Path, style: 'plain' | 'commented'): [message: string, advice: string] | undefined {
  if (path.at(-1) === 'pattern' && style === 'commented')
    return ['what follows # is a comment, and no part of the pattern', `put the pattern in single quotes: '${text}'`]
  if (/^[“‘].*[”’]$/s.test(text))
    return ['typographic quotes are part of the text', `write "${text.slice(1, -1)}", or '${text}' if they are meant`]
  const inList = typeof path.at(-1) === 'number'
  if (inList && /[，、]/.test(text)) {
    const parts = text.split(/[，、]/).map((part) => part.trim())
    return ['commas of full width part nothing: this is one entry', `write ${parts.join(', ')}; or put it in quotes if it is one`]
  }
  return undefined
}
