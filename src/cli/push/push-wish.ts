/** What a command line of `sluice push` asks for, or what cannot be meant by it. */
import type { CanaryBy } from '../../policy/manifest.ts'
import { UsageError } from '../command.ts'

export type Wish =
  | { readonly kind: 'list'; readonly name: string | undefined }
  | { readonly kind: 'rollback'; readonly name: string; readonly to: string }
  | { readonly kind: 'end'; readonly name: string }
  | { readonly kind: 'current' | 'shadow'; readonly name: string | undefined }
  | { readonly kind: 'canary'; readonly name: string | undefined; readonly share: number; readonly by: CanaryBy }

/** The options as they are given. */
export interface Given {
  readonly as?: string
  readonly canary?: string
  readonly by?: string
  readonly shadow?: boolean
  readonly end?: boolean
  readonly rollback?: string
  readonly list?: boolean
}

/** @throws UsageError */
export function readWish({ as: name, canary, by, shadow, end, rollback, list }: Given, files: readonly string[]): Wish {
  const kinds = [canary !== undefined, shadow, end, rollback !== undefined, list].filter(Boolean).length
  if (kinds > 1) throw new UsageError('one at a time of --canary, --shadow, --end, --rollback and --list')
  if (name !== undefined && !/^[A-Za-z0-9][\w.-]{0,99}$/.test(name))
    throw new UsageError('a name has letters, digits, ".", "_" and "-"')
  if (by !== undefined && canary === undefined) throw new UsageError('--by says how a canary is drawn: give --canary as well')
  if (list || end || rollback !== undefined) {
    if (files.length > 0) throw new UsageError('this takes no policy: what rules is in the store already')
    if (list) return { kind: 'list', name }
    if (name === undefined) throw new UsageError('say with --as NAME which policy is meant')
    return rollback === undefined ? { kind: 'end', name } : { kind: 'rollback', name, to: rollback }
  }
  if (files.length === 0) throw new UsageError('name at least one policy file')
  if (files.length > 1 && name !== undefined) throw new UsageError('only one policy can rule under a name')
  if (canary === undefined) return { kind: shadow ? 'shadow' : 'current', name }
  if (by !== undefined && by !== 'client' && by !== 'request') throw new UsageError('--by takes client or request')
  return { kind: 'canary', name, share: shareOf(canary), by: by ?? 'client' }
}

/** @throws UsageError */
function shareOf(text: string): number {
  const [, number = '', percent] = /^(\d{1,3}(?:\.\d+)?)\s*(%?)$/.exec(text) ?? []
  const share = percent === '%' ? Number(number) / 100 : Number(number)
  if (number === '' || share > 1) throw new UsageError('--canary takes a share, such as 5% or 0.05')
  return share
}
