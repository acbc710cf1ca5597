/** Waits for the one record of a response: it is written after the last byte, on a busy machine a good while after. */
import { expect, vi } from 'vitest'
import type { Trail } from '../../src/terms/trail.ts'

export async function recorded(trails: readonly Trail[], response: Response): Promise<Trail> {
  const id = response.headers.get('x-sluice-id')
  return await vi.waitFor(
    () => {
      const found = trails.filter((trail) => trail.id === id)
      expect(found).toHaveLength(1)
      return found[0] as Trail
    },
    { timeout: 20_000, interval: 20 },
  )
}
