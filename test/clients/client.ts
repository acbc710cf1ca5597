/** What the suite must know of a client. */
import type { Cell, Protocol, Read } from './cases.ts'

export interface Client {
  readonly name: string
  readonly protocols: readonly Protocol[]
  /** Streamed, whole. */
  readonly modes: readonly boolean[]
  /** The client hides how a stream ended. */
  readonly hidesFinish?: true
  /** What has to be installed before it can read; undefined where all is there. */
  missing(): Promise<string | undefined>
  /** @param url where Sluice is; @returns a reading for each cell, in order. */
  read(url: string, cells: readonly Cell[]): Promise<Read[]>
}

/** A request as people write it by hand. */
export function requestOf({ protocol, stream, prompt }: Cell): { readonly path: string; readonly body: object } {
  if (protocol === 'chat') {
    const messages = [{ role: 'user', content: prompt }]
    return { path: '/v1/chat/completions', body: { model: 'rehearsal', stream, messages } }
  }
  return { path: '/v1/completions', body: { model: 'rehearsal', stream, prompt } }
}

interface Chunk {
  readonly error?: unknown
  readonly choices?: readonly {
    readonly text?: string
    readonly delta?: { readonly content?: string | null }
    readonly message?: { readonly content?: string | null }
    readonly finish_reason?: string | null
  }[]
}

/** Adds up what chunks say, as whoever parses them by hand does. */
export class Sum {
  text = ''
  finish: string | null = null
  error: string | null = null

  /** The data of an event. */
  data(data: string): void {
    if (data !== '[DONE]') this.chunk(JSON.parse(data) as Chunk)
  }

  chunk({ error, choices = [] }: Chunk): void {
    if (error !== undefined) this.error = `error ${JSON.stringify(error)}`
    for (const { text, delta, message, finish_reason } of choices) {
      this.text += (delta ?? message)?.content ?? text ?? ''
      this.finish = finish_reason ?? this.finish
    }
  }

  get read(): Read {
    const { text, finish, error } = this
    return { text, finish, error }
  }
}
