/** Takes the record of each exchange to its sinks; nothing about a sink may delay or break a stream. */
import type { Trail } from '../terms/trail.ts'

export type TrailSink = (trail: Trail) => void | Promise<void>

/** One line of JSON on the console, which has no text in it: where logs are collected, it is a record. */
export function consoleSink(trail: Trail): void {
  console.log(JSON.stringify({ sluice: 'trail', ...trail }))
}

/** Hands the trail to every sink; one that fails is told of on the console, and the others get theirs. */
export function deliver(trail: Trail, sinks: readonly TrailSink[], waitUntil: (promise: Promise<unknown>) => void): void {
  for (const sink of sinks) {
    const delivery = Promise.resolve(trail)
      .then(sink)
      .catch((error: unknown) => {
        console.error(
          JSON.stringify({ sluice: 'sink_failed', trail: trail.id, error: error instanceof Error ? error.name : 'unknown' }),
        )
      })
    waitUntil(delivery)
  }
}
