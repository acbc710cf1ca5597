/** Where strings stand in a parsed frame, so that what was read can be written again. */

/** Where a segment's string stands, for writing another in its place. */
export interface Place {
  readonly slot: number
  readonly scope: string
  readonly text: string
  readonly holder: object
  readonly key: string | number
  /**
   * `key`: the text is the key itself. `void`: the string is spread over a structure that can only go as a whole.
   * `document`: the text is the JSON of what stands there. `tie`: there is no string, only something that holder goes with.
   */
  readonly sort: 'text' | 'copy' | 'key' | 'void' | 'document' | 'tie'
  readonly item: Item | undefined
}

/** A record in a list: goes when all it held was taken out. */
export interface Item {
  readonly members: unknown[]
  readonly index: number
  /** Where the list stands. */
  readonly holder: object
  readonly key: string | number
  readonly around: Item | undefined
}
