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
  type YAMLError,
} from 'yaml'
import { type Problem, Source } from './problem.ts'

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
    const document = parse(text)
    if (document === undefined || document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) {
      this.#say(0, 0, 'the file nests too deeply', `values may nest ${mostDepth} deep`)
      return
    }
    const { errors, warnings, directives, contents } = document
    this.#contents = contents
    if (directives.yaml.explicit && directives.yaml.version !== '1.2') {
      this.#say(0, 0, 'the file asks for another version of YAML', 'remove the %YAML line; policies are YAML 1.2')
    }
    for (const error of [...errors, ...warnings].slice(0, 20)) this.#sayYaml(error)
    if (this.problems.length === 0) this.value = this.#plain(contents, 0, false)
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

  #say(start: number, end: number, message: string, advice: string): void {
    this.problems.push(this.source.problem(start, end, message, advice))
  }

  #sayYaml(error: YAMLError): void {
    const [start, end] = error.pos
    const [message, advice] = yamlWords(error, this.source.text.slice(start, error.code === 'BAD_DQ_ESCAPE' ? start + 2 : end))
    this.#say(start, end, message, advice)
  }

  #plain(node: Node | null, depth: number, again: boolean): unknown {
    this.#values += 1
    if (node === null) return null
    if (depth > mostDepth || this.#values > mostValues) {
      // Told once: every further value would say it again.
      if (this.problems.length === 0) {
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
      this.#say(
        ...rangeOf(alias),
        `there is no anchor &${alias.source} above`,
        'write the value itself, or anchor it earlier in the file',
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

/** YAML's own complaints in our words, where ours say better what to do. */
function yamlWords(error: YAMLError, meant: string): [message: string, advice: string] {
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return ['this key is given twice', 'keep one of them; the other would be ignored']
    case 'TAB_AS_INDENT':
      return ['a tab cannot indent', 'indent with spaces']
    case 'BAD_DQ_ESCAPE':
      return [
        `"${meant}" means nothing inside double quotes`,
        "write patterns in single quotes: '\\d' needs no second backslash there",
      ]
    case 'MULTIPLE_DOCS':
      return ['the file has more than one document', 'one file is one policy; remove the --- line and what follows']
    case 'TAG_RESOLVE_FAILED':
      return [`there is no type ${meant}`, 'put text that begins with ! in quotes']
    case 'BAD_SCALAR_START':
      return [`plain text cannot begin with ${meant}`, 'put the value in quotes']
    case 'BLOCK_AS_IMPLICIT_KEY':
      return ['a second ": " on one line', 'put the value in quotes, or the inner key on a line of its own']
    default:
      return [
        `the YAML cannot be read: ${error.message.replace(/\.$/, '')}`,
        'see that quotes, brackets and indentation fit the lines around',
      ]
  }
}
