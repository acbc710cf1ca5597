/** There is always a policy that rules, it is the newest whole one, and the store can neither break nor delay that. */
import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { SluiceError } from '../../src/errors.ts'
import { Policies, type PolicyStore } from '../../src/gateway/policies.ts'
import { compilePolicy, packPlan } from '../../src/policy/index.ts'

let bundled: ArrayBuffer
let stored: ArrayBuffer

beforeAll(async () => {
  bundled = await compiled('bundled', 'reeds')
  stored = await compiled('stored', 'willows')
})

async function compiled(name: string, term: string): Promise<ArrayBuffer> {
  const text = `name: ${name}\nrules:\n  - id: ${term}\n    words: { terms: [${term}] }\n    action: cut\n`
  return packPlan(await compilePolicy(text, { file: 'test.yaml', readFile: () => Promise.reject(new Error('none')) })).buffer
}

class Store implements PolicyStore {
  artifact: ArrayBuffer | null = null
  asked: string[] = []

  /** Bytes of their own each time, as from afar. */
  async get(key: string): Promise<ArrayBuffer | null> {
    this.asked.push(key)
    return this.artifact?.slice() ?? null
  }
}

function policies(store: PolicyStore | undefined, options: { cacheMs?: number; now?: () => number; name?: string } = {}) {
  const refused: SluiceError[] = []
  const { cacheMs = 0, now, name } = options
  const made = new Policies({ bundled, store, name, cacheMs, onRefused: (error) => refused.push(error), ...(now && { now }) })
  return { made, refused }
}

describe('the policy that rules', () => {
  test('is the bundled one where there is no store, or nothing in it', async () => {
    expect((await policies(undefined).made.plan()).name).toBe('bundled')
    const store = new Store()
    expect((await policies(store).made.plan()).name).toBe('bundled')
    expect(store.asked).toEqual(['policies/bundled'])
  })

  test('is looked for under the name that is configured', async () => {
    const store = new Store()
    await policies(store, { name: 'dev' }).made.plan()
    expect(store.asked).toEqual(['policies/dev'])
  })

  test('is the stored one as soon as there is one, and the bundled one when it is gone', async () => {
    const store = new Store()
    const { made } = policies(store)
    await made.plan()
    store.artifact = stored
    expect((await made.plan()).name).toBe('stored')
    expect(await made.state()).toMatchObject({ name: 'stored', source: 'stored' })
    store.artifact = null
    expect((await made.plan()).name).toBe('bundled')
  })

  test('is one and the same plan as long as the store says the same', async () => {
    const store = new Store()
    store.artifact = stored
    const { made } = policies(store)
    expect(await made.plan()).toBe(await made.plan())
  })

  test('stays when the store has something broken, which is told once', async () => {
    const store = new Store()
    store.artifact = stored
    const { made, refused } = policies(store)
    await made.plan()
    store.artifact = stored.slice(0, 50)
    expect((await made.plan()).name).toBe('stored')
    expect((await made.plan()).name).toBe('stored')
    expect(refused.map(({ code }) => code)).toEqual(['plan_unreadable'])
    expect(await made.state()).toMatchObject({ source: 'stored', refused: 'plan_unreadable' })
    store.artifact = bundled
    expect((await made.plan()).name).toBe('bundled')
    expect(await made.state()).not.toHaveProperty('refused')
  })

  test('stays when the store fails, and is asked for again', async () => {
    const store = new Store()
    store.artifact = stored
    const { made, refused } = policies(store)
    await made.plan()
    store.get = () => Promise.reject(new Error('down'))
    expect((await made.plan()).name).toBe('stored')
    expect((await made.plan()).name).toBe('stored')
    expect(refused.map(({ code }) => code)).toEqual(['policy_not_found'])
    expect(await made.state()).toMatchObject({ refused: 'policy_not_found' })
    store.get = () => Promise.resolve(stored.slice())
    await made.plan()
    expect(await made.state()).not.toHaveProperty('refused')
  })

  test('does not wait long for a store that hangs', async () => {
    vi.useFakeTimers()
    try {
      const { made } = policies({ get: () => new Promise(() => {}) })
      const plan = made.plan()
      await vi.advanceTimersByTimeAsync(2000)
      expect((await plan).name).toBe('bundled')
    } finally {
      vi.useRealTimers()
    }
  })

  test('is asked for again only after the time it is kept, and once for all who wait', async () => {
    const store = new Store()
    let now = 0
    const { made } = policies(store, { cacheMs: 1000, now: () => now })
    await Promise.all([made.plan(), made.plan(), made.plan()])
    store.artifact = stored
    now = 999
    expect((await made.plan()).name).toBe('bundled')
    expect(store.asked).toHaveLength(1)
    now = 1000
    expect((await Promise.all([made.plan(), made.plan()])).map(({ name }) => name)).toEqual(['stored', 'stored'])
    expect(store.asked).toHaveLength(2)
  })

  test('is none where the bundled one is broken: nothing starts on that', () => {
    expect(
      () => new Policies({ bundled: new ArrayBuffer(64), store: undefined, name: undefined, cacheMs: 0, onRefused: () => {} }),
    ).toThrow(/compiled policy/)
  })
})
