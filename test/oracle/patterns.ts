/** Every place where a pattern rule finds something in a whole text, and what a prefix could still become. */
import type { Match, PatternText } from './policy.ts'
import { advance, compile, kindOf, type Program, remember, settle } from './program.ts'

interface Prepared {
  readonly program: Program
  /** One character of each kind the pattern tells apart. */
  readonly kinds: readonly string[]
}

const prepared = new Map<string, Prepared>()

function prepare({ source, flags = '' }: PatternText): Prepared {
  const name = `${flags} ${source}`
  const known = prepared.get(name)
  if (known !== undefined) return known
  const program = compile(source, flags)
  const made = { program, kinds: kindsOf(source, program) }
  remember(prepared, name, made)
  return made
}

const tests = new Map<string, RegExp>()

/** The whole of `[start, end)` matches, in its place: so many code points before its end, tried by the runtime's own engine. */
function matchesAt({ source, flags = '' }: PatternText, text: string, start: number, codePointsToEnd: number): boolean {
  const name = `${codePointsToEnd} ${flags} ${source}`
  const test = tests.get(name) ?? new RegExp(`(?:${source})(?<=^[^]{${codePointsToEnd}})`, `uy${flags}`)
  remember(tests, name, test)
  test.lastIndex = start
  return test.test(text)
}

/** Offsets between code points, the text's end included. */
function bordersOf(text: string): number[] {
  let at = 0
  return [0, ...Array.from(text, (character) => (at += character.length))]
}

/** Every match in the whole text: all pairs of offsets, tried one by one. */
export function patternMatches(pattern: PatternText, text: string): Match[] {
  const most = pattern.most ?? Number.POSITIVE_INFINITY
  const borders = bordersOf(text)
  const any = new RegExp(pattern.source, `uy${pattern.flags ?? ''}`)
  return borders.flatMap((start) => {
    any.lastIndex = start
    if (!any.test(text)) return []
    return borders.flatMap((end, to) =>
      end > start && end - start <= most && matchesAt(pattern, text, start, to) ? [{ start, end }] : [],
    )
  })
}

/** Characters a text may go on with. */
const alphabet = [...'qQ 0.,-_@ \n', 'é', '\u0308', '炸', 'ß', '\u{1f600}', '\u{1d41b}', '\u200d']

/** One character of each kind the pattern tells apart, the shortest. */
function kindsOf(source: string, program: Program): string[] {
  const kinds = new Map<string, string>()
  const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
  for (const character of [...alphabet, ...source, ...ascii]) {
    const kind = kindOf(program, character)
    if (character.length < (kinds.get(kind)?.length ?? 3)) kinds.set(kind, character)
  }
  return [...kinds.values()]
}

/** All that a pattern can tell about a character. */
export function patternKind(pattern: PatternText): (character: string) => string {
  const { program } = prepare(pattern)
  return (character) => kindOf(program, character)
}

/**
 * Shortest text that completes a match which starts at `start` and does not end within the prefix, or ends there for the
 * sake of what follows; undefined where there is none.
 */
function completion(pattern: PatternText, prefix: string, start: number): string | undefined {
  const { program, kinds } = prepare(pattern)
  const most = pattern.most ?? Number.POSITIVE_INFINITY
  let threads = [0]
  let before = [...prefix.slice(0, start)].at(-1)
  for (const character of prefix.slice(start)) {
    const { waiting } = settle(program, threads, { before, after: character })
    threads = advance(program, waiting, character)
    if (threads.length === 0) return undefined
    before = character
  }
  const seen = new Set<string>()
  const open = [{ threads, before, added: '' }]
  for (let state = open.shift(); state !== undefined; state = open.sort((a, b) => a.added.length - b.added.length).shift()) {
    const name = `${state.threads.join()} ${state.before === undefined ? '' : kindOf(program, state.before)}`
    if (seen.has(name) || prefix.length - start + state.added.length > most) continue
    seen.add(name)
    for (const after of [undefined, ...kinds]) {
      const { found, waiting } = settle(program, state.threads, { before: state.before, after })
      if (found && state.added !== '') return state.added + (after ?? '')
      const moved = after === undefined ? [] : advance(program, waiting, after)
      if (moved.length > 0) open.push({ threads: moved, before: after, added: state.added + after })
    }
  }
  return undefined
}

/**
 * Texts with which a prefix may go on: one character of each kind, and for each start the shortest text that makes a
 * match of it.
 */
export function patternContinuations(pattern: PatternText, prefix: string): string[] {
  const { kinds } = prepare(pattern)
  const rests = bordersOf(prefix).flatMap((start) => (start < prefix.length ? (completion(pattern, prefix, start) ?? []) : []))
  return ['', ...kinds, ...new Set(rests)]
}
