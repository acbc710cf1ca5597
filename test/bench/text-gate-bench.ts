/** The whole policy of the targets on text in pieces of four units, beside the parsing of the events the pieces come in. */
import type { PatternProgram } from '../../src/checks/pattern.ts'
import type { Plan } from '../../src/terms/plan.ts'
import { eventData } from './events.ts'
import { flat, type Material, piecesOf } from './material.ts'
import { alternate, type Contender, type Effort, type Measured, ratio } from './measure.ts'
import { fullPlan, gateJob, heldBy } from './ours.ts'
import { type Report, tell } from './report.ts'

export interface TextGateOutcome {
  /** Nanoseconds for one piece of the text that takes longest. */
  readonly piece: number
  /** Ours : JSON.parse of the same event, on the text where that is worst. */
  readonly toParsing: number
  /** Units held after a piece, by text. */
  readonly held: Readonly<Record<string, { readonly mean: number; readonly p99: number }>>
}

const pieceUnits = 4

/** @param terms how many, half of them English and half Chinese. */
export function benchTextGate(
  report: Report,
  effort: Effort,
  material: Material,
  programs: readonly PatternProgram[],
  terms: number,
): TextGateOutcome {
  const plan = fullPlan(material.terms('English', terms / 2), material.terms('Chinese', terms / 2), programs)
  const texts = { English: material.prose.English, Chinese: material.prose.Chinese, code: material.code }
  const what = `The gate · ${terms.toLocaleString('en')} terms and 50 patterns, case folded, masks written · ns per piece of 4 units`
  let piece = 0
  let toParsing = 0
  const held: Record<string, { mean: number; p99: number }> = {}
  for (const [language, text] of Object.entries(texts)) {
    const [ours, parsing] = alternate([gate(plan, text), parse(text)], effort) as [Measured, Measured]
    const one = { figure: parsing.nanoseconds * pieceUnits, ours: ours.nanoseconds * pieceUnits, ratio: ratio(parsing, ours) }
    tell(report, { what, language, contender: 'JSON.parse of its event', ...one })
    piece = Math.max(piece, one.ours)
    toParsing = Math.max(toParsing, ratio(ours, parsing))
    held[language] = heldBy(plan, piecesOf(text.slice(0, effort.mostUnits)))
  }
  return { piece, toParsing, held }
}

function gate(plan: Plan, text: string): Contender {
  return { name: 'ours', job: (units) => gateJob(plan, piecesOf(text.slice(0, units), pieceUnits), units) }
}

interface EventShape {
  readonly choices: readonly { readonly delta: { readonly content: string } }[]
}

/** What any gateway has to do to get at the text of an event. */
export function parse(text: string): Contender {
  return {
    name: 'JSON.parse',
    job(units) {
      const events = piecesOf(text.slice(0, units), pieceUnits).map((piece, index) => flat(eventData(piece, index)))
      return {
        units,
        run() {
          let length = 0
          for (const event of events) length += (JSON.parse(event) as EventShape).choices[0]?.delta.content.length ?? 0
          return length
        },
      }
    },
  }
}
