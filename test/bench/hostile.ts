/** Text written to make engines slow: it keeps as many candidates alive as it can and completes none. */
import { between, pick, type Random, seeded } from './random.ts'

const hex = [...'0123456789abcdef']
const digits = [...'0123456789']
const tokenSigns = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-']

/** Beginnings of what `patterns.ts` looks for, each to be followed by a little less than it needs. */
const beginnings = [
  'sk-',
  'sk-proj-',
  'ghp_',
  'github_pat_',
  'glpat-',
  'xoxb-',
  'AKIA',
  'AIza',
  'npm_',
  'hf_',
  'SG.',
  'rk_live_',
  'eyJ',
  'ya29.',
  'dop_v1_',
  'shpat_',
  '-----BEGIN ',
  'Bearer ',
  'https://user:',
  'DE89 ',
  '+49 ',
  '4111 1111 ',
  '2001:db8:',
  'name.surname',
  '192.168.',
] as const

function draw(units: number, seed: number, write: (random: Random) => string): string {
  const random = seeded(seed)
  const parts: string[] = []
  let length = 0
  while (length < units) {
    const part = write(random)
    parts.push(part)
    length += part.length
  }
  return parts.join('')
}

const run = (random: Random, signs: readonly string[], least: number, most: number) =>
  Array.from({ length: between(random, least, most) }, () => pick(random, signs)).join('')

export interface HostileText {
  readonly name: string
  readonly text: string
}

/** Each about `units` UTF-16 units. */
export function hostileTexts(units: number): HostileText[] {
  return [
    { name: 'hex', text: draw(units, 41, (random) => run(random, hex, 1, 9) + pick(random, ['', '', ':', '.', '-'])) },
    { name: 'digits', text: draw(units, 42, (random) => run(random, digits, 1, 5) + pick(random, ['', '', ' ', '-', '.', '/'])) },
    {
      name: 'near-miss prefixes',
      text: draw(
        units,
        43,
        (random) => pick(random, beginnings) + run(random, tokenSigns, 0, 14) + pick(random, ['', ' ', ' ', '.', '@', ':']),
      ),
    },
  ]
}
