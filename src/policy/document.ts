/** Reads a policy file's YAML into plain values that remember where they stand. */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
} from 'yaml'
import { type Problem, Source } from './problem.ts'
import { stopsReading, yamlProblems } from './yaml-words.ts'

export type Path = readonly (string | number)[]

/** Longest policy file, in UTF-16 units; long lists of terms have files of their own. */
const mostUnits = 1_048_576
/** Values a file may amount to once its aliases are followed, and how deep they may nest: a few lines can stand for billions. */
const mostValues = 200_000
const mostDepth = 32

export class PolicyDocument {
  readonly source: Source
  /** Plain data; objects have no prototype, so that every key is one the author wrote. */
  readonly value: unknown
  readonly problems: Problem[] = []
  readonly #contents: Node | null = null
  readonly #anchors = new Map<string, Node>()
  readonly #targets = new Map<Node, Node>()
  #values = 0
  /** Every alias led somewhere, and all of them together not too far. */
  #whole = true

  constructor(file: string, text: string) {
    this.source = new Source(file, text)
    if (text.length > mostUnits) {
      this.#say(
        0,
        0,
        `the file is longer than ${mostUnits} units`,
        'move long lists of terms into files of their own (words: { list: … })',
      )
      return
    }
    // To YAML a carriage return by itself ends a line; its reader knows none. As long as what it was, so that places stay.
    const lines = text.replace(/\r(?!\n)/g, '\n')
    const document = parse(lines)
    if (document === undefined || document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) {
      this.#say(0, 0, 'the file nests too deeply', `values may nest ${mostDepth} deep`)
      return
    }
    const { errors, warnings, directives, contents } = document
    this.#contents = contents
    if (directives.yaml.explicit && directives.yaml.version !== '1.2') {
      this.#say(0, 0, 'the file asks for another version of YAML', 'remove the %YAML line; policies are YAML 1.2')
    }
    const unread = [...errors, ...warnings]
    for (const { start, end, message, advice } of yamlProblems(unread, lines)) this.#say(start, end, message, advice)
    if (unread.some(stopsReading)) return
    const value = this.#plain(contents, 0, false)
    if (this.#whole) this.value = value
  }

  /** A value as it stands in the file, of one that is missing what follows its key; empty where the path leads nowhere. */
  written(path: Path): string {
    const node = this.#find(path)?.node
    if (!node) return ''
    const [start, end] = rangeOf(node)
    return this.source.text.slice(start, end).trimEnd() || (/^[^\r\n]*/.exec(this.source.text.slice(end))?.[0].trim() ?? '')
  }

  /** A problem with the value at a path, or with its key; where the path leads nowhere, with what comes nearest. */
  problem(path: Path, part: 'key' | 'value', message: string, advice: string): Problem {
    const [start, end] = this.#range(path, part)
    return this.source.problem(start, end, message, advice)
  }

  /** A problem inside a text value, `index` units from its start, where that can be told from the way it is written. */
  problemInside(path: Path, index: number, message: string, advice: string): Problem {
    const node = this.#find(path)?.node
    const at = isScalar(node) ? offsetInside(node, this.source.text, index) : undefined
    if (at === undefined) return this.problem(path, 'value', message, advice)
    return this.source.problem(at, at + 1, message, advice)
  }

  /** How a text was written: without quotes (and followed by a comment, which may have been meant as part of it), or otherwise. */
  style(path: Path): 'plain' | 'commented' | 'other' {
    const node = this.#find(path)?.node
    if (!isScalar(node) || node.type !== 'PLAIN') return 'other'
    return node.comment ? 'commented' : 'plain'
  }

  /** A value that may be secret is shown in no problem. */
  hide(path: Path): void {
    const node = this.#find(path)?.node
    if (node) this.source.hide(...rangeOf(node))
    for (const [index, problem] of this.problems.entries())
      this.problems[index] = { ...problem, excerpt: this.source.line(problem.line) }
  }

  #say(start: number, end: number, message: string, advice: string): void {
    this.problems.push(this.source.problem(start, end, message, advice))
  }

  #plain(node: Node | null, depth: number, again: boolean): unknown {
    this.#values += 1
    if (node === null) return null
    if (depth > mostDepth || this.#values > mostValues) {
      // Told once: every further value would say it again.
      if (this.#whole) {
        this.#whole = false
        this.#say(...rangeOf(node), 'the file is too large or too deep once its aliases (*) are followed', 'use fewer aliases')
      }
      return null
    }
    if (isAlias(node)) return this.#aliased(node, depth)
    if (!again && node.anchor !== undefined) this.#anchors.set(node.anchor, node)
    if (isScalar(node)) return node.value
    if (isSeq(node)) return node.items.map((item) => this.#plain(item as Node | null, depth + 1, again))
    if (!isMap(node)) return null
    const plain: Record<string, unknown> = Object.create(null)
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      const key = pair.key
      if (isScalar(key) && typeof key.value === 'string') plain[key.value] = this.#plain(pair.value, depth + 1, again)
      else this.#say(...rangeOf(key), 'a key has to be text', 'write a name, in quotes if YAML takes it for something else')
    }
    return plain
  }

  #aliased(alias: Alias, depth: number): unknown {
    const target = this.#targets.get(alias) ?? this.#anchors.get(alias.source)
    if (target === undefined) {
      this.#whole = false
      const text = `*${alias.source}`
      const named = /^\w[\w.-]*$/.test(alias.source)
      const advice = `put text that begins with * in quotes: "${text}"`
      this.#say(
        ...rangeOf(alias),
        named ? `there is no anchor &${alias.source} above` : 'plain text cannot begin with *',
        named ? `${advice}; or anchor the value that is meant, earlier in the file` : advice,
      )
      return null
    }
    this.#targets.set(alias, target)
    return this.#plain(target, depth + 1, true)
  }

  #range(path: Path, part: 'key' | 'value'): readonly [number, number] {
    for (let length = path.length; length >= 0; length -= 1) {
      const found = this.#find(path.slice(0, length))
      if (found === undefined) continue
      // A value that is missing is looked for where it would belong: at the key or in the list item that lacks it.
      const node =
        (part === 'key' || length < path.length ? (found.key ?? firstKey(found.node)) : found.node) ?? found.node ?? found.key
      if (node) return rangeOf(node)
    }
    return [0, 0]
  }

  #find(path: Path): { node: Node | null; key: Node | undefined } | undefined {
    let node: Node | null | undefined = this.#contents
    let key: Node | undefined
    for (const step of path) {
      if (isAlias(node)) node = this.#targets.get(node)
      if (isMap(node)) {
        const pair: Pair<Node, Node | null> | undefined = (node.items as Pair<Node, Node | null>[]).find(
          (item) => isScalar(item.key) && item.key.value === step,
        )
        if (pair === undefined) return undefined
        key = pair.key
        node = pair.value
      } else if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
        key = undefined
        node = node.items[step] as Node | null
      } else return undefined
    }
    return node === undefined ? undefined : { node, key }
  }
}

function parse(text: string): Document.Parsed | undefined {
  try {
    return parseDocument(text, { prettyErrors: false, version: '1.2', schema: 'core', merge: false })
  } catch (error) {
    // The parser calls itself for each level of nesting.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function rangeOf(node: Node): [number, number] {
  const range = node.range
  return range ? [range[0], range[1]] : [0, 0]
}

function firstKey(node: Node | null): Node | undefined {
  return isMap(node) ? (node.items[0]?.key as Node | undefined) : undefined
}

/** Where unit `index` of a scalar's value was written; undefined where lines were folded on the way. */
function offsetInside(node: Scalar, text: string, index: number): number | undefined {
  const [start, end] = rangeOf(node)
  const written = text.slice(start, end)
  if (/[\r\n]/.test(written)) return undefined
  if (node.type === 'PLAIN') return start + index
  if (node.type !== 'QUOTE_SINGLE' && node.type !== 'QUOTE_DOUBLE') return undefined
  const unit = node.type === 'QUOTE_SINGLE' ? /''|./gs : /\\(?:x..|u.{4}|U.{8}|.)|./gs
  const units = written.slice(1, -1).match(unit) ?? []
  return start + 1 + units.slice(0, index).join('').length
}
