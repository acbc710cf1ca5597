/** Takes times of pieces of work side by side, so that what the machine does meanwhile befalls all of them alike. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Work over the beginning of a text, made ready beforehand. */
export interface Job {
  /** UTF-16 units (or events) one run goes through. */
  readonly units: number
  /** @returns a number that depends on everything that was found: whoever skips work returns another. */
  run(): number
}

export interface Contender {
  readonly name: string
  /** Makes a job of at most so many units. */
  job(units: number): Job
}

export interface Effort {
  readonly rounds: number
  /** Milliseconds one sample should take. */
  readonly sampleMs: number
  /** A contender is warm when it has not become faster for so many milliseconds. */
  readonly warmMs: number
  /** Units a job may have at most. */
  readonly mostUnits: number
}

export interface Measured {
  readonly name: string
  /** Nanoseconds for one unit, a figure a round. */
  readonly samples: readonly number[]
  /** Median of the samples. */
  readonly nanoseconds: number
  /** Units of the job, which is made smaller for the slow. */
  readonly units: number
}

/** A contender too slow to be measured; the message says how slow. */
export class TooSlow extends Error {
  constructor(name: string, milliseconds: number, units: number) {
    super(`${name}: ${units} units take ${Math.round(milliseconds)} ms`)
  }
}

/** What jobs returned: kept and printed with the report, so that no compiler can prove that nobody looks. */
let kept = 0

export const whatJobsReturned = (): number => kept

export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((one, other) => one - other)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

/** Median over the rounds of `slower / faster`, each ratio taken within one round. */
export function ratio(slower: Measured, faster: Measured): number {
  return median(slower.samples.map((sample, round) => sample / (faster.samples[round] as number)))
}

/**
 * Processor time of the whole process since `start`, in milliseconds: what others do on the machine is not in it, and what
 * the garbage collector does beside us is.
 */
function spentSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

function milliseconds(job: Job, times = 1): number {
  const start = process.cpuUsage()
  for (let time = 0; time < times; time++) kept = (kept + job.run()) % 1_000_003
  return spentSince(start)
}

/** A first run that takes longer, in milliseconds, is not tried again at that size. */
const mostMilliseconds = 2000

/** A job of a size that takes about `sampleMs`, warmed up; sizes grow from small, because some are a million times slower. */
function fitted({ name, job }: Contender, { sampleMs, warmMs, mostUnits }: Effort): { job: Job; times: number } {
  let units = Math.min(100, mostUnits)
  let smaller: Job | undefined
  for (;;) {
    const candidate = job(units)
    const first = milliseconds(candidate)
    if (first > mostMilliseconds) {
      if (smaller === undefined || smaller.units < 1000) throw new TooSlow(name, first, candidate.units)
      return { job: smaller, times: 1 }
    }
    const took = Math.max(0.001, first > sampleMs ? first : milliseconds(candidate))
    if (units >= mostUnits || took > sampleMs / 2) {
      return { job: candidate, times: Math.max(1, Math.round(sampleMs / warmedUp(candidate, took, warmMs))) }
    }
    smaller = candidate
    units = Math.min(mostUnits, Math.ceil(units * Math.min(8, Math.max(1.5, sampleMs / took))))
  }
}

/**
 * Runs until it does not get faster any more: what runs often is compiled again and again, on another thread, and on a busy
 * machine that takes its time (a whole gateway was seen to go from 16 to 2 µs an event within a second).
 *
 * @returns the milliseconds of the fastest run.
 */
function warmedUp(job: Job, took: number, warmMs: number): number {
  let best = took
  let idle = 0
  for (let spent = 0; idle < warmMs && spent < 20 * warmMs; ) {
    const now = Math.max(0.001, milliseconds(job))
    spent += now
    idle += now
    if (now < best * 0.97) idle = 0
    best = Math.min(best, now)
  }
  return best
}

/**
 * Measures the contenders in turn, round after round; who begins moves on each round. The heap is not collected in between:
 * a forced collection takes the shapes of objects with it that happen not to live just then, and the code compiled for
 * them, which made a gateway five times slower than it is.
 */
export function alternate(contenders: readonly Contender[], effort: Effort): Measured[] {
  const ready = contenders.map((contender) => fitted(contender, effort))
  const samples = contenders.map((): number[] => [])
  for (let round = 0; round < effort.rounds; round++) {
    for (let turn = 0; turn < ready.length; turn++) {
      const index = (round + turn) % ready.length
      const { job, times } = ready[index] as (typeof ready)[number]
      samples[index]?.push((milliseconds(job, times) * 1e6) / times / job.units)
    }
  }
  return contenders.map(({ name }, index) => {
    const figures = samples[index] as number[]
    return { name, samples: figures, nanoseconds: median(figures), units: (ready[index] as (typeof ready)[number]).job.units }
  })
}

export interface Built<Value> {
  readonly value: Value
  readonly milliseconds: number
  /** Bytes of heap and array buffers more than before; native memory is not seen. */
  readonly bytes: number
}

/** Builds once, and says what it cost. */
export function build<Value>(make: () => Value): Built<Value> {
  const before = bytesInUse()
  const start = process.cpuUsage()
  const value = make()
  const took = spentSince(start)
  return { value, milliseconds: took, bytes: bytesInUse() - before }
}

const sweepingMs = 100

/** The median of building `times` times over, in milliseconds. */
export function buildTime(make: () => unknown, times: number): number {
  return median(
    Array.from({ length: times }, () => {
      collectGarbage()
      // The collector sweeps on beside us: what is left of that is not the work's, and may be five times a short one's.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, sweepingMs)
      const start = process.cpuUsage()
      const made = make()
      const took = spentSince(start)
      kept = (kept + Number(made !== undefined)) % 1_000_003
      return took
    }),
  )
}

export function bytesInUse(): number {
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
