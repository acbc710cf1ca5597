/** Bounds and runtime pieces every guarded exchange runs with. */
import type { Channel } from '../terms/channel.ts'
import type { JudgeAskers } from '../terms/judge.ts'
import type { Plan } from '../terms/plan.ts'
import type { Trail } from '../terms/trail.ts'
import type { Counsel } from './choice.ts'

export interface Limits {
  /** Bytes of a request body or a whole response body. Default 8 MiB. */
  readonly most_body_bytes: number
  /** Bytes of one streamed frame. Default 4 MiB; real ones reach about 100 kB (image data). */
  readonly most_frame_bytes: number
  /**
   * Bytes of one stream's frames that may wait at a time. Default 8 MiB. A channel that falls silent in the middle of what
   * could become a finding keeps everything behind it waiting, and no cap in units sees that; beyond this it is a fault.
   */
  readonly most_held_bytes: number
  /** Milliseconds an upstream may stay silent, before its headers or between two reads. Default 60,000. */
  readonly idle_ms: number
  /** Milliseconds of silence towards the reader after which a keep-alive is written. Default 15,000; 0: none. */
  readonly keep_alive_ms: number
  /**
   * Inquiries of one exchange to all its judges; each beyond is a fault. Default 1,000. Platforms bound what a request may call
   * (Workers: 10,000 times, on the free plan 50), and an inquiry may be two calls, where it is tried again.
   */
  readonly most_inquiries: number
}

export const defaultLimits: Limits = {
  most_body_bytes: 8 * 1024 * 1024,
  most_frame_bytes: 4 * 1024 * 1024,
  most_held_bytes: 8 * 1024 * 1024,
  idle_ms: 60_000,
  keep_alive_ms: 15_000,
  most_inquiries: 1000,
}

export function limitsOf({ limits }: Pick<GuardOptions, 'limits'>): Limits {
  return { ...defaultLimits, ...limits }
}

export interface Pipe {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
}

/** Looks on while text passes; for `sluice replay`, the demonstration and tests. Must not throw. */
export interface Observer {
  /** After each text that was read: the channel, the UTF-16 units of it that are held (after a cut none), and those that came so far. */
  read?(channel: Channel, held: number, received: number): void
  /** What leaves of a channel, masks applied, notices not included, and how many units of the text as received it stands for. */
  released?(channel: Channel, text: string, units: number): void
}

/** What guarding needs beside the request and the response. */
export interface GuardOptions {
  readonly plan: Plan
  /** Names the exchange in the trail and in `x-sluice-id`; a random UUID by default. */
  readonly id?: string
  /** The reader's signal: when it fires, the upstream call is aborted. */
  readonly signal?: AbortSignal
  /** The end-of-exchange hook: called exactly once, on every exit. What it throws is swallowed. */
  readonly onEnd?: (trail: Trail) => void
  /** Keeps the runtime alive until the exchange is over (Workers' `ctx.waitUntil`). */
  readonly waitUntil?: (promise: Promise<unknown>) => void
  readonly limits?: Partial<Limits>
  /** The pipe between the pump and the reader; an identity `TransformStream` by default. */
  readonly openPipe?: () => Pipe
  /** Milliseconds from some fixed point; only timings in the trail are read from it, never a decision. */
  readonly now?: () => number
  readonly observer?: Observer
  /** Loads a tokenizer, where one is needed: tokens that no upstream tells of are estimated with it, for the trail and for endings. */
  readonly tokens?: () => Promise<CountTokens>
  /** How each judge of the policy is asked, by its name there. One that nobody knows how to ask is a fault. */
  readonly judges?: JudgeAskers
  /**
   * What the reader reads, in the form of `Accept-Language`: notices that the policy has in several languages are told in the one
   * that suits best. Absent: in the policy's first.
   */
  readonly languages?: string
  /** A plan that looks on and touches nothing: what it would have done is in the trail (`shadow`). */
  readonly shadow?: Counsel
}

/** How many tokens a text has, about. */
export type CountTokens = (text: string) => number
