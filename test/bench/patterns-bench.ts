/** Fifty patterns in one pass: ordinary texts beside what RegExp, re2 and re2js make of them, and texts written to be slow. */
import type { Matcher } from '../../src/terms/matcher.ts'
import { hostileTexts } from './hostile.ts'
import { flat, type Material, piecesOf } from './material.ts'
import { alternate, buildTime, type Contender, type Effort, type Measured, ratio } from './measure.ts'
import { allPatterns, compiledPatterns, findPieces, findWhole } from './ours.ts'
import { benchPatterns } from './patterns.ts'
import { type FindsWhich, setOfRe2, setOfRe2js } from './peers.ts'
import { type Figure, type Report, tell } from './report.ts'

export interface PatternsOutcome {
  /** Nanoseconds for one unit of the ordinary text that takes longest, whole. */
  readonly ordinary: number
  /** The same : the fastest peer in JavaScript that says where, on the same text. */
  readonly ordinaryRatio: number
  /** Nanoseconds for one unit of the hostile text that takes longest, whole or in pieces. */
  readonly hostile: number
  readonly hostileName: string
}

const wholeTexts = 'Fifty patterns · whole texts · ns per unit'
const windows = 'Fifty patterns · pieces of 4 units; peers read the last 256 units again at each · ns per unit'
const hostileWhole = 'Fifty patterns · hostile texts, whole · ns per unit'
const hostilePieces =
  'Fifty patterns · hostile texts, pieces of 4 units; RegExp reads the last 256 units again at each · ns per unit'
const making = 'Fifty patterns · making and warming up · ms'

const windowUnits = 256

interface Peer {
  readonly name: string
  readonly note?: string
  /** Says which patterns occur, and not where. */
  readonly onlyWhich?: boolean
  build(): (text: string) => number
}

const plainSources = benchPatterns.map(({ source, plain }) => plain ?? source)
const refused = benchPatterns.filter(({ plain }) => plain !== undefined).length
const stripped = `says which occur, not where; ${refused} patterns without the look-arounds it refuses`

const peers: readonly Peer[] = [
  {
    name: '50 RegExps',
    build() {
      const expressions = benchPatterns.map(({ source }) => new RegExp(source, 'gu'))
      return (text) => expressions.reduce((sum, expression) => sum + countMatches(expression, text), 0)
    },
  },
  {
    name: 'one RegExp',
    note: 'finds one pattern at a place',
    build() {
      const expression = new RegExp(benchPatterns.map(({ source }) => `(?:${source})`).join('|'), 'gu')
      return (text) => countMatches(expression, text)
    },
  },
  { name: 're2 Set', note: stripped, onlyWhich: true, build: () => counting(setOfRe2(plainSources)) },
  { name: 're2js RE2Set', note: stripped, onlyWhich: true, build: () => counting(setOfRe2js(plainSources)) },
]

const counting = (which: FindsWhich) => (text: string) => which(text).length

function countMatches(expression: RegExp, text: string): number {
  expression.lastIndex = 0
  let found = 0
  while (expression.exec(text) !== null) found++
  return found
}

export function benchPatternsOn(report: Report, effort: Effort, material: Material): PatternsOutcome {
  const programs = compiledPatterns()
  const matcher = allPatterns(programs)
  checkIds(report, matcher, material.prose.English)
  const row = (what: string, contender: string, figure: Partial<Figure>) => tell(report, { what, contender, ...figure })
  row(making, 'ours: parsing and compiling 50 patterns', { figure: buildTime(compiledPatterns, effort.rounds) })
  row(making, 'ours: a matcher of compiled patterns', { figure: buildTime(() => allPatterns(programs), effort.rounds) })
  const first = material.prose.English.slice(0, 4000)
  row(making, 'ours: a matcher, and the first 4,000 units', {
    figure: buildTime(() => findWhole(allPatterns(programs), first), effort.rounds),
  })

  let ordinary = { nanoseconds: 0, next: Number.POSITIVE_INFINITY }
  const texts = { English: material.prose.English, Chinese: material.prose.Chinese, code: material.code }
  for (const [language, text] of Object.entries(texts)) {
    let slowest = 0
    let next = Number.POSITIVE_INFINITY
    for (const peer of peers) {
      const labelled = { language, ...(peer.note === undefined ? {} : { note: peer.note }) }
      try {
        const scan = peer.build()
        const [ours, theirs] = pair(effort, wholeJob(matcher, text), scanJob(peer.name, scan, text))
        slowest = Math.max(slowest, ours.nanoseconds)
        if (peer.onlyWhich !== true) next = Math.min(next, ratio(theirs, ours))
        row(wholeTexts, peer.name, {
          ...labelled,
          figure: theirs.nanoseconds,
          ours: ours.nanoseconds,
          ratio: ratio(theirs, ours),
        })
        const [inPieces, again] = pair(effort, piecesJob(matcher, text), windowJob(peer.name, scan, text))
        row(windows, peer.name, {
          ...labelled,
          figure: again.nanoseconds,
          ours: inPieces.nanoseconds,
          ratio: ratio(again, inPieces),
        })
      } catch (error) {
        row(wholeTexts, peer.name, { ...labelled, skipped: error instanceof Error ? error.message : String(error) })
      }
    }
    if (slowest > ordinary.nanoseconds) ordinary = { nanoseconds: slowest, next }
  }
  return { ordinary: ordinary.nanoseconds, ordinaryRatio: ordinary.next, ...hostile(report, effort, matcher) }
}

function hostile(report: Report, effort: Effort, matcher: Matcher): { hostile: number; hostileName: string } {
  let worst = { hostile: 0, hostileName: '' }
  const separate = (peers[0] as Peer).build()
  for (const { name, text } of hostileTexts(effort.mostUnits)) {
    for (const [what, ours, theirs] of [
      [hostileWhole, all(wholeJob(matcher, text)), scanJob('50 RegExps', separate, text)],
      [hostilePieces, all(piecesJob(matcher, text)), windowJob('50 RegExps', separate, text)],
    ] as const) {
      const [mine, other] = pair(effort, ours, theirs)
      const figure = { figure: other.nanoseconds, ours: mine.nanoseconds, ratio: ratio(other, mine) }
      tell(report, { what, language: name, contender: '50 RegExps', ...figure })
      if (mine.nanoseconds > worst.hostile) worst = { hostile: mine.nanoseconds, hostileName: name }
    }
  }
  return worst
}

/** In prose with an example of each pattern strewn in, everyone has to say that all of them occur. */
function checkIds(report: Report, matcher: Matcher, prose: string): void {
  const strewn = benchPatterns
    .map(({ example }, index) => `${prose.slice(index * 200, index * 200 + 200)} ${example} \n`)
    .join('')
  const run = matcher.open()
  run.push(strewn)
  run.end()
  const found = new Set(run.take().map(({ rule }) => rule))
  const missed = benchPatterns.filter(({ source }, index) => new RegExp(source, 'u').test(strewn) !== found.has(index))
  for (const { id } of missed) report.disagreements.push(`ours, pattern ${id}: RegExp and we do not agree on whether it occurs`)
  if (found.size !== benchPatterns.length)
    report.disagreements.push(`ours: ${found.size} of ${benchPatterns.length} patterns found`)
}

function pair(effort: Effort, ours: Contender, theirs: Contender): [Measured, Measured] {
  return alternate([ours, theirs], effort) as [Measured, Measured]
}

/** Never a beginning of the text only: read a few times over, that has all its states in the table, and hostile text does not. */
const all = ({ name, job }: Contender): Contender => ({ name, job: () => job(Number.POSITIVE_INFINITY) })

function wholeJob(matcher: Matcher, text: string): Contender {
  return scanJob('ours', (part) => findWhole(matcher, part), text)
}

function scanJob(name: string, scan: (text: string) => number, text: string): Contender {
  return {
    name,
    job(units) {
      const part = flat(text.slice(0, units))
      return { units: part.length, run: () => scan(part) }
    },
  }
}

function piecesJob(matcher: Matcher, text: string): Contender {
  return {
    name: 'ours',
    job(units) {
      const part = text.slice(0, units)
      const pieces = piecesOf(part)
      return {
        units: part.length,
        run() {
          const { found, safe } = findPieces(matcher, pieces)
          return found + safe
        },
      }
    },
  }
}

function windowJob(name: string, scan: (text: string) => number, text: string): Contender {
  return {
    name,
    job(units) {
      const part = flat(text.slice(0, units))
      return {
        units: part.length,
        run() {
          let found = 0
          for (let at = 4; at < part.length + 4; at += 4) found += scan(part.slice(Math.max(0, at - windowUnits), at))
          return found
        },
      }
    },
  }
}
