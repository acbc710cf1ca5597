/** Virtual time, the plain schemes and the way through the guard are what the figures of `judges` say they are. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPlan } from '../../src/index.ts'
import { throughGuard, tokensOf } from './judged-answer.ts'
import { schemes } from './schemes.ts'
import { VirtualTime } from './virtual-time.ts'

const approving = { latency: 100, objects: () => false }

test('timers fire in order of time, then of setting, and no real time passes', async () => {
  const time = new VirtualTime()
  const fired: string[] = []
  const begun = performance.now()
  await time.run(async () => {
    const ticks = setInterval(() => fired.push(`tick ${Date.now()}`), 400)
    setTimeout(() => fired.push('later'), 1000)
    setTimeout(() => fired.push('of two, the second'), 500)
    clearTimeout(setTimeout(() => fired.push('never'), 10))
    await new Promise<void>((resolve) => setTimeout(resolve, 500))
    fired.push(`awaited ${Date.now()}`)
    await new Promise<void>((resolve) => setTimeout(resolve, 600))
    clearInterval(ticks)
  })
  assert.deepEqual(fired, ['tick 400', 'of two, the second', 'awaited 500', 'tick 800', 'later'])
  assert.equal(time.now, 1100)
  assert.ok(performance.now() - begun < 1000)
})

test('what waits for nothing that can come is an error, and the clock is the real one again', async () => {
  await assert.rejects(
    new VirtualTime().run(() => new Promise(() => {})),
    /nothing will ever happen/,
  )
  assert.ok(Date.now() > 1e12)
})

test('the whole answer waits for its end and its check', () => {
  const tokens = tokensOf(['a. ', 'b. ', 'c.'], 10)
  const course = schemes[0]?.run(tokens, approving)
  assert.deepEqual(course, { sent: [300, 300, 300], units: 8, inquiries: 1, judged: 8 })
})

test('windows overlap by their context, and each waits for the one before', () => {
  const tokens = tokensOf(Array(360).fill('word'), 1000)
  const checked = schemes[1]?.run(tokens, approving)
  assert.deepEqual(
    [0, 199, 200, 349, 350, 359].map((index) => checked?.sent[index]),
    [299, 299, 449, 449, 549, 549],
  )
  assert.deepEqual([checked?.inquiries, checked?.judged], [3, (200 + 200 + 60) * 4])
  const sent = schemes[2]?.run(tokens, approving)
  assert.deepEqual([sent?.sent[0], sent?.sent[200], sent?.sent[359]], [199, 349, 449])
})

test('every fifth chunk asks about all so far, and those behind it wait as well', () => {
  const tokens = tokensOf(Array(12).fill('ab'), 100)
  const course = schemes[3]?.run(tokens, approving)
  assert.deepEqual(course?.sent, [0, 10, 20, 30, 140, 140, 140, 140, 140, 240, 240, 340])
  assert.deepEqual([course?.inquiries, course?.judged], [3, 10 + 20 + 24])
})

test('sentences are asked about one after another, and one that is objected to ends the answer', () => {
  const tokens = tokensOf(['One. ', 'Two ', 'bad. ', 'Three.'], 100)
  const course = schemes[4]?.run(tokens, { latency: 100, objects: (text) => text.includes('bad') })
  assert.deepEqual(course, {
    sent: [100, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    units: 5,
    inquiries: 2,
    judged: 14,
  })
})

const words = 'One two three. Four five six. Seven eight nine. '
const plan = (wait: 'hold' | 'trail') =>
  createPlan({
    judges: { guard: { wait, most_ahead: 8, stretch: { first: 10, grow_to: 10 } } },
    rules: [{ id: 'harm', judge: 'guard', action: 'cut' }],
  })
const tokens = tokensOf(words.match(/.{4}/g) ?? [], 10)

test('a token leaves when the stretch it ends in is answered, and no later', async () => {
  const { sent, inquiries } = await throughGuard(plan('hold'), tokens, { latency: 250, says: () => [] })
  // `One two three.` is over with the blank after it, the first unit of the fourth token.
  assert.deepEqual(sent.slice(0, 3), [550, 550, 550])
  assert.equal(inquiries, 4)
})

test('a judge that trails is never further behind than it may be', async () => {
  const { sent, mostAhead } = await throughGuard(plan('trail'), tokens, { latency: 250, says: () => [] })
  assert.deepEqual(sent.slice(0, 2), [0, 100])
  assert.equal(mostAhead, 8)
})

test('what a judge objects to has not been sent', async () => {
  const says = (text: string) => (text.includes('Four') ? [{ category: 'harm' }] : [])
  const { sent } = await throughGuard(plan('hold'), tokens, { latency: 250, says })
  assert.deepEqual(sent.slice(0, 5), [550, 550, 550, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])
})
