/** Strings that are no text, told by their form. */
import { voice } from './shape.ts'

/** An id or a model's name may be this long, in UTF-16 units; a longer one is looked at as text. */
export const longestMetadata = 1024

/** No blank, and nothing beyond ASCII. */
export const token = /^[!-~]*$/

/** Base64 in either alphabet, with or without the head of a data address. */
export const base64 = /^(?:data:[\w.+-]+\/[\w.+-]+(?:;[\w=.+-]+)*;base64,)?[A-Za-z0-9+/_-]*={0,3}$/

/**
 * Whether what is declared to be no text can be taken for none: an id, a name, padding. Only that do frames of ours repeat of
 * the upstream's: what reads like a sentence was text, and may have been masked where it came.
 */
export function isCode(text: string): boolean
export function isCode(value: unknown): value is string
export function isCode(value: unknown): boolean {
  return typeof value === 'string' && value.length <= longestMetadata && token.test(value)
}

/** Keys that may stand in a channel's name: names are told to operators, text is not. */
export const identifier = /^[A-Za-z_$][\w$-]{0,63}$/

/** The path of a field; what no program would use as a name stays out of it. */
export function below(path: string, name: string): string {
  const step = name === '{}' || identifier.test(name) ? name : '{}'
  return path === '' ? step : `${path}.${step}`
}

/** Metadata that is no code: looked at, but never a stranger that a policy turns away. */
export const sentence = voice('answer', { tail: 'metadata' })
