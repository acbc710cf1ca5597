/** Where a node's attempts go with a unit of a class, remembered: the sets on its edges are asked once. */
import type { Merged } from './merged.ts'

const unknown = -1
/** A cell holds 0 for nowhere, a node below `unknown`, or where in the pool more than one are listed. */
const asCell = (target: number) => -2 - target

export class Follow {
  readonly #merged: Merged
  readonly #rowOf: Int32Array
  #cells = new Int32Array(0)
  #used = 0
  #pool: number[] = [0]

  constructor(merged: Merged) {
    this.#merged = merged
    this.#rowOf = new Int32Array(merged.ruleOf.length).fill(-1)
  }

  /** @returns a cell: 0 for nowhere, `-2 - target` for one target, else the place of a list for `each`. */
  cell(node: number, unitClass: number): number {
    const row = this.#rowOf[node]!
    if (row >= 0) {
      const cell = this.#cells[row + unitClass]!
      if (cell !== unknown) return cell
    }
    return this.#find(node, unitClass)
  }

  /** How many targets a list has; they follow its place. */
  listed(place: number): number {
    return this.#pool[place]!
  }

  target(place: number, index: number): number {
    return this.#pool[place + 1 + index]!
  }

  targets(node: number, unitClass: number): number[] {
    const cell = this.cell(node, unitClass)
    if (cell === 0) return []
    if (cell < 0) return [-2 - cell]
    return this.#pool.slice(cell + 1, cell + 1 + this.listed(cell))
  }

  #find(node: number, unitClass: number): number {
    const { classes, edgesAt, edges, sets, words } = this.#merged
    let row = this.#rowOf[node]!
    if (row < 0) {
      row = this.#used
      this.#used += classes
      if (this.#used > this.#cells.length) {
        const larger = new Int32Array(Math.max(classes * 64, this.#cells.length * 2)).fill(unknown)
        larger.set(this.#cells)
        this.#cells = larger
      }
      this.#rowOf[node] = row
    }
    const found: number[] = []
    for (let e = edgesAt[node]!; e < edgesAt[node + 1]!; e += 2)
      if ((sets[edges[e]! * words + (unitClass >> 5)]! >>> (unitClass & 31)) & 1) found.push(edges[e + 1]!)
    const cell =
      found.length === 0 ? 0 : found.length === 1 ? asCell(found[0]!) : this.#pool.push(found.length, ...found) - found.length - 1
    this.#cells[row + unitClass] = cell
    return cell
  }
}
