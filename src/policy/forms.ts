/** Forms of values that every check of a definition asks for. */

/** Ids stand in trails, in headers and on command lines. */
export const idForm = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,99}$/u

export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
