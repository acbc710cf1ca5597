/** Counts what a suite finds and misses, class by class: printed short, and guarded so that no class falls. */
import { expect } from 'vitest'

interface Class {
  right: number
  all: number
  readonly missed: string[]
}

/** Misses of a class that are named; the rest are counted. */
const mostNamed = 24

export class Tally {
  readonly #title: string
  readonly #classes = new Map<string, Class>()

  constructor(title: string) {
    this.#title = title
  }

  count(of: string, right: boolean, what: string): void {
    const known = this.#classes.get(of) ?? { right: 0, all: 0, missed: [] }
    this.#classes.set(of, known)
    known.all += 1
    if (right) known.right += 1
    else known.missed.push(what)
  }

  /** Prints every class, and fails where one has fallen below its floor, has none, or is not there. */
  expectAtLeast(floors: Readonly<Record<string, number>>): void {
    const lines = [...this.#classes].map(([name, { right, all, missed }]) => {
      const more = missed.length > mostNamed ? [`… and ${missed.length - mostNamed} more`] : []
      const named = missed.length === 0 ? '' : `; missed: ${[...missed.slice(0, mostNamed), ...more].join(' | ')}`
      return `  ${name}: ${right} of ${all}${named}`
    })
    console.log([this.#title, ...lines].join('\n'))
    const fallen = [...this.#classes].filter(([name, { right, all }]) => right / all < (floors[name] ?? Infinity))
    expect(fallen.map(([name, { right, all }]) => `${name}: ${right} of ${all}`)).toEqual([])
    expect([...this.#classes.keys()].sort()).toEqual(Object.keys(floors).sort())
  }
}
