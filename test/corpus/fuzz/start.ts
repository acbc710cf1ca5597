/** Starts the fuzz and watches it: a stream that takes a minute hangs, and ends the run. */
import { Worker } from 'node:worker_threads'
import type { Material } from './one-stream.ts'

export interface FuzzOrder {
  readonly seed: number
  readonly from: number
  readonly to: number
}

/** What the thread says. */
export type FuzzWord =
  | { readonly kind: 'begins'; readonly stream: number }
  | { readonly kind: 'wrong'; readonly stream: number; readonly name: string; readonly wrong: string }
  | {
      readonly kind: 'ends'
      readonly stream: number
      readonly exit: string
      readonly size: number
      readonly memory: number
      readonly took: number
    }
  | { readonly kind: 'over' }

export interface FuzzReport {
  streams: number
  readonly wrong: string[]
  readonly exits: Record<string, number>
  /** The greatest of what the thread had allocated after a stream, in bytes; collected now and then only. */
  memory: number
  /** Bytes sent in all, and by the largest stream. */
  bytes: number
  largest: number
  slowest: { stream: number; took: number }
}

const patience = 60_000
/** Megabytes of heap the thread may have; beyond them it is ended with an error. */
const mostHeap = 512
const enough = 20

export function fuzz(materials: readonly Material[], order: FuzzOrder): Promise<FuzzReport> {
  const report: FuzzReport = {
    streams: 0,
    wrong: [],
    exits: {},
    memory: 0,
    bytes: 0,
    largest: 0,
    slowest: { stream: -1, took: 0 },
  }
  const worker = new Worker(new URL('./fuzz-worker.ts', import.meta.url), {
    workerData: { ...order, materials },
    resourceLimits: { maxOldGenerationSizeMb: mostHeap },
    execArgv: [],
  })
  return new Promise((resolve) => {
    let current = order.from
    const end = (wrong?: string): void => {
      clearTimeout(timer)
      if (wrong !== undefined) report.wrong.push(`stream ${current} of seed ${order.seed}: ${wrong}`)
      void worker.terminate()
      resolve(report)
    }
    const timer = setTimeout(() => end(`took longer than ${patience} ms`), patience)
    worker.on('error', (error) => end(String(error)))
    worker.on('message', (word: FuzzWord) => {
      timer.refresh()
      switch (word.kind) {
        case 'begins':
          current = word.stream
          break
        case 'wrong':
          report.wrong.push(`stream ${word.stream} of seed ${order.seed} (${word.name}) ${word.wrong}`)
          if (report.wrong.length >= enough) end()
          break
        case 'ends':
          report.streams++
          report.exits[word.exit] = (report.exits[word.exit] ?? 0) + 1
          report.memory = Math.max(report.memory, word.memory)
          report.bytes += word.size
          report.largest = Math.max(report.largest, word.size)
          if (word.took > report.slowest.took) report.slowest = { stream: word.stream, took: word.took }
          break
        case 'over':
          end()
      }
    })
  })
}
