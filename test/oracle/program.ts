/** A regular expression as a little program of threads, so that the oracle can ask what it has not seen yet. */
import { type AST, RegExpParser } from '@eslint-community/regexpp'

/** What stands around a position; undefined is the text's start or end. */
export interface Around {
  readonly before: string | undefined
  readonly after: string | undefined
}

type Step =
  | { readonly kind: 'character'; readonly is: (character: string) => boolean }
  | { readonly kind: 'assert'; readonly holds: (around: Around) => boolean }
  | { readonly kind: 'fork'; readonly to: readonly number[] }
  | { readonly kind: 'found' }

export type Program = readonly Step[]

/** Membership is asked of the runtime's own engine, so that no character class is written down here a second time. */
function oneCharacter(source: string, flags: string): (character: string) => boolean {
  const name = `${flags} ${source}`
  const known = classes.get(name)
  if (known !== undefined) return known
  const whole = new RegExp(`^(?:${source})$`, `u${flags}`)
  const answers = new Map<string, boolean>()
  const is = (character: string): boolean => {
    const answer = answers.get(character) ?? whole.test(character)
    answers.set(character, answer)
    return answer
  }
  remember(classes, name, is)
  return is
}

const classes = new Map<string, (character: string) => boolean>()

/** Twenty thousand random policies fill a heap with compiled expressions, none of which comes again. */
const mostRemembered = 2000

export function remember<Value>(known: Map<string, Value>, name: string, value: Value): void {
  if (known.size >= mostRemembered && !known.has(name)) known.clear()
  known.set(name, value)
}

function assertion(node: AST.Assertion, flags: string): (around: Around) => boolean {
  if (node.kind === 'start') return ({ before }) => before === undefined
  if (node.kind === 'end') return ({ after }) => after === undefined
  if (node.kind === 'word') {
    const isWord = oneCharacter('\\w', flags)
    const at = ({ before, after }: Around) => (before !== undefined && isWord(before)) !== (after !== undefined && isWord(after))
    return (around) => at(around) !== node.negate
  }
  if (node.kind !== 'lookahead' && node.kind !== 'lookbehind') throw new Error('an assertion of an unknown kind')
  const { kind, negate } = node
  const oneEach = node.alternatives.every(({ elements }) => elements.length === 1 && elements[0]?.type.startsWith('Character'))
  if (!oneEach) throw new Error('the oracle looks around by one character only')
  const inside = oneCharacter(node.alternatives.map(({ raw }) => raw).join('|'), flags)
  return (around) => {
    const beside = kind === 'lookahead' ? around.after : around.before
    return (beside !== undefined && inside(beside)) !== negate
  }
}

/** @throws where the source has no meaning one character at a time (back-references, long look-around). */
export function compile(source: string, flags: string): Program {
  const steps: Step[] = []
  const put = (step: Step): number => steps.push(step) - 1
  const fork = (): { to: number[] } => {
    const to: number[] = []
    put({ kind: 'fork', to })
    return { to }
  }
  const either = (alternatives: readonly AST.Alternative[]): void => {
    const entry = fork()
    const exits = alternatives.map(({ elements }) => {
      entry.to.push(steps.length)
      for (const element of elements) emit(element)
      return fork()
    })
    for (const exit of exits) exit.to.push(steps.length)
  }
  const repeat = ({ min, max, element }: AST.Quantifier): void => {
    for (let i = 0; i < min; i++) emit(element)
    const skips: { to: number[] }[] = []
    if (max === Number.POSITIVE_INFINITY) {
      const head = steps.length
      const loop = fork()
      loop.to.push(steps.length)
      emit(element)
      fork().to.push(head)
      skips.push(loop)
    } else {
      for (let i = min; i < max; i++) {
        const skip = fork()
        skip.to.push(steps.length)
        emit(element)
        skips.push(skip)
      }
    }
    for (const skip of skips) skip.to.push(steps.length)
  }
  const emit = (node: AST.Element): void => {
    switch (node.type) {
      case 'Character':
      case 'CharacterSet':
      case 'CharacterClass':
        put({ kind: 'character', is: oneCharacter(node.raw, flags) })
        return
      case 'Assertion':
        put({ kind: 'assert', holds: assertion(node, flags) })
        return
      case 'Quantifier':
        repeat(node)
        return
      case 'Group':
      case 'CapturingGroup':
        either(node.alternatives)
        return
      default:
        throw new Error(`the oracle does not read ${node.type}`)
    }
  }
  either(new RegExpParser().parsePattern(source, 0, source.length, { unicode: true }).alternatives)
  put({ kind: 'found' })
  return steps
}

/** Where the threads get without another character. */
export function settle(program: Program, threads: Iterable<number>, around: Around): { found: boolean; waiting: number[] } {
  const reached = new Set(threads)
  for (const thread of reached) {
    const step = program[thread] as Step
    if (step.kind === 'fork') for (const to of step.to) reached.add(to)
    if (step.kind === 'assert' && step.holds(around)) reached.add(thread + 1)
  }
  const waiting = [...reached].filter((thread) => (program[thread] as Step).kind === 'character')
  return { found: [...reached].some((thread) => (program[thread] as Step).kind === 'found'), waiting }
}

/** The threads that go on over `character`. */
export function advance(program: Program, waiting: readonly number[], character: string): number[] {
  return waiting
    .filter((thread) => {
      const step = program[thread] as Step
      return step.kind === 'character' && step.is(character)
    })
    .map((thread) => thread + 1)
}

/** A name for what the program can tell apart about a character, so that one of a kind is enough to try. */
export function kindOf(program: Program, character: string): string {
  return program
    .map((step) => {
      if (step.kind === 'character') return step.is(character) ? '1' : '0'
      if (step.kind !== 'assert') return ''
      const sides = [
        { before: character, after: undefined },
        { before: character, after: 'q' },
        { before: undefined, after: character },
        { before: 'q', after: character },
      ]
      return sides.map((around) => (step.holds(around) ? '1' : '0')).join('')
    })
    .join('')
}
