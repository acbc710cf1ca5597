/** Every way in: endpoints whose answers are guarded, those that answer without a model's words, and those that stay shut. */
import type { Dialect } from '../terms/dialect.ts'
import { dialectFor, dialects } from './index.ts'

/** What becomes of a request; `dialect` has the shape in which its client expects errors. */
export type Door =
  | { readonly kind: 'guarded'; readonly dialect: Dialect }
  | { readonly kind: 'passed'; readonly dialect: Dialect }
  | { readonly kind: 'refused'; readonly dialect: Dialect; readonly reason: string }

/**
 * Answers without generated text, by the end of the path: lists of models, vectors, scores, counts, and the receipt of a
 * deletion. Names of models stand in them as they are; an escaped slash would let a name lead elsewhere.
 */
const passed: readonly (readonly [method: string, path: RegExp])[] = [
  ['GET', /\/models$/],
  ['GET', /\/models(?:\/[\w.:@-]+){1,4}$/],
  ['POST', /\/embeddings$/],
  ['POST', /\/moderations$/],
  ['POST', /\/messages\/count_tokens$/],
  ['POST', /\/responses\/input_tokens$/],
  ['POST', /\/(?:models|tunedModels)\/[\w.@-]+:(?:countTokens|embedContent|batchEmbedContents)$/],
  ['DELETE', /\/(?:responses|chat\/completions)\/[\w-]+$/],
]

/** What is kept at the provider is text that nobody has checked: what was cut or masked on its way out is whole there. */
const stored = 'is text that was kept by the provider and never checked; Sluice does not hand it out'

/** Why an endpoint stays shut, where there is more to say than that nobody knows it. */
const shut: readonly (readonly [path: RegExp, reason: string])[] = [
  [/\/responses\/[^/]+\/cancel$/, stored],
  [/\/(?:responses|chat\/completions)\/[^/]+/, stored],
  [/\/(?:conversations|threads)(?:\/|$)/, stored],
  [/\/batches(?:\/|$)|:batchGenerateContent$/, 'answers into a file that nobody checks: ask for each answer by itself'],
  [/\/realtime(?:\/|$)|BidiGenerateContent/, 'is a conversation in sound and events that Sluice cannot read'],
]

/** Whose clients ask for paths like these, and an endpoint of theirs that is guarded. */
const families: readonly (readonly [path: RegExp, endpoint: string])[] = [
  [/\/messages(?:\/|$)|\/complete$/, '/v1/messages'],
  [/\/responses(?:\/|$)|\/conversations(?:\/|$)/, '/v1/responses'],
  [/\/v1(?:alpha|beta)\d*\/|\/(?:models|tunedModels)\/[^/]+:\w+$/, '/v1beta/models/m:generateContent'],
]

/**
 * The door for a request. An endpoint nobody knows is refused, never passed on unread. The prompts of those that are
 * passed are not looked at: no answer is made of them.
 */
export function doorFor(method: string, pathname: string): Door {
  const guarded = dialectFor(method, pathname)
  if (guarded !== undefined) return { kind: 'guarded', dialect: guarded }
  const path = pathname.replace(/\/$/, '')
  const family = families.find(([of]) => of.test(path))?.[1]
  const dialect = (family && dialectFor('POST', family)) || (dialects[0] as Dialect)
  if (passed.some(([by, of]) => by === method && of.test(path))) return { kind: 'passed', dialect }
  const reason = shut.find(([of]) => of.test(path))?.[1] ?? 'is not an endpoint Sluice can guard'
  return { kind: 'refused', dialect, reason: `${method} ${pathname} ${reason}` }
}
