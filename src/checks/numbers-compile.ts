/** From a policy's `number:` to the program that finds it. */
import type { PatternProgram } from '../text/pattern/program.ts'
import { type NumberName, numberKind } from './numbers.ts'
import { compilePattern } from './pattern-compile.ts'

/** @throws RangeError for a name there is no number of. */
export function compileNumber(name: NumberName): PatternProgram {
  const kind = numberKind(name)
  if (!kind) throw new RangeError(`there is no number called ${name}`)
  const { source, ...options } = kind
  return compilePattern(source, options)
}
