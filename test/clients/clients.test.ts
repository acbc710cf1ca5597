/** Clients that people use by hand read what the deployed Worker sends: the text is the released text, and every end is told. */
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { browserClients } from './browser.ts'
import { api2d, curl } from './by-hand.ts'
import { type Cell, cases, expectedOf, type Read } from './cases.ts'
import type { Client } from './client.ts'
import { pythonClients } from './python.ts'

const clients: readonly Client[] = [...pythonClients, curl, ...browserClients, api2d]

/** Where everything has to be there, what is missing is a failure. */
const mustRun = process.env['CI'] !== undefined

for (const client of clients) {
  const rows = client.protocols.flatMap((protocol) =>
    client.modes.flatMap((stream) => cases.map(({ name, prompt, released }) => ({ protocol, stream, name, prompt, released }))),
  )
  const missing = await client.missing()
  if (missing !== undefined && !mustRun) {
    // A machine without Python or a browser tells what was not tried, each case counted, and what would have to be installed.
    describe.skip(`${client.name}: install ${missing}`, () => {
      test.each(rows)('$protocol, streamed: $stream, $name', () => {})
    })
    continue
  }
  describe(client.name, () => {
    let readings: Read[]

    beforeAll(async () => {
      expect(missing).toBeUndefined()
      readings = await client.read(
        inject('sluice'),
        rows.map(({ protocol, stream, prompt }): Cell => ({ protocol, stream, prompt })),
      )
    })

    test.each(rows.map((row, index) => ({ ...row, index, mode: row.stream ? 'streamed' : 'whole' })))(
      '$protocol, $mode, $name: reads what was released, and how it ended',
      ({ index, name, released, ...cell }) => {
        const { text, finish, error } = expectedOf(name, released, cell)
        const read = readings[index] as Read
        expect(read.text).toBe(text)
        if (client.hidesFinish === undefined || !cell.stream) expect(read.finish).toBe(finish)
        if (error === null) expect(read.error).toBeNull()
        else expect(read.error).toMatch(error)
      },
    )
  })
}
