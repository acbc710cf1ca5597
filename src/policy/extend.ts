/** Lays a policy over those it extends: later rules over earlier ones by id, later settings over earlier ones field by field. */
import type { SettingsDefinition } from './definition.ts'
import { PolicyDocument } from './document.ts'
import { idForm } from './forms.ts'
import type { Library } from './library.ts'
import { Source } from './problem.ts'
import { type CompiledRule, compileRules } from './rules.ts'
import { readShape, type Shaped } from './shape.ts'

/** A policy with everything it extends, before it is one plan. */
export interface Stack {
  readonly file: Shaped
  readonly settings: SettingsDefinition
  /** By id; a rule that overrides stands where the overridden one stood. */
  readonly rules: ReadonlyMap<string, CompiledRule>
  readonly documents: readonly PolicyDocument[]
}

/** Files one policy may lean on in all. */
const mostFiles = 64

export async function stack(source: Source, library: Library): Promise<Stack> {
  const layers = new Layers(library)
  const file = await layers.add(new PolicyDocument(source.file, source.text), [])
  return { file, settings: layers.settings, rules: layers.rules, documents: layers.documents }
}

class Layers {
  settings: SettingsDefinition = {}
  readonly rules = new Map<string, CompiledRule>()
  readonly documents: PolicyDocument[] = []
  readonly #library: Library
  readonly #laid = new Set<string>()

  constructor(library: Library) {
    this.#library = library
  }

  /** @param below the files that are being extended towards this one, the policy itself first. */
  async add(document: PolicyDocument, below: readonly string[]): Promise<Shaped> {
    const name = document.source.file
    this.#laid.add(name)
    this.documents.push(document)
    const file = readShape(document)
    for (const index of (file.extends ?? []).keys()) await this.#extend(document, file, index, [...below, name])
    this.settings = overlay(this.settings, settingsOf(file))
    for (const rule of await compileRules(document, file, this.#library)) this.rules.set(rule.definition.id, rule)
    return file
  }

  async #extend(document: PolicyDocument, file: Shaped, index: number, below: readonly string[]): Promise<void> {
    const name = file.extends?.[index] ?? ''
    const say = (message: string, advice: string) =>
      document.problems.push(document.problem(['extends', index], 'value', message, advice))
    if (!idForm.test(name)) {
      say(`"${name}" is not the name of a policy`, 'write the file name without folder and without .yaml')
      return
    }
    const found = await this.#library.open(document.source.file, `${name}.yaml`)
    if (!(found instanceof Source)) say(`there is no policy "${name}" to extend: ${found.message}`, found.advice)
    else if (below.includes(found.file))
      say(`"${name}" extends this file in turn`, 'remove one of the two; a policy cannot be its own ground')
    // A file that two others extend counts once, where it is first named: counted again, it would undo what was laid over it.
    else if (this.#laid.has(found.file)) return
    else if (this.#laid.size >= mostFiles) say(`the policy extends more than ${mostFiles} files`, 'put some of them together')
    else await this.add(new PolicyDocument(found.file, found.text), below)
  }
}

function settingsOf(file: Shaped): SettingsDefinition {
  const { hold, on_cut, on_block, unknown, media, reasoning, prompt, require_terminal } = file
  const given = { hold, on_cut, on_block, unknown, media, reasoning, prompt, require_terminal }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function overlay(under: SettingsDefinition, over: SettingsDefinition): SettingsDefinition {
  const merged: Record<string, unknown> = { ...under }
  for (const [field, value] of Object.entries(over)) {
    const below = merged[field]
    merged[field] = typeof value === 'object' && typeof below === 'object' ? { ...below, ...value } : value
  }
  return merged
}
