/** Which rules are followed outside the automaton for a while. */

export interface Off {
  /** Their indices, ascending. */
  readonly key: string
  /** 1 at the index of each. */
  readonly flags: Uint8Array | undefined
}

export const noneOff: Off = { key: '', flags: undefined }

/** @returns the rules with these ones switched off (or on again). */
export function switched(off: Off, rules: readonly number[], on: boolean, count: number): Off {
  const flags = off.flags?.slice() ?? new Uint8Array(count)
  for (const rule of rules) flags[rule] = on ? 0 : 1
  const key = [...flags.keys()].filter((rule) => flags[rule] === 1).join()
  return key === '' ? noneOff : { key, flags }
}
