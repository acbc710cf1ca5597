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
  readonly held: Readonly<Record<string, Held>>
  /** The same without the two patterns that every word of a text may be the beginning of. */
  readonly heldWithout: Readonly<Record<string, Held>>
}

interface Held {
  readonly mean: number
  readonly p99: number
}

/** Any word may be the beginning of an address, and any of a URL: they hold what nothing else would. */
const beginAnywhere = ['email', 'url-credentials']

const pieceUnits = 4

/** @param terms how many, half of them English and half Chinese. */
export function benchTextGate(
  report: Report,
  effort: Effort,
  material: Material,
  programs: readonly PatternProgram[],
  terms: number,
): TextGateOutcome {
  const english = material.terms('English', terms / 2)
  const chinese = material.terms('Chinese', terms / 2)
  const plan = fullPlan(english, chinese, programs)
  const planWithout = fullPlan(english, chinese, programs, beginAnywhere)
  const texts = { English: material.prose.English, Chinese: material.prose.Chinese, code: material.code }
  const what = `The gate · ${terms.toLocaleString('en')} terms and 50 patterns, case folded, masks written · ns per piece of 4 units`
  let piece = 0
  let toParsing = 0
  const held: Record<string, Held> = {}
  const heldWithout: Record<string, Held> = {}
  for (const [language, text] of Object.entries(texts)) {
    const [ours, parsing] = alternate([gate(plan, text), parse(text)], effort) as [Measured, Measured]
    const one = { figure: parsing.nanoseconds * pieceUnits, ours: ours.nanoseconds * pieceUnits, ratio: ratio(parsing, ours) }
    tell(report, { what, language, contender: 'JSON.parse of its event', ...one })
    piece = Math.max(piece, one.ours)
    toParsing = Math.max(toParsing, ratio(ours, parsing))
    const pieces = piecesOf(text.slice(0, effort.mostUnits))
    held[language] = heldBy(plan, pieces)
    heldWithout[language] = heldBy(planWithout, pieces)
  }
  return { piece, toParsing, held, heldWithout }
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
