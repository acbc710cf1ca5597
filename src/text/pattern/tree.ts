/** A pattern as the engine sees it: no captures, no flags, no code points; only units, order, choice, repetition and looks. */
import { type CodePointRange, highSurrogates, lowSurrogates, meets, spell, type UnitSet } from './units.ts'

export type Tree =
  | { readonly kind: 'unit'; readonly set: UnitSet }
  | { readonly kind: 'sequence'; readonly parts: readonly Tree[] }
  | { readonly kind: 'choice'; readonly ways: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly of: Tree; readonly least: number; readonly most: number; readonly at: number }
  | Look

export interface Look {
  readonly kind: 'look'
  readonly way: 'ahead' | 'behind'
  readonly negate: boolean
  readonly of: Tree
  readonly at: number
  /** Says only that an unpaired surrogate is unpaired. */
  readonly pairing?: true
}

export const unit = (set: UnitSet): Tree => ({ kind: 'unit', set })
export const sequence = (...parts: Tree[]): Tree => (parts.length === 1 ? (parts[0] as Tree) : { kind: 'sequence', parts })
export const choice = (...ways: Tree[]): Tree => (ways.length === 1 ? (ways[0] as Tree) : { kind: 'choice', ways })
export const look = (way: Look['way'], negate: boolean, of: Tree, at: number): Look => ({ kind: 'look', way, negate, of, at })

const unpairedEnd: Look = { kind: 'look', way: 'ahead', negate: true, of: unit(lowSurrogates), at: 0, pairing: true }

/** One code point of a set. Relies on matches beginning between code points, which `atCodePoint` sees to. */
export function codePoint(ranges: readonly CodePointRange[]): Tree {
  const { single, unpaired, pairs } = spell(ranges)
  const ways: Tree[] = pairs.map(({ high, low }) => sequence(unit(high), unit(low)))
  if (single.length > 0) ways.unshift(unit(single))
  if (unpaired.length > 0) ways.push(sequence(unit(unpaired), unpairedEnd))
  return choice(...ways)
}

/** Forbids a match to begin between the two halves of a character; only a pattern that may begin with a low surrogate could. */
export function atCodePoint(tree: Tree): Tree {
  if (!mayBeginWith(tree, lowSurrogates)) return tree
  const high = unit(highSurrogates)
  const between = choice(
    look('behind', true, high, 0),
    sequence(look('behind', false, high, 0), look('ahead', true, unit(lowSurrogates), 0)),
  )
  return sequence(between, tree)
}

function mayBeginWith(tree: Tree, set: UnitSet): boolean {
  switch (tree.kind) {
    case 'unit':
      return meets(tree.set, set)
    case 'sequence': {
      const solid = tree.parts.findIndex((part) => !mayBeEmpty(part))
      return tree.parts.slice(0, solid < 0 ? tree.parts.length : solid + 1).some((part) => mayBeginWith(part, set))
    }
    case 'choice':
      return tree.ways.some((way) => mayBeginWith(way, set))
    case 'repeat':
      return tree.most > 0 && mayBeginWith(tree.of, set)
    case 'look':
      return false
  }
}

function mayBeEmpty(tree: Tree): boolean {
  switch (tree.kind) {
    case 'unit':
      return false
    case 'sequence':
      return tree.parts.every(mayBeEmpty)
    case 'choice':
      return tree.ways.some(mayBeEmpty)
    case 'repeat':
      return tree.least === 0 || mayBeEmpty(tree.of)
    case 'look':
      return true
  }
}

/** @returns where a repetition without end stands in the tree; undefined where none does. Look-behinds may have one. */
export function endlessAt(tree: Tree): number | undefined {
  switch (tree.kind) {
    case 'unit':
      return undefined
    case 'sequence':
      return firstOf(tree.parts)
    case 'choice':
      return firstOf(tree.ways)
    case 'repeat':
      return tree.most === Number.POSITIVE_INFINITY ? tree.at : endlessAt(tree.of)
    case 'look':
      return tree.way === 'ahead' ? endlessAt(tree.of) : undefined
  }
}

const firstOf = (trees: readonly Tree[]) => trees.map(endlessAt).find((at) => at !== undefined)
