/** Turns a table of what clients must do into tests: each cell is one client reading one case. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Asks, type Case, cases, secret } from './cases.ts'
import { summed, type Wire } from './dialect.ts'
import { type Service, startService, type Visit } from './service.ts'
import { callText, Telling } from './telling.ts'
import { transcriptFile, transcriptOf } from './transcript.ts'

/** Where a client goes, and what it is to do there. */
export interface Journey {
  readonly url: string
  readonly told: Case
  readonly signal: AbortSignal
  /** Whether the client may try again: where it must not, that is for the client to see; elsewhere no test waits for it. */
  readonly retries: boolean
}

/** One way one client has of reading an answer. */
export interface Reader {
  /** Words by which the table's columns choose: `openai-7 raw`. */
  readonly name: string
  readonly stream: boolean
  /** What it can ask for; everything unless given. */
  readonly asks?: readonly Asks[]
  /** Its request makes no difference to the bytes of the answer; true unless given. */
  readonly usual?: boolean
  /** It cannot be made to leave: its package lets go of the signal. */
  readonly stays?: boolean
  read(journey: Journey, telling: Telling): Promise<void>
}

/**
 * What readers must make of a case: a line (`telling.ts`) for each kind of reader. A key is words of readers' names, `stream`
 * or `whole`, or `all`; the key with the most words that fits a reader counts.
 */
export type Row = Readonly<Record<string, string>>
export type Table = Readonly<Record<string, Row>>

export function describeTable(wire: Wire, readers: readonly Reader[], table: Table): void {
  let service: Service
  const told = cases.filter((one) => wire.tells?.(one) ?? true)
  beforeAll(async () => {
    service = await startService()
  })
  afterAll(() => service.close())

  describe(`${wire.name}: what is sent`, () => {
    for (const one of told) {
      for (const stream of [true, false]) {
        // Whoever leaves before a whole answer is sent nothing.
        if (one.leaves && !stream) continue
        test(`${one.name}, ${modeOf(stream)}: as in the transcript`, async () => {
          const visit = service.open(wire, one, stream)
          await byHand(wire, visit, one, stream)
          const sent = transcriptOf(visit.exchanges[0]!)
          expect(sent).not.toContain(secret)
          await expect(sent).toMatchFileSnapshot(transcriptFile(wire.name, one.name, stream))
        })
      }
    }
  })

  test(`${wire.name}: the table has a row for every case and no other`, () => {
    expect(Object.keys(table)).toEqual(told.map(({ name }) => name))
  })

  describe.for(told)(`${wire.name}: $name`, (told) => {
    const able = readers.filter(({ asks, stays }) => (asks?.includes(told.asks) ?? true) && !(stays && told.leaves))
    test.for(able)('$name', { concurrent: true }, async (reader, context) => {
      const visit = service.open(wire, told, reader.stream)
      const telling = await tellingOf(reader, visit, told)
      const line = telling.line(visit.exchanges.length)
      noted([wire.name, told.name, reader.name, modeOf(reader.stream), line])
      context.expect(line).toBe(lineFor(table[told.name] ?? {}, reader))
      promises(context.expect as typeof expect, reader, visit, told, telling)
      // Between which frames a busy machine is silent is its own affair, too.
      if (reader.usual === false || (told.leaves && !reader.stream) || told.script.includes('pause')) return
      const file = transcriptFile(wire.name, told.name, reader.stream)
      if (existsSync(file)) context.expect(transcriptOf(visit.exchanges[0]!)).toBe(readFileSync(file, 'utf8'))
    })
  })
}

/** What all clients make of all cases, as lines of JSON in the file `SLUICE_TELL`: where a package moves, that is the new table. */
function noted(cell: readonly string[]): void {
  const file = process.env['SLUICE_TELL']
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(cell)}\n`)
}

/** For machines that are busy. */
const patience = { timeout: 5000, interval: 10 }

async function tellingOf(reader: Reader, visit: Visit, told: Case): Promise<Telling> {
  const leaving = new AbortController()
  const telling = new Telling(() => {
    if (told.leaves && reader.stream) leaving.abort()
  })
  const retries = told.name.startsWith('block') || /^(openai|anthropic)/.test(reader.name)
  const reading = reader
    .read({ url: visit.url, told, signal: leaving.signal, retries }, telling)
    .catch((error: unknown) => telling.fails(error))
  if (told.leaves && !reader.stream) {
    await vi.waitFor(() => expect(visit.asked).toBe(1), patience)
    leaving.abort()
  }
  await reading
  await vi.waitFor(
    () => expect(visit.exchanges.filter(({ end, trail }) => end === 'open' || trail === undefined)).toEqual([]),
    patience,
  )
  return telling
}

/** What holds in every cell, whatever it says. */
function promises(expected: typeof expect, reader: Reader, visit: Visit, told: Case, telling: Telling): void {
  const answer = visit.released.get('answer') ?? ''
  const whole = answer + told.notice
  // The text is what was released, the notice after it where there is one; of a failed answer it is its beginning.
  if (telling.failure === undefined && !told.leaves) expected([answer, whole]).toContain(telling.text)
  else expected(whole.startsWith(telling.text)).toBe(true)
  expected((visit.released.get('reasoning') ?? '').startsWith(telling.thought)).toBe(true)
  const known = summed(told.script).calls.map(({ name, input }) => callText(name, input.replace('Bomb', '***')))
  for (const call of [...telling.calls, ...telling.ran]) expected(known).toContain(call)
  expected(JSON.stringify(telling)).not.toContain('live-1')
  expected(visit.exchanges.map(({ sent }) => sent).join('')).not.toContain(secret)
  // A defect of a program, not an answer to one.
  expected(telling.failure ?? '').not.toMatch(/^(TypeError|RangeError|ReferenceError|with no error)/)
  if (told.leaves)
    expected([visit.exchanges.at(-1)?.trail?.exit, visit.abandoned, reader.name]).toEqual(['client_left', 1, reader.name])
}

function lineFor(row: Row, reader: Reader): string | undefined {
  const words = new Set([...reader.name.split(' '), modeOf(reader.stream), 'all'])
  const fitting = Object.keys(row).filter((key) => key.split(' ').every((word) => words.has(word)))
  const rank = (key: string): number => (key === 'all' ? 0 : key.split(' ').length)
  return row[fitting.sort((a, b) => rank(a) - rank(b)).at(-1) ?? '']
}

function modeOf(stream: boolean): string {
  return stream ? 'stream' : 'whole'
}

async function byHand(wire: Wire, visit: Visit, told: Case, stream: boolean): Promise<void> {
  const leaving = new AbortController()
  const response = await fetch(visit.url + wire.path(stream), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wire.request(told.prompt, told.asks, stream)),
    signal: leaving.signal,
  })
  let text = ''
  try {
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += piece
      if (told.leaves && text.includes('The sky')) leaving.abort()
    }
  } catch (error) {
    // Broken connections are in the transcript.
    if (!told.leaves && visit.exchanges[0]?.end !== 'broken') throw error
  }
  await vi.waitFor(() => expect(visit.exchanges[0]?.end).not.toBe('open'), patience)
}
