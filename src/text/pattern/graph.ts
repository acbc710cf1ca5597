/** A pattern's tree unrolled into places with one way on each: what the engine's states are made of. */
import { PatternError } from './problem.ts'
import type { Look, Tree } from './tree.ts'
import type { UnitSet } from './units.ts'

export type Place =
  | { readonly does: 'unit'; readonly set: number; readonly next: number }
  | { readonly does: 'fork'; readonly to: number[] }
  | { readonly does: 'behind'; readonly fact: number; readonly want: boolean; readonly next: number }
  | { readonly does: 'ahead'; readonly negate: boolean; readonly pairing: boolean; readonly body: number; readonly next: number }
  | { readonly does: 'match' }

export interface Graph {
  readonly start: number
  readonly places: readonly Place[]
  readonly sets: readonly UnitSet[]
  /** Start place of each look-behind; one nested in another comes before it. */
  readonly facts: readonly number[]
  /** Index of the first look in the source, for problems only found later. */
  readonly lookAt: number
}

/** Place 0: everything asked for was seen. */
export const matchPlace = 0

/** Places one pattern may take; the unrolled form of a counted repetition of some hundred classes fits many times. */
const mostPlaces = 20_000

/** @throws PatternError where the unrolled pattern grows beyond bounds. */
export function buildGraph(tree: Tree): Graph {
  const places: Place[] = [{ does: 'match' }]
  const sets: UnitSet[] = []
  const facts: number[] = []
  const setIndex = new Map<string, number>()
  const factIndex = new Map<string, number>()
  let lookAt = -1

  const add = (place: Place, at: number): number => {
    if (places.length >= mostPlaces)
      throw new PatternError(
        `the pattern unrolls to more than ${mostPlaces} places`,
        at,
        'use smaller counts, or leave the upper count open and give `most`',
      )
    places.push(place)
    return places.length - 1
  }
  const set = (units: UnitSet): number => {
    const key = units.join()
    let index = setIndex.get(key)
    if (index === undefined) {
      index = sets.push(units) - 1
      setIndex.set(key, index)
    }
    return index
  }
  const fact = (body: Tree, at: number): number => {
    const key = JSON.stringify(body, (name, value) =>
      name === 'at' ? undefined : value === Number.POSITIVE_INFINITY ? 'endless' : value,
    )
    let index = factIndex.get(key)
    if (index === undefined) {
      const start = build(body, matchPlace, at)
      index = facts.push(start) - 1
      factIndex.set(key, index)
    }
    return index
  }
  const buildLook = (tree: Look, next: number): number => {
    if (lookAt < 0) lookAt = tree.at
    if (tree.way === 'behind') return add({ does: 'behind', fact: fact(tree.of, tree.at), want: !tree.negate, next }, tree.at)
    const body = build(tree.of, matchPlace, tree.at)
    return add({ does: 'ahead', negate: tree.negate, pairing: tree.pairing === true, body, next }, tree.at)
  }
  /** Places that do what `tree` says and go on to `next`. */
  function build(tree: Tree, next: number, at: number): number {
    switch (tree.kind) {
      case 'unit':
        return add({ does: 'unit', set: set(tree.set), next }, at)
      case 'sequence':
        return tree.parts.reduceRight((after, part) => build(part, after, at), next)
      case 'choice':
        return add({ does: 'fork', to: tree.ways.map((way) => build(way, next, at)) }, at)
      case 'look':
        return buildLook(tree, next)
      case 'repeat': {
        let after = next
        if (tree.most === Number.POSITIVE_INFINITY) {
          const to: number[] = [next]
          after = add({ does: 'fork', to }, tree.at)
          to.push(build(tree.of, after, tree.at))
        } else {
          for (let i = tree.least; i < tree.most; i++)
            after = add({ does: 'fork', to: [next, build(tree.of, after, tree.at)] }, tree.at)
        }
        for (let i = 0; i < tree.least; i++) after = build(tree.of, after, tree.at)
        return after
      }
    }
  }
  const start = build(tree, matchPlace, 0)
  return { start, places, sets, facts, lookAt: Math.max(lookAt, 0) }
}
