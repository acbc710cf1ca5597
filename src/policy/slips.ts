/** Walks a value beside the schema and tells everything that does not fit, in the author's words instead of the schema's. */
import * as v from 'valibot'
import { variable } from '../judges/fields.ts'
import type { Path } from './document.ts'
import { isRecord } from './forms.ts'
import { actionsOf, branchesOf, choicesOf, examplesOf, keysOf, type SchemaNode, unwrap, variantsOf } from './schema-node.ts'
import { absentAdvice, keyAdvice, missingAdvice, nameOf, ownerOf, shapeAdvice, show, valueAdvice } from './slip-words.ts'

export interface Slip {
  readonly path: Path
  readonly part: 'key' | 'value'
  readonly message: string
  readonly advice: string
  /** What stands there may be a key that somebody took for the name of its variable: it is not to be shown. */
  readonly secret?: true
}

/** @param written a value as it stands in the file. */
export function slipsIn(schema: SchemaNode, value: unknown, written: (path: Path) => string): readonly Slip[] {
  const walk = new Walk(schema, written)
  walk.visit(schema, value, [])
  return walk.slips
}

const composite: readonly string[] = ['strict_object', 'record', 'array', 'variant']

class Walk {
  readonly slips: Slip[] = []
  readonly #root: SchemaNode
  readonly #written: (path: Path) => string

  constructor(root: SchemaNode, written: (path: Path) => string) {
    this.#root = root
    this.#written = written
  }

  visit(schema: SchemaNode, value: unknown, path: Path): void {
    const node = unwrap(schema)
    if (value === null) this.#say(path, `${nameOf(path)} has no value`, missingAdvice(schema, this.#written(path)))
    else if (node.type === 'union') this.visit(this.#branch(node, value), value, path)
    else if (node.type === 'array') this.#array(node, value, path)
    else if (!composite.includes(node.type)) this.#leaf(schema, value, path)
    else if (!isRecord(value)) this.#shape(schema, value, path)
    else if (node.type === 'record') this.#record(node, value, path)
    else if (node.type === 'variant') this.#variant(node, value, path)
    else this.#object(node, value, path)
  }

  #say(path: Path, message: string, advice: string, part: Slip['part'] = 'value'): void {
    this.slips.push({ path, part, message, advice })
  }

  #shape(schema: SchemaNode, value: unknown, path: Path): void {
    const node = unwrap(schema)
    const message =
      node.type === 'array'
        ? `${nameOf(path)} is a list, not ${show(value)}`
        : `${nameOf(path)} has keys of its own, it cannot be ${show(value)}`
    this.#say(path, message, shapeAdvice(node, value, path, this.#written(path)))
  }

  /** The part of a union that was meant: the one of the value's shape; where there is none, the simple ones or the first. */
  #branch(node: SchemaNode, value: unknown): SchemaNode {
    const branches = branchesOf(node)
    const shaped = branches.find(({ type }) =>
      isRecord(value) ? composite.includes(type) && type !== 'array' : Array.isArray(value) && type === 'array',
    )
    const simple = branches.filter(({ type }) => !composite.includes(type))
    if (shaped !== undefined) return shaped
    const fitting = simple.find((branch) => v.is(branch as never, value)) ?? simple[0]
    if (fitting !== undefined && choicesOf(fitting).length > 0) return { ...node, type: 'choice' }
    return fitting ?? (branches[0] as SchemaNode)
  }

  #array(node: SchemaNode, value: unknown, path: Path): void {
    if (!Array.isArray(value)) {
      this.#shape(node, value, path)
      return
    }
    if (value.length === 0 && actionsOf(node).some(({ type }) => type === 'min_length'))
      this.#say(path, `${nameOf(path)} is empty`, 'write something, or remove it')
    for (const [index, item] of value.entries()) this.visit(node.item as SchemaNode, item, [...path, index])
  }

  #record(node: SchemaNode, value: Record<string, unknown>, path: Path): void {
    if (Object.keys(value).length === 0 && actionsOf(node).some(({ type }) => type === 'min_entries'))
      this.#say(path, `${nameOf(path)} is empty`, 'write something, or remove it')
    for (const [key, item] of Object.entries(value)) {
      const here = [...path, key]
      const [issue] = v.safeParse(node.key as never, key).issues ?? []
      if (issue !== undefined)
        this.#say(
          here,
          `${show(key)} cannot be a name in ${nameOf(path)}`,
          valueAdvice(node.key as SchemaNode, key, issue, ''),
          'key',
        )
      this.visit(node.value as SchemaNode, item, here)
    }
  }

  /** A judge's fields depend on its kind, and on the template or preset of that. */
  #variant(node: SchemaNode, value: Record<string, unknown>, path: Path): void {
    const key = node.key as string
    const branches = branchesOf(node)
    const fits = (branch: SchemaNode): boolean =>
      branch.type === 'variant'
        ? branchesOf(branch).some(fits)
        : branch.entries?.[key] === undefined || v.is(branch.entries[key] as never, value[key])
    const has = Object.hasOwn(value, key)
    const found = branches.filter((branch) => (has ? fits(branch) : !needs(branch, key)))
    const [branch] = found
    if (branch !== undefined) {
      this.visit(branch, value, path)
      return
    }
    const choices = [...new Set(variantsOf(node).flatMap(({ entries }) => choicesOf(entries?.[key] as SchemaNode)))]
    const choice: SchemaNode = { type: 'picklist', options: choices as string[] }
    if (has) this.#leaf(choice, value[key], [...path, key])
    else this.#say(path, `${ownerOf(path)} has no ${key}`, absentAdvice(key, choice))
    // What is the same for all of them can be looked at all the same.
    const variants = variantsOf(node)
    for (const [name, part] of Object.entries(value)) {
      const schemas = variants.map(({ entries }) => entries?.[name])
      if (name !== key && schemas.every((schema) => schema !== undefined && schema === schemas[0]))
        this.visit(schemas[0] as SchemaNode, part, [...path, name])
    }
  }

  #object(node: SchemaNode, value: Record<string, unknown>, path: Path): void {
    const { entries = {} } = node
    const asked = new Set<string>()
    for (const [key, part] of Object.entries(value)) {
      const here = [...path, key]
      if (Object.hasOwn(entries, key)) {
        this.visit(entries[key] as SchemaNode, part, here)
        continue
      }
      const advice = keyAdvice(key, part, path, node, this.#root)
      asked.add(advice)
      // With an odd blank before it, or its value stuck to it, a key is there all the same.
      asked.add(`did you mean ${/^\s*([\w.-]+)/.exec(key)?.[1]}?`)
      this.#say(here, `there is no key ${show(key)} here`, advice, 'key')
    }
    for (const [key, schema] of Object.entries(entries)) {
      // Whoever was asked whether it was meant need not be told that it is not there.
      if (schema.type === 'exact_optional' || Object.hasOwn(value, key) || asked.has(`did you mean ${key}?`)) continue
      this.#say(path, `${ownerOf(path)} has no ${key}`, absentAdvice(key, schema))
    }
  }

  #leaf(schema: SchemaNode, value: unknown, path: Path): void {
    const node = unwrap(schema)
    const choices = choicesOf(node)
    const [issue] = choices.length > 0 ? [] : (v.safeParse(node as never, value).issues ?? [])
    if (choices.length > 0 ? choices.includes(value as string) : issue === undefined) return
    const name = nameOf(path)
    const written = this.#written(path)
    if (isVariable(node)) {
      const [example = 'GUARD_API_KEY'] = examplesOf(schema)
      const advice = `write its value into a secret or variable of that name, and only the name here, such as ${example}`
      this.slips.push({
        path,
        part: 'value',
        message: `${name} takes the name of a variable, not its value`,
        advice,
        secret: true,
      })
    } else this.#say(path, leafMessage(name, node, value, issue), valueAdvice(node, value, issue, written, path))
  }
}

function leafMessage(name: string, node: SchemaNode, value: unknown, issue: v.BaseIssue<unknown> | undefined): string {
  if (issue?.type === 'string')
    return typeof value === 'object'
      ? `${name} is text, not ${show(value)}`
      : `${name} is text, but YAML reads ${show(value)} as a ${typeof value}`
  if (issue?.type === 'number') return `${name} is a number, not ${show(value)}`
  if (issue?.type === 'non_empty') return `${name} is empty`
  if (node.type === 'choice' && isRecord(value) && keysOf(node).length === 0) return `${name} is one word, not ${show(value)}`
  return `${name} cannot be ${show(value)}`
}

function needs(branch: SchemaNode, key: string): boolean {
  if (branch.type === 'variant') return branchesOf(branch).every((inner) => needs(inner, key))
  return branch.entries?.[key] !== undefined && branch.entries[key].type !== 'exact_optional'
}

function isVariable(node: SchemaNode): boolean {
  const form = actionsOf(variable as never).find(({ type }) => type === 'regex')
  return actionsOf(node).includes(form as never)
}
