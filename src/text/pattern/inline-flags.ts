/** `(?i)` on its own is how most engines spell a flag; JavaScript has only `(?i:…)`, so the one is rewritten as the other. */

export interface Spread {
  readonly source: string
  /** For each unit of the rewritten source, the index of the written one it stands for. */
  readonly at: readonly number[]
}

/**
 * A bare `(?flags)` holds to the end of its group, over every alternative that follows: `a(?i)b|c` is `a(?i:b)|(?i:c)`.
 * What is no such flag is left alone, and so left to the parser to judge.
 */
export function spreadFlags(source: string): Spread {
  const out: string[] = []
  const at: number[] = []
  const write = (text: string, index: number) => {
    for (const unit of text.split('')) {
      out.push(unit)
      at.push(index)
    }
  }
  const groups: string[][] = [[]]
  const flag = /\(\?([a-z]*(?:-[a-z]+)?)\)/y
  let inClass = false
  for (let i = 0; i < source.length; i++) {
    const unit = source.charAt(i)
    const flags = groups.at(-1) ?? []
    flag.lastIndex = i
    const bare = inClass || unit !== '(' ? null : flag.exec(source)
    if (bare?.[1]) {
      const opened = `(?${bare[1]}:`
      flags.push(opened)
      write(opened, i)
      i += bare[0].length - 1
    } else if (unit === '\\' && i + 1 < source.length) {
      write(unit, i)
      write(source.charAt(i + 1), i + 1)
      i++
    } else if (inClass) {
      inClass = unit !== ']'
      write(unit, i)
    } else if (unit === '|') {
      write(`${')'.repeat(flags.length)}|${flags.join('')}`, i)
    } else if (unit === ')') {
      write(')'.repeat(flags.length + 1), i)
      if (groups.length > 1) groups.pop()
    } else {
      if (unit === '(') groups.push([])
      inClass = unit === '['
      write(unit, i)
    }
  }
  write(')'.repeat(groups.length === 1 ? (groups[0]?.length ?? 0) : 0), source.length)
  return { source: out.join(''), at: [...at, source.length] }
}
