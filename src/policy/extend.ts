/** Lays a policy over those it extends: rules by id, judges by name, settings field by field; what comes later is above. */
import type { SettingsDefinition } from './definition.ts'
import { PolicyDocument } from './document.ts'
import { idForm } from './forms.ts'
import { compileJudges, type PlacedJudge } from './judge-entries.ts'
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
  readonly judges: ReadonlyMap<string, PlacedJudge>
  /** Each file with those it extends, in turn: what a file may know of. */
  readonly grounds: ReadonlyMap<PolicyDocument, ReadonlySet<PolicyDocument>>
  readonly documents: readonly PolicyDocument[]
}

/** Files one policy may lean on in all. */
const mostFiles = 64

export async function stack(source: Source, library: Library): Promise<Stack> {
  const layers = new Layers(library)
  const file = await layers.add(new PolicyDocument(source.file, source.text), [])
  const { settings, rules, judges, grounds, documents } = layers
  return { file, settings, rules, judges, grounds, documents }
}

class Layers {
  settings: SettingsDefinition = {}
  readonly rules = new Map<string, CompiledRule>()
  readonly judges = new Map<string, PlacedJudge>()
  readonly grounds = new Map<PolicyDocument, Set<PolicyDocument>>()
  readonly documents: PolicyDocument[] = []
  readonly #library: Library
  readonly #laid = new Map<string, PolicyDocument>()

  constructor(library: Library) {
    this.#library = library
  }

  /** @param below the files that are being extended towards this one, the policy itself first. */
  async add(document: PolicyDocument, below: readonly string[]): Promise<Shaped> {
    const name = document.source.file
    this.#laid.set(name, document)
    this.documents.push(document)
    this.grounds.set(document, new Set([document]))
    const file = readShape(document)
    for (const index of (file.extends ?? []).keys()) await this.#extend(document, file, index, [...below, name])
    this.settings = overlay(this.settings, settingsOf(file))
    for (const judge of compileJudges(document, file)) this.judges.set(judge.name, judge)
    for (const rule of await compileRules(document, file, this.#library)) this.rules.set(rule.definition.id, rule)
    return file
  }

  async #extend(document: PolicyDocument, file: Shaped, index: number, below: readonly string[]): Promise<void> {
    const name = file.extends?.[index] ?? ''
    const say = (message: string, advice: string) =>
      document.problems.push(document.problem(['extends', index], 'value', message, advice))
    const bare = name.replace(/\.ya?ml$/, '')
    if (bare !== name && idForm.test(bare)) {
      say(`"${name}" is the name of a file`, `write the policy's: ${bare}`)
      return
    }
    if (!idForm.test(name)) {
      say(`"${name}" is not the name of a policy`, 'write the file name without folder and without .yaml')
      return
    }
    const found = await this.#library.policy(document.source.file, name)
    if (!(found instanceof Source)) say(`there is no policy "${name}" to extend: ${found.message}`, found.advice)
    else if (below.includes(found.file))
      say(`"${name}" extends this file in turn`, 'remove one of the two; a policy cannot be its own ground')
    // A file that two others extend counts once, where it is first named: counted again, it would undo what was laid over it.
    else if (this.#laid.has(found.file)) this.#stand(document, this.#laid.get(found.file) as PolicyDocument)
    else if (this.#laid.size >= mostFiles) say(`the policy extends more than ${mostFiles} files`, 'put some of them together')
    else {
      const ground = new PolicyDocument(found.file, found.text)
      await this.add(ground, below)
      this.#stand(document, ground)
    }
  }

  #stand(document: PolicyDocument, on: PolicyDocument): void {
    for (const ground of this.grounds.get(on) ?? []) this.grounds.get(document)?.add(ground)
  }
}

function settingsOf(file: Shaped): SettingsDefinition {
  const { release, hold, on_cut, on_block, unknown, media, reasoning, prompt, require_terminal } = file
  const given = { release, hold, on_cut, on_block, unknown, media, reasoning, prompt, require_terminal }
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
