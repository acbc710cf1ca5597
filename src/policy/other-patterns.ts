/** Constructs that other tools' regular expressions have and these have not, and how the same is written here. */

/** What is looked for, and what to say of it. */
type Spelling = readonly [construct: RegExp, advice: (found: RegExpExecArray) => string]

const spellings: readonly Spelling[] = [
  [/\(\?>/g, () => 'write (?:…): no way of matching is tried twice as it is'],
  [/[*+?}]\+/g, () => 'leave the second + out: no way of matching is tried twice as it is'],
  [/\(\?#[^)]*\)?/g, () => 'write notes as comments of the file, after a #'],
  [/\(\?[a-z]*x[a-z]*[:)]/g, () => 'write the pattern without blanks and notes; i, m and s are the flags there are'],
  [/\(\?'(\w+)'/g, ([, name]) => `write (?<${name}>…) or (?:…)`],
  [/\(\?\|/g, () => 'write (?:…|…)'],
  [/\(\?(?:R|\d+|&\w+|P>\w+)\)/g, () => 'a pattern cannot call itself: spell out as many levels as are meant'],
  [/\(\?\(/g, () => 'there are no conditions: write both ways, (?:…|…)'],
  [/\\[pP]\{(?:Is|In)?(\w+)\}/g, ([whole, name = '']) => propertyAdvice(whole.slice(0, 2), name)],
  [/\\([pP])([A-Z])(?!\w*\})/g, ([, letter, kind]) => `write \\${letter}{${kind}}`],
  [/\\h/g, () => 'write [ \\t]'],
  [/\\R/g, () => 'write \\r?\\n'],
  [/\\e/g, () => 'write \\x1b'],
  [/\\K/g, () => 'write what stands before it as a look-behind: (?<=…)'],
  [/\\Q/g, () => 'escape each sign that needs it by itself'],
  [/\\[mMyY]/g, () => 'write \\b where a word begins or ends'],
]

/**
 * @param at where the pattern was refused, in UTF-16 units of its source.
 * @returns what to write in the place of the construct that stands there; undefined where none of another tool does.
 */
export function otherSpelling(source: string, at: number): string | undefined {
  for (const [construct, advice] of spellings)
    for (const found of source.matchAll(construct))
      if (found.index <= at && at <= found.index + found[0].length) return advice(found)
  return undefined
}

/** Elsewhere a script's name alone will do. */
function propertyAdvice(start: string, name: string): string {
  try {
    new RegExp(`\\p{Script=${name}}`, 'u')
    return `write ${start}{Script=${name}}`
  } catch {
    return 'there is no such property: scripts are written \\p{Script=Han}, kinds of character \\p{L}, \\p{Lu}, \\p{Nd}'
  }
}
