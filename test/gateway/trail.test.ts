/** A sink gets every record once, and cannot harm anything by failing. */
import { afterEach, expect, test, vi } from 'vitest'
import { consoleSink, deliver } from '../../src/gateway/trail.ts'
import type { Trail } from '../../src/terms/trail.ts'

const trail = { id: 'one', verdict: 'clear', exit: 'done' } as Trail

afterEach(() => {
  vi.restoreAllMocks()
})

test('every sink gets the record, also after one that throws and one that rejects, and the runtime waits for all', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {})
  const got: string[] = []
  const waits: Promise<unknown>[] = []
  const throws = (): void => {
    throw new TypeError('secret')
  }
  const rejects = (): Promise<void> => Promise.reject(new Error('secret'))
  const takes = async ({ id }: Trail): Promise<void> => void got.push(id)
  deliver(trail, [throws, rejects, takes], (promise) => waits.push(promise))
  await Promise.all(waits)
  expect(waits).toHaveLength(3)
  expect(got).toEqual(['one'])
  expect(error.mock.calls.flat()).toEqual([
    '{"sluice":"sink_failed","trail":"one","error":"TypeError"}',
    '{"sluice":"sink_failed","trail":"one","error":"Error"}',
  ])
})

test('the console gets one line of JSON', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  consoleSink(trail)
  expect(log.mock.calls).toEqual([['{"sluice":"trail","id":"one","verdict":"clear","exit":"done"}']])
})
