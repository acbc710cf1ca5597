/** Follows a pattern's threads over every class of units and keeps what can still come to a match: the compiled program. */
import { buildGraph, type Graph } from './graph.ts'
import { measure, mergeContexts, mergeEqual, type Net, prune, within } from './net.ts'
import { PatternError } from './problem.ts'
import type { PatternProgram } from './program.ts'
import { Threads } from './threads.ts'
import { endlessAt, type Tree } from './tree.ts'
import { classify } from './units.ts'

const mostContexts = 4_000

export interface UnfoldOptions {
  readonly source: string
  readonly flags: string
  /** Longest span looked for, in UTF-16 units. */
  readonly most: number | undefined
}

/** @throws PatternError */
export function unfold(tree: Tree, { source, flags, most }: UnfoldOptions): PatternProgram {
  const graph = buildGraph(tree)
  const classes = classify(graph.sets)
  const threads = new Threads(graph, classes)
  const context = contextsOf(graph, threads, classes.count)
  const whole = mergeEqual(prune(netOf(context.begins, threads)))
  if (whole.begins.every((nodes) => nodes.length === 0))
    throw new PatternError('the pattern can never match', 0, 'its conditions contradict each other')
  const { shortest, longest } = measure(whole)
  const bounded = longest !== Number.POSITIVE_INFINITY
  if (!bounded && most === undefined)
    throw new PatternError(
      'the pattern has no longest match',
      endlessAt(tree) ?? 0,
      'give the repetition an upper count, or say with `most` how long a span to look for',
    )
  if (most !== undefined && most < shortest)
    throw new PatternError(`most is ${most}, but the shortest match has ${shortest} units`, 0, 'raise `most`')
  const limit = most !== undefined && most < longest ? most : 0
  const { begins, next, ...net } = mergeContexts(limit > 0 ? mergeEqual(within(whole, limit)) : whole, context.next)
  return {
    format: 1,
    source,
    flags,
    most: limit,
    longest: bounded ? longest : 0,
    shortest,
    runs: classes.runs,
    classOfRun: classes.ofRun,
    classes: classes.count,
    context: next.flat(),
    begins,
    ...net,
    missing: measure({ begins, ...net }).missing,
  }
}

function contextsOf(graph: Graph, threads: Threads, classes: number) {
  const asked = threads.asked(graph.start)
  const states: number[][] = []
  const index = new Map<string, number>()
  const next: number[][] = []
  const begins: number[][] = []
  const add = (facts: number[]): number => {
    const key = facts.join()
    let state = index.get(key)
    if (state === undefined) {
      if (states.length >= mostContexts)
        throw new PatternError('the look-behinds need too many states', graph.lookAt, 'use fewer or shorter ones')
      state = states.push(facts) - 1
      index.set(key, state)
      const nodes = threads.begin(graph.start, facts)
      if (nodes.some((node) => threads.age(node) >= 0))
        throw new PatternError('the pattern matches the empty text', 0, 'make at least one character of it required')
      begins.push(nodes)
    }
    return state
  }
  add(threads.trackers.map((_, fact) => (asked.has(fact) ? 0 : -1)))
  for (let state = 0; state < states.length; state++) {
    const row: number[] = []
    for (let unitClass = 0; unitClass < classes; unitClass++)
      row.push(
        add(
          (states[state] as number[]).map((old, fact) => (old < 0 ? -1 : (threads.trackers[fact]?.next[old]?.[unitClass] ?? -1))),
        ),
      )
    next.push(row)
  }
  return { next, begins }
}

/** Every thread reachable from a beginning, by breadth. */
function netOf(begins: readonly (readonly number[])[], threads: Threads): Net {
  const node = new Map<number, number>()
  const order: number[] = []
  const visit = (thread: number): number => {
    let index = node.get(thread)
    if (index === undefined) {
      index = order.push(thread) - 1
      node.set(thread, index)
    }
    return index
  }
  const sets: number[][] = []
  const setIndex = new Map<string, number>()
  const intern = (members: number[]): number => {
    const key = members.join()
    let index = setIndex.get(key)
    if (index === undefined) {
      index = sets.push(members) - 1
      setIndex.set(key, index)
    }
    return index
  }
  const starts = begins.map((list) => list.map(visit))
  const edges: number[][] = []
  for (let at = 0; at < order.length; at++) {
    const classesTo = new Map<number, number[]>()
    for (const unitClass of threads.classes(order[at] as number))
      for (const thread of threads.step(order[at] as number, unitClass)) {
        const target = visit(thread)
        const members = classesTo.get(target)
        if (members) members.push(unitClass)
        else classesTo.set(target, [unitClass])
      }
    edges.push([...classesTo].flatMap(([target, members]) => [intern(members), target]))
  }
  const where = (test: (thread: number) => boolean) => order.flatMap((thread, index) => (test(thread) ? [index] : []))
  return {
    begins: starts,
    sets,
    edges,
    age: order.map((thread) => threads.age(thread)),
    certain: where((thread) => threads.isMatch(thread)),
    atEnd: where((thread) => !threads.isMatch(thread) && threads.matchesAtEnd(thread)),
  }
}
