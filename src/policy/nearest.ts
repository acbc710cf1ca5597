/** Guesses what a mistyped name was meant to be. */

/** The choice fewest slips away from `name`, or undefined where none is near enough to be meant. */
export function nearest(name: string, choices: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(name.length / 3))
  let best: string | undefined
  let fewest = most + 1
  for (const choice of choices) {
    const count = slips(name.toLowerCase(), choice.toLowerCase(), fewest)
    if (count < fewest) {
      best = choice
      fewest = count
    }
  }
  return best
}

/** Those that share a word with `name`, as `payment_card` does with `credit-card`; none if the word says too little. */
export function related(name: string, choices: readonly string[]): readonly string[] {
  const words = new Set(name.toLowerCase().split(/[^a-z0-9]+/))
  const found = choices.filter((choice) => choice.split(/[_-]/).some((word) => words.has(word)))
  return found.length > 4 ? [] : found
}

/** Letters left out, added, mistaken, or two changed over: each counts one. Stops counting at `enough`. */
function slips(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let count = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + same)
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) count = Math.min(count, (before[j - 2] ?? 0) + 1)
      row.push(count)
    }
    before = above
    above = row
  }
  return above[b.length] ?? enough
}

/** `a, b or c`, for advice. */
export function either(choices: readonly string[]): string {
  return choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`
}
