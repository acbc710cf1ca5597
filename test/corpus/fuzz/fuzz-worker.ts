/** Runs the fuzz's streams in a thread of its own, so that whoever watches can end one that hangs. */
import { parentPort, workerData } from 'node:worker_threads'
import { type Material, runStream } from './one-stream.ts'
import type { FuzzOrder, FuzzWord } from './start.ts'

const { materials, seed, from, to } = workerData as FuzzOrder & { readonly materials: readonly Material[] }

const say = (word: FuzzWord): void => parentPort?.postMessage(word)

for (let stream = from; stream < to; stream++) {
  say({ kind: 'begins', stream })
  try {
    const { name, wrong, exit, size, took } = await runStream(materials, seed, stream)
    if (wrong !== undefined) say({ kind: 'wrong', stream, name, wrong })
    const { arrayBuffers, heapUsed } = process.memoryUsage()
    say({ kind: 'ends', stream, exit, size, memory: arrayBuffers + heapUsed, took })
  } catch (error) {
    say({ kind: 'wrong', stream, name: '', wrong: `threw ${error instanceof Error ? error.stack : String(error)}` })
  }
}
say({ kind: 'over' })
