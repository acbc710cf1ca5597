/** Shows that an impossible case is named, not swallowed. */
import { describe, expect, test } from 'vitest'
import { unreachable } from '../../src/terms/action.ts'

describe('unreachable', () => {
  test('names the value that should not have been possible', () => {
    expect(() => unreachable('sideways' as never)).toThrow('unreachable: "sideways"')
  })
})
