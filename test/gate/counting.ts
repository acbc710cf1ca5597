/** Matchers that count their work. */
import type { Matcher, MatcherRun } from '../../src/terms/matcher.ts'
import type { Plan } from '../../src/terms/plan.ts'

export interface Work {
  forks: number
  /** UTF-16 units pushed into any of the runs. */
  units: number
}

/** The same plan; what the runs of its matchers do is counted. */
export function counting(plan: Plan): { plan: Plan; work: Work } {
  const work = { forks: 0, units: 0 }
  const watched = (run: MatcherRun): MatcherRun => ({
    push(text, from = 0, to = text.length) {
      const reached = run.push(text, from, to)
      work.units += reached - from
      return reached
    },
    end: () => run.end(),
    take: () => run.take(),
    get safeTo() {
      return run.safeTo
    },
    begunFrom: (rule) => run.begunFrom(rule),
    fork() {
      work.forks++
      return watched(run.fork())
    },
  })
  const counted = (matcher: Matcher): Matcher => ({ open: (stopAt) => watched(matcher.open(stopAt)) })
  const matchers = Object.fromEntries(Object.entries(plan.matchers).map(([kind, list]) => [kind, list.map(counted)]))
  return { plan: { ...plan, matchers } as unknown as Plan, work }
}
