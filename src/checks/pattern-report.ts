/** What a pattern costs before anyone pays for it: states, the longest it can hold, what it holds of ordinary text, and why. */
import { Engine } from '../text/pattern/engine.ts'
import { merge } from '../text/pattern/merged.ts'
import type { PatternProgram } from '../text/pattern/program.ts'
import { patternMatcher } from './pattern.ts'

export interface PatternReport {
  /** States of its automaton; `mostStates` where it has that many or more. */
  readonly states: number
  /** Units of its shortest and longest match; the longest is `most` where that is less. */
  readonly shortest: number
  readonly longest: number
  /** Units held on average at each unit of ordinary text, were the rule to hold. */
  readonly held: { readonly english: number; readonly chinese: number; readonly code: number }
  /** What to change where it is dear; empty where it is not. */
  readonly advice: readonly string[]
}

export const mostStates = 500

/** Units of hold a policy allows unless it says otherwise. */
const usualHold = 4000
/** More than this on average is noticed by a reader: every other word comes late. */
const dearHold = 0.5

const ordinary = {
  english:
    'The committee met again on Tuesday, 14 March 2023, to go through the plans for the new library. Most of the 120 seats were taken; ' +
    'people had come from as far as Exeter. "We can\'t wait another year," said Mrs. Hall, who runs the shop next door (open 9:00-17:30). ' +
    'The cost, about £1,250,000 or 3.5% of the budget, would be shared. See https://example.org/plans for the drawings, or ask at the desk. ' +
    'Nobody objected, and so, at half past eight, the chair thanked everyone and closed the meeting.',
  chinese:
    '星期二晚上，委员会再次开会，讨论新图书馆的计划。一百二十个座位几乎都坐满了，有人从很远的地方赶来。“我们不能再等一年了，”' +
    '隔壁书店的店主说。费用大约是1250万元，占预算的3.5%，由两个区分担。图纸可以在网站https://example.org上看到，也可以到服务台询问。' +
    '没有人反对，于是八点半，主席向大家表示感谢，宣布散会。下一次会议定在2023年4月11日。',
  code:
    'export async function load(path: string, retries = 3): Promise<Map<string, number>> {\n  const seats = new Map<string, number>()\n' +
    '  for (let i = 0; i < retries; i++) {\n    const response = await fetch(base + "/plans/" + path + "?v=1.2.0", { headers: { accept: "text/csv" } })\n' +
    '    if (!response.ok) continue // 503 while it restarts\n    for (const line of (await response.text()).split("\\n")) {\n' +
    '      const [name, count] = line.split(",")\n      seats.set(name.trim(), Number.parseInt(count, 10) || 0)\n    }\n    return seats\n  }\n' +
    '  throw new Error("no answer after " + retries + " tries")\n}\n',
} as const

export function patternReport(program: PatternProgram): PatternReport {
  const { check: _, ...unchecked } = program
  const matcher = patternMatcher([{ rule: 0, effect: { holds: true, stops: false }, spec: unchecked }])
  const heldOf = (text: string) => {
    const run = matcher.open()
    let held = 0
    for (let i = 0; i < text.length; i++) {
      run.push(text, i, i + 1)
      held += i + 1 - run.safeTo
    }
    return held / text.length
  }
  const held = { english: heldOf(ordinary.english), chinese: heldOf(ordinary.chinese), code: heldOf(ordinary.code) }
  const states = countStates(unchecked)
  const longest = program.most || program.longest
  return { states, shortest: program.shortest, longest, held, advice: adviceOn(states, longest, held) }
}

function countStates(program: PatternProgram): number {
  const { all } = new Engine(merge([program]), { holds: [true], keeps: [false], mostStates: mostStates + 1 })
  for (let at = 0; at < all.states.length; at++)
    for (let unitClass = 0; unitClass < all.merged.classes; unitClass++) {
      if (all.states.length >= mostStates || all.epoch > 0) return mostStates
      all.follow(all.states[at]!, unitClass)
    }
  return all.states.length
}

function adviceOn(states: number, longest: number, held: PatternReport['held']): string[] {
  const advice: string[] = []
  if (states >= mostStates)
    advice.push(
      'many places of it can be under way at once: let nothing that it goes on with stand before it, as in (?<![\\w-]), or use + or * with `most` in place of large counts',
    )
  if (longest > usualHold)
    advice.push(
      `up to ${longest} units may be held, more than the ${usualHold} a policy allows by default: lower \`most\` or the counts`,
    )
  const dear = Object.entries(held).filter(([, mean]) => mean > dearHold)
  if (dear.length > 0) {
    const where = dear.map(
      ([kind, mean]) =>
        `${mean.toFixed(1)} units of ${kind === 'code' ? 'code' : `ordinary ${kind === 'english' ? 'English' : 'Chinese'}`}`,
    )
    advice.push(
      `ordinary words begin like it, so that it holds ${where.join(', ')} on average: begin it with signs that are rare`,
    )
  }
  return advice
}
