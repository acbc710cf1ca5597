/** Tells whoever waits how far a long work is: a bar on a terminal, nothing anywhere else. */
import type { Terminal } from './terminal.ts'

/** Milliseconds between two drawings. */
const pace = 100
const cells = 24

export class Progress {
  readonly #terminal: Terminal
  readonly #label: string
  readonly #total: number
  #done = 0
  #drawn = performance.now()

  /** @param total of what `add` counts; 0 where nobody knows. */
  constructor(terminal: Terminal, label: string, total: number) {
    this.#terminal = terminal
    this.#label = label
    this.#total = total
  }

  add(amount: number): void {
    this.#done += amount
    if (this.#terminal.show === undefined || performance.now() - this.#drawn < pace) return
    this.#drawn = performance.now()
    this.#terminal.show(barOf(this.#label, this.#done, this.#total))
  }

  /** The work is over: the bar goes. */
  end(): void {
    this.#terminal.show?.('')
  }
}

/** `replaying  ████████░░░░░░░░  33 %`; without a total only that something goes on. */
export function barOf(label: string, done: number, total: number): string {
  if (total <= 0) return `${label}  ${done}`
  const share = Math.min(1, done / total)
  const full = Math.floor(share * cells)
  return `${label}  ${'█'.repeat(full)}${'░'.repeat(cells - full)}  ${Math.floor(share * 100)} %`
}
