/** A valibot schema seen as a tree, for walking it beside a value. */

interface SchemaAction {
  readonly type: string
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly requirement?: unknown
  readonly pipe?: readonly SchemaAction[]
}

/** The parts of a schema that are needed for that; which of them there are depends on `type`. */
export interface SchemaNode {
  readonly type: string
  readonly entries?: Readonly<Record<string, SchemaNode>>
  readonly item?: SchemaNode
  readonly wrapped?: SchemaNode
  /** The names of a record; of a variant, the key that tells which it is. */
  readonly key?: SchemaNode | string
  readonly value?: SchemaNode
  readonly options?: readonly (SchemaNode | string)[]
  readonly literal?: unknown
  readonly pipe?: readonly SchemaAction[]
}

/** Without what only says that it may be left out. */
export function unwrap(schema: SchemaNode): SchemaNode {
  return schema.wrapped === undefined ? schema : unwrap(schema.wrapped)
}

/** All that was piped to it, schemas within schemas included, the last first: what is said last is said nearest. */
export function actionsOf(schema: SchemaNode): readonly SchemaAction[] {
  const flat = (pipe: readonly SchemaAction[] = []): SchemaAction[] => pipe.flatMap((action) => [...flat(action.pipe), action])
  return flat(unwrap(schema).pipe).reverse()
}

export function descriptionOf(schema: SchemaNode | undefined): string {
  return (schema && actionsOf(schema).find(({ type }) => type === 'description')?.description) ?? ''
}

export function examplesOf(schema: SchemaNode | undefined): readonly unknown[] {
  return (schema && actionsOf(schema).find(({ type }) => type === 'examples')?.examples) ?? []
}

/** The schemas a union is of. */
export function branchesOf(schema: SchemaNode): readonly SchemaNode[] {
  return (schema.options ?? []).filter((option): option is SchemaNode => typeof option === 'object').map(unwrap)
}

/** What a value may be where it is one of a few: of a list of choices, a literal, or a union of such. */
export function choicesOf(schema: SchemaNode): readonly (string | number | boolean)[] {
  const node = unwrap(schema)
  if (node.type === 'picklist') return node.options as readonly string[]
  if (node.type === 'literal') return [node.literal as string | boolean]
  if (node.type === 'boolean') return [true, false]
  return node.type === 'union' || node.type === 'choice' ? branchesOf(node).flatMap(choicesOf) : []
}

/** The objects that a variant chooses among, those of variants within it included. */
export function variantsOf(schema: SchemaNode): readonly SchemaNode[] {
  return branchesOf(schema).flatMap((branch) => (branch.type === 'variant' ? variantsOf(branch) : [branch]))
}

/** The keys a value may have, where it may have any. */
export function keysOf(schema: SchemaNode): readonly string[] {
  const node = unwrap(schema)
  if (node.entries !== undefined) return Object.keys(node.entries)
  const branches = node.type === 'variant' ? variantsOf(node) : branchesOf(node)
  return [...new Set(branches.flatMap(keysOf))]
}
