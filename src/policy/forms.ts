/** Forms of values that every check of a definition asks for. */

/** Ids stand in trails, in headers and on command lines. */
export const idForm = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,99}$/u

/** The form of a language tag (BCP 47), as far as notices need it. */
export const languageForm = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/

export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** What is wrong with the keys of a group that only knows some. */
export function strangeKeys(group: Record<string, unknown>, known: readonly string[], where: string): string[] {
  const strange = Object.keys(group).filter((key) => !known.includes(key))
  return strange.map((key) => `${where} has no ${JSON.stringify(key)}; it takes ${known.join(', ')}`)
}
