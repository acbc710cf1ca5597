/** What a policy with something wrong in it is, for the tables of them: each row is what somebody will write one day. */

export interface BadPolicy {
  /** What the author did. */
  readonly slip: string
  readonly text: string
  /** Every problem, as `line:column message` or `line:column message | advice`; those in other files with the file before them. */
  readonly says: readonly string[]
  /** Further files by path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
}

/** A policy that is fine but for its one rule, whose lines begin with the file's fourth column. */
export function rule(...lines: string[]): string {
  return ['name: shop', 'rules:', ...lines.map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`)), ''].join('\n')
}
