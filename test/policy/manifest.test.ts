/** A manifest says again what was written, forgets no policy that could be gone back to, and is refused where it could be misread. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Manifest, readManifest, settled, writeManifest } from '../../src/policy/manifest.ts'
import { runs } from '../generators/settings.ts'

const someHash = fc.stringMatching(/^[0-9a-f]{64}$/)
const someManifest: fc.Arbitrary<Manifest> = fc.record(
  {
    current: fc.option(someHash, { nil: undefined }),
    canary: fc.record({
      hash: someHash,
      share: fc.double({ min: 0, max: 1, noNaN: true }).map((share) => share + 0),
      by: fc.constantFrom('client' as const, 'request' as const),
    }),
    shadow: fc.record({ hash: someHash }),
    previous: fc.array(someHash, { maxLength: 5 }),
  },
  { requiredKeys: ['current', 'previous'] },
)

describe('a manifest', () => {
  test('is read as it was written, from text and from bytes', () => {
    fc.assert(
      fc.property(someManifest, (manifest) => {
        const text = writeManifest(manifest)
        expect(readManifest(text)).toEqual(manifest)
        expect(readManifest(new TextEncoder().encode(text))).toEqual(manifest)
      }),
      runs(200),
    )
  })

  test('that is settled rules everybody, and remembers the last ten that ruled, each once, the latest first', () => {
    const hashes = Array.from({ length: 15 }, (_, index) => index.toString(16).repeat(64).slice(0, 64))
    let manifest: Manifest | undefined
    for (const hash of hashes) manifest = settled(manifest && { ...manifest, shadow: { hash } }, hash)
    expect(manifest).toEqual({ current: hashes[14], previous: hashes.slice(4, 14).reverse() })
    const back = settled(manifest, hashes[12])
    expect(back.previous.slice(0, 3)).toEqual([hashes[14], hashes[13], hashes[11]])
    expect(settled(back, undefined)).toMatchObject({
      current: undefined,
      previous: [hashes[12], hashes[14], hashes[13]].concat(hashes.slice(5, 12).reverse()),
    })
  })

  const hash = 'a'.repeat(64)
  const good = { version: 1, current: hash, previous: [] }
  test.each([
    ['', /not JSON/],
    ['[]', /no object/],
    [{ ...good, version: 2 }, /version 2, this Sluice reads 1/],
    [{ ...good, extra: 1 }, /field "extra" that nobody knows/],
    [{ ...good, current: undefined }, /"current" has to be a hash, or null/],
    [{ ...good, current: hash.toUpperCase() }, /"current" has to be a hash/],
    [{ ...good, previous: undefined }, /"previous" has to be a list/],
    [{ ...good, previous: [1] }, /"previous" has to be a list/],
    [{ ...good, canary: null }, /"canary" takes/],
    [{ ...good, canary: { hash, share: 0.5, by: 'client', more: 1 } }, /"canary" takes/],
    [{ ...good, canary: { hash, share: 5, by: 'client' } }, /share/],
    [{ ...good, canary: { hash, share: '0.5', by: 'client' } }, /share/],
    [{ ...good, canary: { hash, share: 0.5, by: 'moon' } }, /client or request/],
    [{ ...good, canary: { hash: 'b', share: 0.5, by: 'client' } }, /canary.hash/],
    [{ ...good, shadow: hash }, /"shadow" takes a hash/],
    [{ ...good, shadow: { hash, share: 1 } }, /"shadow" takes a hash/],
  ])('%j is refused', (value, says) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    expect(() => readManifest(text)).toThrow(
      expect.objectContaining({ code: 'policy_invalid', message: expect.stringMatching(says) }),
    )
  })
})
