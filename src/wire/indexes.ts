/** Reads the numbers by which frames say which choice, call, block or part they are about. */
import { SluiceError } from '../errors.ts'

/**
 * The index, or undefined where none is given. ProtoJSON writes numbers as strings too.
 *
 * @throws SluiceError `unreadable_frame` where it is anything else: clients keep apart what has different names, whatever they
 * are, and what was read as one text would be two to them.
 */
export function indexOf(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const index = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  if (Number.isSafeInteger(index) && (index as number) >= 0) return index as number
  throw new SluiceError('unreadable_frame', 'an index is no whole number')
}
