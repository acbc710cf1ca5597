/** Where the attempts of each group of a state began: the only thing of a text that its state does not say. */
export class Registers {
  starts = new Int32Array(8)

  copy(): Registers {
    const copy = new Registers()
    copy.starts = this.starts.slice()
    return copy
  }

  roomFor(groups: number): void {
    if (groups <= this.starts.length) return
    const larger = new Int32Array(groups * 2)
    larger.set(this.starts)
    this.starts = larger
  }

  /** Groups keep their order when they move; those that were -1 begin at this position. */
  move(from: ArrayLike<number>, groups: number, position: number): void {
    this.roomFor(groups)
    const { starts } = this
    for (let group = 0; group < groups; group++) starts[group] = from[group]! < 0 ? position : starts[from[group]!]!
  }
}
