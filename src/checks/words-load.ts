/** Words rules as bytes that load by putting views on them, without the tables of characters that compiling needs. */
import { SluiceError } from '../errors.ts'
import type { Matcher } from '../terms/matcher.ts'
import type { TableLimits } from '../text/branch-table.ts'
import { Halves } from '../text/halves.ts'
import type { SearchedRule } from '../text/judge.ts'
import { PackError, pack, unpack } from '../text/pack.ts'
import { Reading } from '../text/reading.ts'
import { flatLength, fromFlat, openerOf, toFlat, type ViewTables } from '../text/views.ts'

/** Words rules compiled: all that a matcher needs. */
export interface WordsTables {
  readonly rules: readonly SearchedRule[]
  readonly views: readonly ViewTables[]
}

/**
 * One matcher over compiled rules, shared by all texts: nothing that is told hangs on what it remembers.
 *
 * @param limits of what it remembers of disguised texts.
 */
export function matcherOf({ rules, views }: WordsTables, limits?: TableLimits): Matcher {
  const openers = views.map((tables) => openerOf(tables, limits))
  const samples = openers.map((open) => open())
  const halves = new Halves((codePoint) => samples.map((view) => view.likeness(codePoint)).join('|'))
  return {
    open: (stopAt = 'stops') =>
      new Reading(
        rules,
        openers.map((open) => open()),
        halves,
        stopAt,
      ),
  }
}

/** The compiled rules as one flat buffer, rule numbers and effects included. */
export function packTables({ rules, views }: WordsTables): Uint8Array {
  const told = Uint32Array.from(
    rules.flatMap(({ rule, holds, stops, allows }) => [rule, (holds ? 1 : 0) + (stops ? 2 : 0) + (allows ? 4 : 0)]),
  )
  return pack([told, ...views.flatMap(toFlat)])
}

/**
 * The matcher of a packed buffer, which stays in use: its bytes must not change.
 *
 * @throws SluiceError `plan_unreadable` where the bytes are damaged, cut short or of another version.
 */
export function loadWords(bytes: Uint8Array): Matcher {
  return matcherOf(unpackTables(bytes))
}

function unpackTables(bytes: Uint8Array): WordsTables {
  try {
    const [told, ...arrays] = unpack(bytes)
    if (!(told instanceof Uint32Array) || arrays.length % flatLength !== 0) throw new PackError('compiled terms are damaged')
    const rules: SearchedRule[] = []
    for (let index = 0; index < told.length; index += 2) {
      const effect = told[index + 1] as number
      rules.push({
        rule: told[index] as number,
        holds: (effect & 1) === 1,
        stops: (effect & 2) === 2,
        allows: (effect & 4) === 4,
      })
    }
    const views: ViewTables[] = []
    for (let at = 0; at < arrays.length; at += flatLength) views.push(fromFlat(arrays.slice(at, at + flatLength)))
    return { rules, views }
  } catch (error) {
    if (error instanceof PackError) throw new SluiceError('plan_unreadable', error.message, { cause: error })
    throw error
  }
}
