/** Spellings that cannot be misread but that JavaScript's strict mode refuses, rewritten as it wants them. */

export interface Spelled {
  readonly source: string
  /** For each unit of the rewritten source, the index of the written one it stands for. */
  readonly at: readonly number[]
}

/** Signs that need no backslash; outside a class the hyphen is another. */
const needless = /[!"#%&',:;<=>@`~ _]/
const bareFlags = /\(\?([a-z]*(?:-[a-z]+)?)\)/y
const quantifier = /\{\d+(?:,\d*)?\}/y

/**
 * - A bare `(?i)`, as most engines have it, holds to the end of its group, over every alternative that follows:
 *   `a(?i)b|c` is `a(?i:b)|(?i:c)`.
 * - A backslash before a sign that needs none is dropped, and a lone `]`, `{` or `}` gets one.
 *
 * Whatever else is wrong is left for the parser to judge.
 */
export function spellStrictly(source: string): Spelled {
  const out: string[] = []
  const at: number[] = []
  const write = (text: string, index: number) => {
    for (const unit of text.split('')) {
      out.push(unit)
      at.push(index)
    }
  }
  const read = (expression: RegExp, index: number): RegExpExecArray | null => {
    expression.lastIndex = index
    return expression.exec(source)
  }
  const groups: string[][] = [[]]
  let inClass = false
  for (let i = 0; i < source.length; i++) {
    const unit = source.charAt(i)
    const flags = groups.at(-1) ?? []
    if (unit === '\\' && i + 1 < source.length) {
      const next = source.charAt(++i)
      if (!needless.test(next) && (next !== '-' || inClass)) write(unit, i - 1)
      write(next, i)
      // Braces of an escape such as \u{1f600} or \p{L} are no lone ones.
      const braced = 'uUpPk'.includes(next) ? /[{<][^}>]*[}>]/y : undefined
      const name = braced && read(braced, i + 1)
      if (name) {
        write(name[0], i + 1)
        i += name[0].length
      }
    } else if (inClass) {
      inClass = unit !== ']'
      write(unit, i)
    } else if (unit === '(') {
      const bare = read(bareFlags, i)
      if (bare?.[1]) {
        const opened = `(?${bare[1]}:`
        flags.push(opened)
        write(opened, i)
        i += bare[0].length - 1
      } else {
        groups.push([])
        write(unit, i)
      }
    } else if (unit === '|') {
      write(`${')'.repeat(flags.length)}|${flags.join('')}`, i)
    } else if (unit === ')') {
      write(')'.repeat(flags.length + 1), i)
      if (groups.length > 1) groups.pop()
    } else if (unit === '{') {
      const count = read(quantifier, i)?.[0] ?? '\\{'
      write(count, i)
      if (count !== '\\{') i += count.length - 1
    } else if (unit === ']' || unit === '}') {
      write(`\\${unit}`, i)
    } else {
      inClass = unit === '['
      write(unit, i)
    }
  }
  write(')'.repeat(groups.length === 1 ? (groups[0]?.length ?? 0) : 0), source.length)
  return { source: out.join(''), at: [...at, source.length] }
}
