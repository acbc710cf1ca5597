/** From a policy's regular expression to the program the `pattern` check runs; whatever could not be honoured exactly is refused. */
import { type AST, RegExpParser, RegExpSyntaxError } from '@eslint-community/regexpp'
import { JS } from 'refa'
import { isDistinct } from '../text/pattern/distinct.ts'
import { PatternError } from '../text/pattern/problem.ts'
import type { PatternProgram } from '../text/pattern/program.ts'
import { spellStrictly } from '../text/pattern/spelling.ts'
import { atCodePoint, choice, codePoint, endlessAt, look, sequence, type Tree, unit } from '../text/pattern/tree.ts'
import { unfold } from '../text/pattern/unfold.ts'
import { everyUnit, lineEnds, wordSet } from '../text/pattern/units.ts'

export { PatternError } from '../text/pattern/problem.ts'

export interface PatternOptions {
  /** Longest span looked for, in UTF-16 units: for each end, the earliest start no further away. Required where the pattern has no end. */
  readonly most?: number
  /** Any of `i`, `m`, `s`; the same may be written into the pattern, as `(?i)` or `(?i:…)`. `u` is always on. */
  readonly flags?: string
  /** Name of a check that a candidate's text must pass as well. */
  readonly check?: string
}

/** @throws PatternError for everything that is no regular expression or could not be matched exactly, in linear time. */
export function compilePattern(source: string, { most, flags = '', check }: PatternOptions = {}): PatternProgram {
  if (most !== undefined && !(Number.isSafeInteger(most) && most > 0))
    throw new PatternError('most must be a whole number of units, 1 or more', 0, 'say how long a span to look for')
  const program = unfold(readPattern(source, flags), { source, flags, most })
  return check === undefined ? program : { ...program, check, distinct: isDistinct(program) }
}

interface Flags {
  readonly ignoreCase: boolean
  readonly multiline: boolean
  readonly dotAll: boolean
}

/** Repetitions are unrolled; a count beyond this is taken for a mistake before the unrolling is tried. */
const mostRepeats = 10_000

function readPattern(source: string, flags: string): Tree {
  const given = readFlags(flags)
  if (source === '') throw new PatternError('the pattern is empty', 0, 'write what it should find')
  const spelled = spellStrictly(source)
  const parser = new RegExpParser({ ecmaVersion: 2025 })
  const at = (index: number) => spelled.at[Math.min(index, spelled.at.length - 1)] ?? 0
  let pattern: AST.Pattern
  try {
    pattern = parser.parsePattern(spelled.source, 0, spelled.source.length, { unicode: true })
  } catch (error) {
    if (!(error instanceof RegExpSyntaxError)) throw error
    const posix = posixClass.exec(source)
    if (posix) throw posixProblem(posix.index)
    const message = error.message.replace(/^Invalid regular expression: \/.*\/[a-z]*: /s, '')
    throw new PatternError(`not a regular expression: ${message}`, at(error.index), adviceFor(message, source, at(error.index)))
  }
  return atCodePoint(new Reader(at).ways(pattern.alternatives, given))
}

/** As JavaScript, `[[:alpha:]]` is a class of the signs `[ : a l p h` followed by `]`: surely not what its author meant. */
const posixClass = /\[:\^?[a-z]+:\]/

const posixProblem = (at: number) =>
  new PatternError('POSIX classes mean something else in JavaScript', at, 'write \\d, \\w, \\s or \\p{…}')

function readFlags(flags: string): Flags {
  for (const flag of flags)
    if (!'ims'.includes(flag))
      throw new PatternError(`unknown flag ${flag}`, 0, 'i, m and s are the flags there are; u is always on')
  return { ignoreCase: flags.includes('i'), multiline: flags.includes('m'), dotAll: flags.includes('s') }
}

function adviceFor(message: string, source: string, at: number): string {
  if (/escape/i.test(message)) {
    if (/\\[Zz]/.test(source.slice(at - 1, at + 2))) return 'write $ for the end of the text'
    if (/\\A/.test(source.slice(at - 1, at + 2))) return 'write ^ for the start of the text'
    return 'patterns are read as with the u flag: escape only the signs that need it (^ $ \\ . * + ? ( ) [ ] { } | /)'
  }
  if (/\(\?P/.test(source)) return 'write (?<name>…) or (?:…) in place of (?P<name>…)'
  if (/Lone quantifier brackets|Nothing to repeat/.test(message)) return 'escape the sign with a backslash if it is meant as text'
  return 'patterns are JavaScript regular expressions with the u flag'
}

class Reader {
  readonly at: (index: number) => number

  constructor(at: (index: number) => number) {
    this.at = at
  }

  ways(alternatives: readonly AST.Alternative[], flags: Flags): Tree {
    return choice(...alternatives.map((way) => sequence(...way.elements.map((element) => this.element(element, flags)))))
  }

  element(element: AST.Element, flags: Flags): Tree {
    switch (element.type) {
      case 'Assertion':
        return this.assertion(element, flags)
      case 'Quantifier':
        return this.quantifier(element, flags)
      case 'Group':
        return this.ways(element.alternatives, changed(flags, element.modifiers))
      case 'CapturingGroup':
        return this.ways(element.alternatives, flags)
      case 'Character':
      case 'CharacterSet':
      case 'CharacterClass':
        return this.characters(element, flags)
      case 'Backreference':
        throw new PatternError(
          'back-references cannot be matched in linear time',
          this.at(element.start),
          'spell the repeated part out',
        )
      case 'ExpressionCharacterClass':
        throw new PatternError('set operations are not supported', this.at(element.start), 'write the set as one class')
    }
  }

  characters(element: AST.Character | AST.CharacterSet | AST.CharacterClass, flags: Flags): Tree {
    if (element.type === 'CharacterClass' && posixClass.test(element.raw)) throw posixProblem(this.at(element.start))
    const { chars, accept } = JS.parseUnicodeSet(element, { ...flags, unicode: true })
    if (!accept.isEmpty) throw new PatternError('classes of strings are not supported', this.at(element.start), 'use (?:…|…)')
    return codePoint(chars.ranges)
  }

  quantifier(element: AST.Quantifier, flags: Flags): Tree {
    const at = this.at(element.element.end)
    const { min, max } = element
    if (min > mostRepeats || (max !== Number.POSITIVE_INFINITY && max > mostRepeats))
      throw new PatternError(
        `a repetition of more than ${mostRepeats} is too long`,
        at,
        'leave the upper count open and give `most`',
      )
    return { kind: 'repeat', of: this.element(element.element, flags), least: min, most: max, at }
  }

  assertion(element: AST.Assertion, flags: Flags): Tree {
    const at = this.at(element.start)
    switch (element.kind) {
      case 'start':
        return look('behind', true, unit(flags.multiline ? nonLineEnds : everyUnit), at)
      case 'end':
        return look('ahead', true, unit(flags.multiline ? nonLineEnds : everyUnit), at)
      case 'word': {
        const word = unit(wordSet(flags.ignoreCase))
        const both = (before: boolean, after: boolean) =>
          sequence(look('behind', !before, word, at), look('ahead', !after, word, at))
        return element.negate ? choice(both(true, true), both(false, false)) : choice(both(true, false), both(false, true))
      }
      case 'lookahead':
      case 'lookbehind': {
        const ahead = element.kind === 'lookahead'
        const body = this.ways(element.alternatives, flags)
        const endless = ahead ? endlessAt(body) : undefined
        if (endless !== undefined)
          throw new PatternError(
            'a look-ahead without end would hold text without end',
            endless,
            'give the repetition an upper count',
          )
        return look(ahead ? 'ahead' : 'behind', element.negate, ahead ? body : atCodePoint(body), at)
      }
    }
  }
}

const nonLineEnds = complement(lineEnds)

function complement(set: readonly number[]): number[] {
  const out: number[] = []
  let from = 0
  for (let i = 0; i < set.length; i += 2) {
    if ((set[i] as number) > from) out.push(from, (set[i] as number) - 1)
    from = (set[i + 1] as number) + 1
  }
  if (from <= 0xffff) out.push(from, 0xffff)
  return out
}

function changed(flags: Flags, modifiers: AST.Modifiers | null): Flags {
  if (!modifiers) return flags
  const flag = (name: keyof Flags) => (flags[name] || modifiers.add[name]) && !modifiers.remove?.[name]
  return { ignoreCase: flag('ignoreCase'), multiline: flag('multiline'), dotAll: flag('dotAll') }
}
