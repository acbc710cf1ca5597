/** Where the attempts of each group of a state began: the only thing of a text that its state does not say. */
import { registerMask } from './automaton.ts'

/** By group; a plain array, which is made sooner than a typed one. There is room for every register the table names. */
export type Registers = number[]

export const registers = (): Registers => Array<number>(registerMask + 1).fill(0)

/** Groups keep their order when they move; those that were -1 begin at this position. */
export function moveGroups(starts: Registers, from: ArrayLike<number>, groups: number, position: number): void {
  for (let group = 0; group < groups; group++) starts[group] = from[group]! < 0 ? position : starts[from[group]!]!
}
