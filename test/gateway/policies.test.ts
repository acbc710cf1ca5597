/** There is always a policy that rules, it is the newest whole one, and the store can neither break nor delay that. */
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { SluiceError } from '../../src/errors.ts'
import type { PolicyStore } from '../../src/gateway/named-policy.ts'
import { Policies, type PoliciesOptions } from '../../src/gateway/policies.ts'
import { joinArtifacts } from '../../src/policy/bundle.ts'
import { compilePolicy, packPlan } from '../../src/policy/index.ts'
import { artifactKey, type Manifest, manifestKey, writeManifest } from '../../src/policy/manifest.ts'

interface Compiled {
  readonly hash: string
  readonly bytes: ArrayBuffer
}

let bundled: ArrayBuffer
let willows: Compiled
let rushes: Compiled
let store: Store

beforeAll(async () => {
  bundled = (await compiled('bundled', 'reeds')).bytes
  willows = await compiled('stored', 'willows')
  rushes = await compiled('stored', 'rushes')
})

beforeEach(() => {
  store = new Store()
})

async function compiled(name: string, term: string): Promise<Compiled> {
  const text = `name: ${name}\nrules:\n  - id: ${term}\n    words: { terms: [${term}] }\n    action: cut\n`
  const policy = await compilePolicy(text, { file: 'test.yaml', readFile: () => Promise.reject(new Error('none')) })
  return { hash: policy.hash, bytes: packPlan(policy).buffer }
}

class Store implements PolicyStore {
  readonly values = new Map<string, ArrayBuffer>()
  asked: string[] = []

  /** Bytes of their own each time, as from afar. */
  async get(key: string): Promise<ArrayBuffer | null> {
    this.asked.push(key)
    return this.values.get(key)?.slice() ?? null
  }

  has({ hash, bytes }: Compiled): void {
    this.values.set(artifactKey(hash), bytes)
  }

  says(manifest: Partial<Manifest> | string, name = 'bundled'): void {
    const text = typeof manifest === 'string' ? manifest : writeManifest({ current: undefined, previous: [], ...manifest })
    this.values.set(manifestKey(name), new TextEncoder().encode(text).buffer as ArrayBuffer)
  }
}

function policies(options: Partial<PoliciesOptions> = {}) {
  const refused: string[] = []
  const onRefused: PoliciesOptions['onRefused'] = ({ code }: SluiceError, { part }, name) =>
    refused.push(`${name} ${part} ${code}`)
  const made = new Policies({ bundled, store, name: undefined, cacheMs: 0, onRefused, ...options })
  const hash = async (name?: string, client?: string): Promise<string> => (await made.ruling(name, client)).plan.hash
  const name = async (): Promise<string> => (await made.ruling()).plan.name
  return { made, refused, hash, name }
}

describe('the policy that rules', () => {
  test('is the bundled one where there is no store, or nothing in it', async () => {
    expect(await policies({ store: undefined }).name()).toBe('bundled')
    expect(await policies().name()).toBe('bundled')
    expect(store.asked).toEqual(['policies/bundled'])
  })

  test('is looked for under the name that is configured', async () => {
    await policies({ name: 'dev' }).name()
    expect(store.asked).toEqual(['policies/dev'])
  })

  test('is the bundled one where nobody has what is configured, and the state and the log say so until somebody has', async () => {
    const absent = [{ part: 'current', hash: '', code: 'policy_not_found' }]
    const { made, refused, hash } = policies({ name: 'dve' })
    expect(await made.ruling()).toMatchObject({ plan: { name: 'bundled' }, refused: absent })
    expect(await made.state()).toMatchObject({ name: 'bundled', refused: absent })
    expect(refused).toEqual(['dve current policy_not_found'])
    store.has(willows)
    store.says({ current: willows.hash }, 'dve')
    expect(await hash()).toBe(willows.hash)
    expect((await made.state()).refused).toBeUndefined()
    store.says({ current: undefined, previous: [willows.hash] }, 'dve')
    expect((await made.state()).refused).toBeUndefined()
    const unbound = policies({ name: 'dve', store: undefined })
    expect(await unbound.made.state()).toMatchObject({ name: 'bundled', refused: absent })
    expect(unbound.refused).toEqual(['dve current policy_not_found'])
  })

  test('is the one the manifest names as soon as it does, and the bundled one when that is gone or says so', async () => {
    const { made, name, hash } = policies()
    await name()
    store.has(willows)
    expect(await name()).toBe('bundled')
    store.says({ current: willows.hash })
    expect(await hash()).toBe(willows.hash)
    expect(await made.state()).toMatchObject({ name: 'stored', source: 'stored', hash: willows.hash })
    store.says({ current: undefined, previous: [willows.hash] })
    expect(await name()).toBe('bundled')
    store.says({ current: willows.hash })
    expect(await name()).toBe('stored')
    store.values.clear()
    expect(await name()).toBe('bundled')
  })

  test('is one and the same plan as long as the manifest says the same, and its artifact is read once', async () => {
    store.has(willows)
    store.says({ current: willows.hash })
    const { made } = policies()
    expect((await made.ruling()).plan).toBe((await made.ruling()).plan)
    expect(store.asked.filter((key) => key.startsWith('artifacts/'))).toHaveLength(1)
  })

  test('goes back to what it was with one write of the manifest', async () => {
    store.has(willows)
    store.has(rushes)
    store.says({ current: rushes.hash, previous: [willows.hash] })
    const { hash } = policies()
    expect(await hash()).toBe(rushes.hash)
    store.says({ current: willows.hash, previous: [rushes.hash] })
    expect(await hash()).toBe(willows.hash)
  })

  test('is none where the bundled one is broken: nothing starts on that', () => {
    expect(() => policies({ bundled: new ArrayBuffer(64) })).toThrow(/compiled policy/)
  })
})

describe('what cannot rule', () => {
  const broken: [string, (store: Store) => void, string][] = [
    ['an artifact that is not there yet', (store) => store.says({ current: rushes.hash }), 'policy_not_found'],
    [
      'half an artifact',
      (store) => {
        store.says({ current: rushes.hash })
        store.has({ hash: rushes.hash, bytes: rushes.bytes.slice(0, 100) })
      },
      'plan_unreadable',
    ],
    [
      'an artifact under the hash of another',
      (store) => {
        store.says({ current: rushes.hash })
        store.has({ hash: rushes.hash, bytes: bundled })
      },
      'plan_unreadable',
    ],
    ['a manifest that is none', (store) => store.says('reeds'), 'policy_invalid'],
    [
      'a manifest with a field nobody knows',
      (store) => store.says('{"version":1,"current":null,"previous":[],"x":1}'),
      'policy_invalid',
    ],
    ['a manifest of a later version', (store) => store.says('{"version":2,"current":null,"previous":[]}'), 'policy_invalid'],
  ]

  test.each(broken)(
    '%s: the policy before rules on, and it is told once, in health and with each ruling',
    async (_, breaks, code) => {
      store.has(willows)
      store.says({ current: willows.hash })
      const { made, refused, hash } = policies()
      await hash()
      breaks(store)
      expect(await hash()).toBe(willows.hash)
      expect(await hash()).toBe(willows.hash)
      expect(refused).toEqual([`bundled current ${code}`])
      expect(await made.state()).toMatchObject({ source: 'stored', refused: [{ part: 'current', code }] })
      expect((await made.ruling()).refused).toMatchObject([{ part: 'current', code }])
      store.has(rushes)
      store.says({ current: rushes.hash })
      expect(await hash()).toBe(rushes.hash)
      expect(await made.state()).not.toHaveProperty('refused')
      expect(await made.ruling()).not.toHaveProperty('refused')
    },
  )

  test('gives way in a new isolate to what ruled before elsewhere, and to the bundled policy where there is nothing', async () => {
    store.has(willows)
    store.says({ current: rushes.hash, previous: [willows.hash] })
    expect(await policies().hash()).toBe(willows.hash)
    store.says({ current: rushes.hash, previous: [] })
    expect(await policies().name()).toBe('bundled')
  })

  test('takes effect as soon as it arrives', async () => {
    store.says({ current: willows.hash })
    const { name } = policies()
    expect(await name()).toBe('bundled')
    store.has(willows)
    expect(await name()).toBe('stored')
  })

  test('as a canary or in the shadow leaves the current one alone', async () => {
    store.has(willows)
    store.says({
      current: willows.hash,
      canary: { hash: rushes.hash, share: 1, by: 'client' },
      shadow: { hash: rushes.hash },
    })
    const { made, refused } = policies()
    const ruling = await made.ruling()
    expect(ruling).toMatchObject({ part: 'current', plan: { hash: willows.hash } })
    expect(ruling).not.toHaveProperty('shadow')
    expect(refused.sort()).toEqual(['bundled canary policy_not_found', 'bundled shadow policy_not_found'])
    expect(ruling.refused?.map(({ part, hash }) => [part, hash]).sort()).toEqual([
      ['canary', rushes.hash],
      ['shadow', rushes.hash],
    ])
  })
})

describe('a store', () => {
  test('that fails leaves what ruled, and is asked for again', async () => {
    store.has(willows)
    store.says({ current: willows.hash })
    const { made, refused, name } = policies()
    await name()
    store.get = () => Promise.reject(new Error('down'))
    expect(await name()).toBe('stored')
    expect(await name()).toBe('stored')
    expect(refused).toEqual(['bundled current policy_not_found'])
    expect(await made.state()).toMatchObject({ refused: [{ code: 'policy_not_found' }] })
    store.get = Store.prototype.get
    await name()
    expect(await made.state()).not.toHaveProperty('refused')
  })

  test('that hangs is not waited for long, not even by those who come while it is being asked', async () => {
    vi.useFakeTimers()
    try {
      const { name, refused } = policies({ store: { get: () => new Promise(() => {}) }, cacheMs: 60_000 })
      const first = name()
      await vi.advanceTimersByTimeAsync(1500)
      const second = name()
      await vi.advanceTimersByTimeAsync(500)
      expect([await first, await second]).toEqual(['bundled', 'bundled'])
      expect(await name()).toBe('bundled')
      expect(refused).toEqual(['bundled current policy_not_found'])
    } finally {
      vi.useRealTimers()
    }
  })

  test('of which a look-up was lost with the request that made it is asked by the next', async () => {
    vi.useFakeTimers()
    try {
      const { name } = policies()
      const get = vi.spyOn(store, 'get').mockImplementationOnce(() => new Promise(() => {}))
      // The request is gone, and with it its timers: nobody tells the policies that this look-up will never end.
      void name()
      vi.clearAllTimers()
      store.has(willows)
      store.says({ current: willows.hash })
      await vi.advanceTimersByTimeAsync(2000)
      expect(await name()).toBe('stored')
      expect(get.mock.calls.length).toBeGreaterThan(1)
    } finally {
      vi.useRealTimers()
    }
  })

  test('is asked again only after the time a policy is kept, and once for all who wait', async () => {
    let now = 0
    const { name } = policies({ cacheMs: 1000, now: () => now })
    await Promise.all([name(), name(), name()])
    store.has(willows)
    store.says({ current: willows.hash })
    now = 999
    expect(await name()).toBe('bundled')
    expect(store.asked).toEqual(['policies/bundled'])
    now = 1000
    expect(await Promise.all([name(), name()])).toEqual(['stored', 'stored'])
    expect(store.asked.filter((key) => key === 'policies/bundled')).toHaveLength(2)
  })
})

describe('a canary', () => {
  const clients = Array.from({ length: 4000 }, (_, index) => `client-${index}`)

  async function drawn(share: number, by: 'client' | 'request' = 'client', hash = rushes.hash): Promise<Set<string>> {
    store.has(willows)
    store.has(rushes)
    store.says({ current: hash === rushes.hash ? willows.hash : rushes.hash, canary: { hash, share, by } })
    const { made } = policies({ cacheMs: 60_000 })
    const found = new Set<string>()
    for (const client of clients) {
      const { part, plan } = await made.ruling(undefined, client)
      expect(plan.hash === hash).toBe(part === 'canary')
      if (part === 'canary') found.add(client)
    }
    return found
  }

  test('rules the share it is given, nobody at 0 and everybody at 1', async () => {
    // Of 4,000 draws at 5 % fewer than 130 or more than 270 come about once in a million times.
    const few = await drawn(0.05)
    expect(few.size).toBeGreaterThan(130)
    expect(few.size).toBeLessThan(270)
    expect((await drawn(0)).size).toBe(0)
    expect((await drawn(1)).size).toBe(clients.length)
  })

  test('rules the same clients each time, keeps them when its share grows, and another canary has others', async () => {
    const [first, again, more, other] = [
      await drawn(0.1),
      await drawn(0.1),
      await drawn(0.3),
      await drawn(0.1, 'client', willows.hash),
    ]
    expect(again).toEqual(first)
    expect([...first].every((client) => more.has(client))).toBe(true)
    expect(more.size).toBeGreaterThan(first.size)
    expect([...other].every((client) => first.has(client))).toBe(false)
  })

  test('draws each request by itself where that is wanted, or where nothing tells clients apart', async () => {
    expect(await drawn(0.5, 'request')).not.toEqual(await drawn(0.5, 'request'))
    const { made } = policies({ cacheMs: 60_000 })
    store.says({ current: willows.hash, canary: { hash: rushes.hash, share: 0.5, by: 'client' } })
    const parts = new Set<string>()
    for (let request = 0; request < 200; request++) parts.add((await made.ruling()).part)
    expect(parts).toEqual(new Set(['current', 'canary']))
  })

  test('and what looks on are told of in the state', async () => {
    store.has(willows)
    store.has(rushes)
    store.says({ canary: { hash: rushes.hash, share: 0.05, by: 'client' }, shadow: { hash: willows.hash } })
    const { made } = policies()
    expect(await made.state()).toMatchObject({
      name: 'bundled',
      source: 'bundled',
      canary: { hash: rushes.hash, share: 0.05, by: 'client' },
      shadow: { hash: willows.hash },
    })
    expect((await made.ruling()).shadow?.plan.hash).toBe(willows.hash)
  })
})

describe('a policy that a route names', () => {
  test('is the store’s of that name, by itself and beside the usual one', async () => {
    store.has(willows)
    store.says({ current: willows.hash }, 'kids')
    const { made, hash, name } = policies({ routed: ['kids'] })
    expect(await hash('kids')).toBe(willows.hash)
    expect(await name()).toBe('bundled')
    expect([...(await made.routed())]).toMatchObject([['kids', { name: 'stored', source: 'stored' }]])
  })

  test('may be the bundled one, whatever rules otherwise', async () => {
    store.has(willows)
    store.says({ current: willows.hash }, 'ours')
    const { hash, name } = policies({ name: 'ours', routed: ['bundled'] })
    expect(await hash()).toBe(willows.hash)
    expect(await hash('bundled')).not.toBe(willows.hash)
    expect(await name()).toBe('stored')
  })

  test('may have come with the Worker beside the usual one, and gives way to the store’s', async () => {
    const kids = await compiled('kids', 'nettles')
    const both = joinArtifacts([new Uint8Array(bundled), new Uint8Array(kids.bytes)]).buffer
    const { made, hash, name } = policies({ bundled: both, routed: ['kids'] })
    expect([await name(), await hash('kids')]).toEqual(['bundled', kids.hash])
    expect((await made.routed()).get('kids')).toMatchObject({ name: 'kids', source: 'bundled' })
    store.has(willows)
    store.says({ current: willows.hash }, 'kids')
    expect([await name(), await hash('kids')]).toEqual(['bundled', willows.hash])
    const broken = both.slice(0, -16)
    expect(() => policies({ bundled: broken })).toThrow(/compiled policy/)
    expect(() => policies({ bundled: new ArrayBuffer(0) })).toThrow(/nothing in it/)
  })

  test('is no other one where nobody has it: there is none', async () => {
    const { made } = policies({ routed: ['kids'] })
    await expect(made.ruling('kids')).rejects.toMatchObject({ code: 'policy_not_found' })
    expect((await made.routed()).get('kids')).toBeUndefined()
    store.has(willows)
    store.says({ current: willows.hash }, 'kids')
    expect((await made.ruling('kids')).plan.hash).toBe(willows.hash)
  })

  test('rules on where the store loses it, in isolates that have it', async () => {
    store.has(willows)
    store.says({ current: willows.hash }, 'kids')
    const { made, hash } = policies({ routed: ['kids'] })
    await hash('kids')
    store.get = () => Promise.reject(new Error('down'))
    expect(await hash('kids')).toBe(willows.hash)
    const elsewhere = policies({ routed: ['kids'] })
    await expect(elsewhere.made.ruling('kids')).rejects.toMatchObject({ code: 'policy_not_found' })
    expect((await made.routed()).get('kids')).toMatchObject({ refused: [{ code: 'policy_not_found' }] })
  })
})
