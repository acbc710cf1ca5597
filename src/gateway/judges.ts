/** How this service asks the judges of the policies that rule: set up once for each plan, when it first rules. */
import { SluiceError } from '../errors.ts'
import { askersFor } from '../judges/askers.ts'
import type { Means } from '../judges/means.ts'
import type { AskJudge, Judge, JudgeAskers } from '../terms/judge.ts'
import type { Plan } from '../terms/plan.ts'
import { rehearsalAi, rehearsalJudge } from './rehearsal/judge.ts'

/**
 * `rehearsal`: the stand-in of development answers, because nobody else is set up. Anything else says what is missing, or that
 * its breaker is open: nobody asks it for a while, as far as this isolate has learned.
 */
export type JudgeState = 'ready' | 'rehearsal' | { readonly missing: string } | { readonly left_alone: string }

interface SetUp {
  readonly askers: JudgeAskers
  readonly states: Readonly<Record<string, () => JudgeState>>
}

export interface JudgesOptions {
  /** Variables, secrets and bindings, by name. */
  readonly env: Readonly<Record<string, unknown>>
  /** Loads the `openai` package, for judges that are asked through it. */
  readonly openai?: Means['openai']
  /** In development a judge that is not set up is stood in for. */
  readonly rehearses: boolean
  /** Told once of each judge of a plan that cannot be asked. */
  readonly onMissing: (policy: string, judge: string, error: SluiceError) => void
}

/**
 * A judge that cannot be asked breaks neither the other judges nor another policy: each question to it is a fault, and what
 * comes of that the policy says.
 */
export class Judges {
  readonly #options: JudgesOptions
  readonly #known = new WeakMap<Plan, SetUp>()

  constructor(options: JudgesOptions) {
    this.#options = options
  }

  askers(plan: Plan): JudgeAskers {
    return this.#setUp(plan).askers
  }

  /** By the judge's name; undefined where the plan has none. */
  states(plan: Plan): Readonly<Record<string, JudgeState>> | undefined {
    if (plan.judges.length === 0) return undefined
    return Object.fromEntries(Object.entries(this.#setUp(plan).states).map(([name, state]) => [name, state()]))
  }

  #setUp(plan: Plan): SetUp {
    const known = this.#known.get(plan)
    if (known !== undefined) return known
    const made = plan.judges.map((judge) => ({ judge, ...this.#make(judge, plan.name) }))
    const setUp = {
      askers: Object.fromEntries(made.map(({ judge, ask }) => [judge.name, ask])),
      states: Object.fromEntries(made.map(({ judge, state }) => [judge.name, state])),
    }
    this.#known.set(plan, setUp)
    return setUp
  }

  #make(judge: Judge, policy: string): { ask: AskJudge; state: () => JudgeState } {
    const { env, openai, rehearses, onMissing } = this.#options
    const loader = openai && { openai }
    let faults = 0
    const onLeftAlone = (_judge: string, inARow: number): void => {
      faults = inARow
    }
    try {
      const ask = asked(judge, { ...meansOf(env), ...loader, onLeftAlone })
      return { ask, state: () => (faults > 0 ? { left_alone: `after ${faults} faults in a row` } : 'ready') }
    } catch (cause) {
      if (rehearses) return { ask: asked(judge, { ...standIns, ...loader }), state: () => 'rehearsal' }
      const error = cause instanceof SluiceError ? cause : new SluiceError('internal', 'a judge cannot be set up', { cause })
      onMissing(policy, judge.name, error)
      const ask: AskJudge = async () => ({ kind: 'fault', fault: 'refused', detail: error.message, calls: 0 })
      return { ask, state: () => ({ missing: error.message }) }
    }
  }
}

/** @throws SluiceError `configuration` */
function asked(judge: Judge, means: Means): AskJudge {
  const ask = askersFor([judge], means)[judge.name]
  if (ask === undefined)
    throw new SluiceError('configuration', `The judge "${judge.name}" is of the kind ${judge.kind}, which a service has none of.`)
  return ask
}

function meansOf(env: JudgesOptions['env']): Means {
  return {
    variable: (name) => {
      const value = env[name]
      return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
    },
    binding: (name) => env[name],
  }
}

/** Every variable has a value that fits, and whatever is asked stays in the process. */
const standIns: Means = {
  variable: (name) => (/(?:URL|ENDPOINT|ADDRESS|HOST)$/.test(name) ? 'http://rehearsal.invalid/v1' : 'rehearsal'),
  binding: () => rehearsalAi,
  fetch: rehearsalJudge,
}
