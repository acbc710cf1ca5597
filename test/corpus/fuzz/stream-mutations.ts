/** What a broken or hostile server, or the network, may do to a stream of events. */
import { mutateJson } from './json-mutations.ts'
import type { Random } from './random.ts'
import { someSecret } from './secrets.ts'

/** A stream in blocks, each with its blank line; one byte a character, so that nothing is lost that is no text. */
export type Blocks = string[]

export function blocksOf(bytes: Uint8Array): Blocks {
  return Buffer.from(bytes)
    .toString('latin1')
    .split(/(?<=\r\n\r\n|\n\n|\r\r)/)
}

export function bytesOf(blocks: readonly string[]): Uint8Array {
  return new Uint8Array(Buffer.from(blocks.join(''), 'latin1'))
}

const latin = (text: string): string => Buffer.from(text).toString('latin1')
const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString()

type Mutation = (blocks: Blocks, random: Random, others: readonly string[]) => void

const at = (blocks: Blocks, random: Random): number => random.below(Math.max(1, blocks.length))

const mutations: Readonly<Record<string, Mutation>> = {
  drop: (blocks, random) => void blocks.splice(at(blocks, random), 1 + random.below(3)),
  repeat: (blocks, random) => {
    const from = at(blocks, random)
    blocks.splice(at(blocks, random), 0, ...blocks.slice(from, from + 1 + random.below(4)))
  },
  reorder: (blocks, random) => {
    const [from, to] = [at(blocks, random), at(blocks, random)]
    const moved = blocks.splice(from, 1 + random.below(3))
    blocks.splice(to, 0, ...moved)
  },
  truncate: (blocks, random) => {
    const all = blocks.join('')
    const kept = all.slice(0, random.below(all.length + 1))
    blocks.splice(0, blocks.length, kept)
  },
  'begin late': (blocks, random) => {
    const all = blocks.join('')
    blocks.splice(0, blocks.length, all.slice(random.below(all.length + 1)))
  },
  corrupt: (blocks, random) => {
    for (let turn = random.below(8); turn >= 0; turn--) {
      const index = at(blocks, random)
      const block = blocks[index] ?? ''
      const place = random.below(block.length + 1)
      const bytes = String.fromCharCode(...Array.from({ length: random.below(3) }, () => random.below(256)))
      blocks[index] = block.slice(0, place) + bytes + block.slice(place + random.below(3))
    }
  },
  'a line beside the data': (blocks, random) => {
    const index = at(blocks, random)
    const secret = latin(someSecret(random))
    const field = random.pick(
      [':', ': ', 'event: ', 'event:', 'id: ', 'retry: ', 'data: ', 'data', 'x: ', '', '\ufeffdata: '].map(latin),
    )
    const json = `{"error":{"message":"${secret}"}}`
    const line = field + random.pick([secret, `a ${secret}`, json, '[DONE]', '']) + random.pick(['\n', '\r\n', '\r', '\n\n'])
    blocks[index] = random.once(2) ? line + (blocks[index] ?? '') : `${(blocks[index] ?? '').replace(/[\r\n]+$/, '\n')}${line}\n`
  },
  'other line ends': (blocks, random) => {
    const end = random.pick(['\r\n', '\r', '\n'])
    for (const [index, block] of blocks.entries()) if (random.once(2)) blocks[index] = block.replaceAll(/\r\n|\n|\r/g, end)
  },
  'data in several lines': (blocks, random) => {
    const index = at(blocks, random)
    blocks[index] = (blocks[index] ?? '').replaceAll(/([,:{])"/g, (whole, sign: string) =>
      random.once(3) ? `${sign}\ndata: "` : whole,
    )
  },
  "another's event": (blocks, random, others) => void blocks.splice(at(blocks, random), 0, random.pick(others)),
  'an early last word': (blocks, random) => void blocks.splice(at(blocks, random), 0, 'data: [DONE]\n\n'),
  'blank lines': (blocks, random) =>
    void blocks.splice(at(blocks, random), 0, random.pick(['\n', '\r\n', '\r']).repeat(random.below(5000))),
  'an event of megabytes': (blocks, random) => {
    const index = at(blocks, random)
    const size = random.pick([1 << 20, 3 << 20, 10 << 20])
    const filled = random
      .pick(['y', 'word ', latin('ᚠ ')])
      .repeat(size)
      .slice(0, size)
    const [head = 'data: {', tail = '}\n\n'] = random.once(2)
      ? []
      : ['data: {"choices":[{"index":0,"delta":{"content":"', '"}}]}\n\n']
    const inside = head.endsWith('{') ? `"x":"${filled}"` : filled
    blocks.splice(index, 0, random.once(4) ? `${head}${filled}` : `${head}${inside}${tail}`)
  },
}

const names = Object.keys(mutations).filter((name) => name !== 'an event of megabytes')

/** One to six changes; what was done, by name. */
export function mutate(blocks: Blocks, random: Random, others: readonly string[]): string[] {
  const done: string[] = []
  for (let turn = random.pick([0, 1, 1, 2, 3, 5]); turn >= 0; turn--) {
    if (random.once(400)) {
      mutations['an event of megabytes']?.(blocks, random, others)
      done.push('an event of megabytes')
    } else if (random.once(2)) done.push(changeData(blocks, random))
    else {
      const name = random.pick(names)
      mutations[name]?.(blocks, random, others)
      done.push(name)
    }
  }
  return done
}

/** Changes the JSON of one event, or of each of several that follow one another. */
function changeData(blocks: Blocks, random: Random): string {
  const from = at(blocks, random)
  const done: string[] = []
  for (let index = from; index <= from + random.pick([0, 0, 1, 3]) && index < blocks.length; index++) {
    const block = blocks[index] as string
    const match = /^((?:event:.*(?:\r\n|\n|\r))?data: ?)(\{.*\}|\[.*\])(\s*)$/.exec(block)
    if (match === null) continue
    const [, head = '', data = '', tail = ''] = match
    const { json, name } = mutateJson(utf8(data), random)
    blocks[index] = head + latin(json) + tail
    done.push(name)
  }
  return done.join(', ') || 'nothing'
}
