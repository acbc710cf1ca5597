/** Reads texts under a pack as it is deployed, and tells what it did to them. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Held } from '../../src/cli/replay/held.ts'
import { TextGate } from '../../src/gate/text-gate.ts'
import { compilePolicy, loadPlan, packPlan } from '../../src/policy/index.ts'
import type { Plan } from '../../src/terms/plan.ts'
import type { Span } from '../../src/terms/span.ts'

export const policiesFolder = fileURLToPath(new URL('../../policies', import.meta.url))

export interface Pack {
  readonly name: string
  readonly plan: Plan
  readonly artifact: Uint8Array
}

/** The pack of that name, through its artifact: what is measured is what rules. */
export async function packNamed(name: string): Promise<Pack> {
  const file = `${policiesFolder}/${name}.yaml`
  const compiled = await compilePolicy(readFileSync(file, 'utf8'), { file, readFile: (path) => readFileSync(path) })
  const artifact = packPlan(compiled)
  return { name, plan: loadPlan(artifact), artifact: new Uint8Array(artifact.buffer, artifact.byteOffset, artifact.byteLength) }
}

export interface Outcome {
  readonly cut: boolean
  /** Something was masked, or the answer cut. */
  readonly touched: boolean
  /** Findings of every rule, those that only record included. */
  readonly found: readonly (Span & { readonly rule: string })[]
}

/** Units in a piece, as many as a token has of English. */
const pieceUnits = 4

/** @param held counts what waits after each piece. */
export function readUnder({ plan }: Pack, text: string, kind: 'answer' | 'prompt' = 'answer', held?: Held): Outcome {
  const gate = new TextGate(plan, { name: kind, scope: '0', kind }, 'hear')
  // Judges that see nothing: what is counted is how often they are asked.
  const heard = (): string => {
    let released = ''
    for (let asked = gate.inquiries(); asked.length > 0; asked = gate.inquiries())
      for (const { id } of asked) released += gate.settle(id, { kind: 'opinions', opinions: [] })
    return released
  }
  let released = ''
  for (let at = 0; at < text.length && !gate.isCut; at += pieceUnits) {
    released += gate.push(text.slice(at, at + pieceUnits)) + heard()
    held?.add(gate.held)
  }
  released += gate.end() + heard()
  const findings = gate.watch.findings.list()
  return {
    cut: gate.isCut,
    touched: released !== text,
    found: findings.map(({ rule, start, end }) => ({ rule: plan.rules[rule]?.id ?? '', start, end })),
  }
}
