/** Asks the engine itself whether a term can be looked for, so that no second opinion can differ from it. */
import { type WordsSpec, wordsMatcher } from '../checks/words.ts'

const silent = { holds: false, stops: false }

/** Why the term cannot be looked for; undefined where it can. */
export function termFault(term: string, { fold, boundary }: Pick<WordsSpec, 'fold' | 'boundary'>): string | undefined {
  try {
    wordsMatcher([{ rule: 0, effect: silent, spec: { terms: [term], except: [], fold, boundary } }])
    return undefined
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
}
