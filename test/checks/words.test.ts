/** The engine of words finds and holds what its slow definition does, and loads nothing that was damaged. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RuleFor } from '../../src/checks/rule.ts'
import { compileWords, packWords, type WordsSpec, wordsMatcher } from '../../src/checks/words.ts'
import { loadWords, matcherOf, packTables } from '../../src/checks/words-load.ts'
import type { Finding } from '../../src/terms/matcher.ts'
import { patience, runs } from '../generators/settings.ts'
import { allFindings, inOrder, judge, type PlainRules } from '../text/plain-words.ts'

const usual = 400
const spec: WordsSpec = { terms: [], except: [], fold: 'none', boundary: 'none' }

/** Characters whose folding is known by heart, so that the tables are checked and not used. */
const byHeart: Record<string, string> = {
  A: 'a',
  B: 'b',
  S: 's',
  ß: 'ss',
  ẞ: 'ss',
  İ: 'i\u0307',
  I: 'i',
  ﬁ: 'fi',
  ŉ: 'ʼn',
  ſ: 's',
  K: 'k',
}
byHeart['\u{10400}'] = '\u{10428}'
const letters = ['a', 'A', 'b', 's', 'S', 'ß', 'i', 'I', 'İ', 'ﬁ', 'f', '\u0307', '\u{10400}', '\u{10428}', '\u{1f600}']
const others = [' ', '-', '_', '用', 'カ', '\u200d', '\ud83d', '\ude00', '\udbff']
const isWord = (character: string) => /^(?:[asbifnkʼ_\u{10428}\u{10400}\u{10450}\u{10600}ABSIßİﬁ]|\u0307)$/u.test(character)

const whole = (units: string[]) =>
  units.join('').replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '')
const term = fc
  .array(fc.constantFrom('a', 'A', 'b', 's', 'ß', 'i', 'İ', 'f', ' ', '-', '用', '\u{10400}', '\u{1f600}'), {
    minLength: 1,
    maxLength: 4,
  })
  .map(whole)
const small = fc.array(fc.constantFrom('a', 'b', ' '), { minLength: 1, maxLength: 4 }).map(whole)
const terms = (least: number, most: number) => fc.array(fc.oneof(term, small), { minLength: least, maxLength: most })
const rule = fc.record({
  effect: fc.constantFrom({ holds: true, stops: false }, { holds: true, stops: true }, { holds: false, stops: false }),
  spec: fc.record({
    terms: terms(1, 3),
    except: terms(0, 2),
    fold: fc.constantFrom('none' as const, 'case' as const),
    boundary: fc.constantFrom('none' as const, 'word' as const),
  }),
})
const ruleSet = fc
  .array(rule, { minLength: 1, maxLength: 3 })
  .map((all) => all.map((one, index) => ({ ...one, rule: index * 2 })))

/** Texts made of the rules' own terms and of noise, so that matches, near misses and overlaps are common. */
const scene = ruleSet.chain((rules) => {
  const own = rules.flatMap(({ spec }) => [...spec.terms, ...spec.except])
  const piece = fc.oneof(
    fc.constantFrom(...own),
    fc.tuple(fc.constantFrom(...own), fc.nat(4)).map(([one, length]) => one.slice(0, length)),
    fc.constantFrom(...letters, ...others),
  )
  return fc.tuple(
    fc.constant(rules),
    fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('').slice(0, 14)),
    fc.array(fc.nat(4), { maxLength: 12 }),
  )
})

const plainly = (rules: readonly RuleFor<WordsSpec>[]): PlainRules => ({
  rules,
  fold: ({ spec }) => (spec.fold === 'none' ? (character) => character : (character) => byHeart[character] ?? character),
  isWord,
})

/** Every way to finish what may have begun, followed by nothing, a word character or another one. */
function rests({ rules }: PlainRules): string[] {
  const ends = rules
    .flatMap(({ spec }) => [...spec.terms, ...spec.except])
    .flatMap((one) => {
      const all = [...one]
      return all.flatMap((_, index) => {
        const rest = all.slice(index).join('')
        return /^ß/.test(rest) && index >= 0
          ? [rest, `s${rest.slice(1)}`]
          : /^İ/.test(rest)
            ? [rest, `\u0307${rest.slice(1)}`]
            : [rest]
      })
    })
  return [...new Set(['', ...ends])].flatMap((end) => [end, `${end}b`, `${end}.`])
}

/** Other halves: those of the letters above, of a word character that is in no term, and of one that is none. */
const lows = ['\udc00', '\udc28', '\udc50', '\ude00', '\udfff']

function cut(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = []
  let at = 0
  for (const length of lengths) {
    pieces.push(text.slice(at, at + length))
    at += length
  }
  return [...pieces, text.slice(at)]
}

test(
  'findings, the unit at which each is certain, and how much is safe are those of the definition',
  () => {
    fc.assert(
      fc.property(scene, ([rules, text]) => {
        const plain = plainly(rules)
        const gentle = rules.map((one) => ({ ...one, effect: { ...one.effect, stops: false } }))
        const run = wordsMatcher(gentle).open()
        const found: Finding[] = []
        let safe = 0
        for (let length = 1; length <= text.length; length += 1) {
          run.push(text, length - 1, length)
          found.push(...run.take())
          const { certain, safeTo } = judge(plain, text.slice(0, length), rests(plain), lows)
          expect([...found].sort(inOrder)).toEqual(certain)
          expect(run.safeTo).toBe(safeTo)
          expect(run.safeTo).toBeGreaterThanOrEqual(safe)
          safe = run.safeTo
        }
        run.end()
        found.push(...run.take())
        expect([...found].sort(inOrder)).toEqual(allFindings(plain, text))
        expect(run.safeTo).toBe(text.length)
      }),
      runs(usual),
    )
  },
  patience,
)

test(
  'the split does not matter, and a copy reads on as the original does',
  () => {
    fc.assert(
      fc.property(scene, ([rules, text, lengths]) => {
        const matcher = wordsMatcher(rules.map((one) => ({ ...one, effect: { ...one.effect, stops: false } })))
        const slow = matcher.open()
        const slowFound: Finding[][] = []
        const slowSafe: number[] = []
        for (let length = 1; length <= text.length; length += 1) {
          slow.push(text, length - 1, length)
          slowFound.push([...slow.take()])
          slowSafe.push(slow.safeTo)
        }
        let fast = matcher.open()
        let at = 0
        for (const piece of cut(text, lengths)) {
          expect(fast.push(piece)).toBe(piece.length)
          const copy = fast.fork()
          copy.push('ab')
          copy.end()
          copy.take()
          if (at % 2 === 0) fast = fast.fork()
          expect(fast.take()).toEqual(slowFound.slice(at, at + piece.length).flat())
          at += piece.length
          if (at > 0) expect(fast.safeTo).toBe(slowSafe[at - 1])
        }
      }),
      runs(usual),
    )
  },
  patience,
)

test(
  'a run halts at the very unit at which a finding that stops it is certain',
  () => {
    fc.assert(
      fc.property(scene, fc.constantFrom('stops' as const, 'holds' as const), ([rules, text], stopAt) => {
        const halting = new Set(rules.filter(({ effect }) => effect[stopAt]).map((one) => one.rule))
        const calm = wordsMatcher(rules.map((one) => ({ ...one, effect: { ...one.effect, stops: false } }))).open()
        let expected = text.length
        for (let length = 1; length <= text.length && expected === text.length; length += 1) {
          calm.push(text, length - 1, length)
          if (calm.take().some((finding) => halting.has(finding.rule))) expected = length
        }
        const run = wordsMatcher(rules).open(stopAt)
        expect(run.push(text)).toBe(expected)
        const told = run.take()
        if (expected < text.length) expect(told.some((finding) => halting.has(finding.rule))).toBe(true)
      }),
      runs(usual),
    )
  },
  patience,
)

test(
  'states with rows, forks and chains behave alike, and so does what was packed and loaded',
  () => {
    fc.assert(
      fc.property(scene, ([rules, text]) => {
        const told = (matcher: ReturnType<typeof wordsMatcher>) => {
          const run = matcher.open('holds')
          const steps: unknown[] = []
          for (let length = 1; length <= text.length; length += 1) {
            run.push(text, length - 1, length)
            steps.push(run.take(), run.safeTo)
          }
          run.end()
          return [...steps, run.take(), matcher.open('holds').push(text)]
        }
        const expected = told(wordsMatcher(rules))
        for (const rowEntries of [0, 8, 40]) expect(told(matcherOf(compileWords(rules, rowEntries)))).toEqual(expected)
        const bytes = packWords(rules)
        const moved = new Uint8Array(bytes.length + 1)
        moved.set(bytes, 1)
        expect(told(loadWords(bytes))).toEqual(expected)
        expect(told(loadWords(moved.subarray(1)))).toEqual(expected)
      }),
      runs(usual / 4),
    )
  },
  patience,
)

test(
  'what reading fills in tells nothing of what was read, and is not written',
  () => {
    fc.assert(
      fc.property(scene, scene, ([rules, text], [, other]) => {
        const read = (matcher: ReturnType<typeof wordsMatcher>, of: string) => {
          const run = matcher.open('holds')
          const steps = [...of].flatMap((character) => {
            run.push(character)
            return [run.take(), run.safeTo]
          })
          run.end()
          return [...steps, run.take()]
        }
        for (const rowEntries of [0, 40]) {
          const tables = compileWords(rules, rowEntries)
          const bytes = packTables(tables)
          const used = matcherOf(tables)
          read(used, other)
          expect(read(used, text)).toEqual(read(loadWords(bytes), text))
          const written = packTables(tables)
          expect(written.length === bytes.length && written.every((byte, at) => byte === bytes[at])).toBe(true)
        }
      }),
      runs(usual / 10),
    )
  },
  patience,
)

test(
  'many terms of few letters are found and held as a slow search does, whatever was read before',
  () => {
    const word = (most: number) =>
      fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: most }).map((all) => all.join(''))
    const list = fc.array(word(14), { minLength: 4, maxLength: 40 })
    fc.assert(
      fc.property(list, word(60), word(60), (terms, text, other) => {
        const tables = compileWords([{ rule: 0, effect: { holds: true, stops: false }, spec: { ...spec, terms } }], 0)
        for (const matcher of [matcherOf(tables), loadWords(packTables(tables))]) {
          matcher.open().push(other)
          const run = matcher.open()
          for (let end = 1; end <= text.length; end += 1) {
            run.push(text, end - 1, end)
            const starts = Array.from({ length: end }, (_, start) => text.slice(start, end))
            const start = starts.findIndex((part) => terms.includes(part))
            expect(run.take()).toEqual(start === -1 ? [] : [{ rule: 0, start, end }])
            const held = starts.findIndex((part) => terms.some((one) => one !== part && one.startsWith(part)))
            expect(run.safeTo).toBe(held === -1 ? end : held)
          }
        }
      }),
      runs(usual / 4),
    )
  },
  patience,
)

test('where terms are long nothing is left to learn while reading, for that would nest as deep as they are long', () => {
  const letters = Array.from({ length: 300 }, (_, index) => 'ab'[(index * index * 7 + (index >> 3)) & 1]).join('')
  const terms = Array.from(letters, (_, from) => `${letters.slice(from)}c`)
  const tables = compileWords([{ rule: 0, effect: { holds: true, stops: false }, spec: { ...spec, terms } }], 0)
  const run = matcherOf(tables).open()
  const chains = tables.views.map(({ automaton }) => automaton.chains.slice())
  run.push(letters)
  expect(run.safeTo).toBe(0)
  run.push('c')
  expect(run.take()).toEqual([{ rule: 0, start: 0, end: 301 }])
  expect(tables.views.map(({ automaton }) => automaton.chains)).toEqual(chains)
})

test('bytes that are damaged, cut short, of another version or something else are refused', () => {
  const bytes = packWords([
    { rule: 3, effect: { holds: true, stops: false }, spec: { terms: ['bomb'], except: [], fold: 'loose', boundary: 'none' } },
  ])
  const run = loadWords(bytes).open()
  run.push('a b0mb')
  expect(run.take()).toEqual([{ rule: 3, start: 2, end: 6 }])
  const other = bytes.slice()
  other[4] = 99
  const kind = bytes.slice()
  kind[20] = 9
  for (const wrong of [
    new Uint8Array(0),
    new Uint8Array(64),
    bytes.subarray(0, bytes.length - 8),
    bytes.subarray(4),
    other,
    kind,
  ]) {
    expect(() => loadWords(wrong)).toThrow(expect.objectContaining({ code: 'plan_unreadable' }))
  }
})

test.each([
  { name: 'no term goes on with it: only the half waits', terms: ['aa'], text: 'a\ud83d', safeTo: 1, now: [], later: [] },
  { name: 'a term goes on with it: all of it waits', terms: ['a😀'], text: 'a\ud83d', safeTo: 0, now: [], later: [0] },
  { name: 'a border, whatever comes', terms: ['ac'], boundary: 'word', text: 'ac\ud83d', safeTo: 2, now: [0], later: [] },
  { name: 'perhaps a letter', terms: ['ac'], boundary: 'word', text: 'ac\ud801', safeTo: 0, now: [], later: [] },
  { name: 'the exception cannot go on', terms: ['a'], except: ['ab'], text: 'a\ud83d', safeTo: 1, now: [0], later: [] },
  { name: 'the exception may go on', terms: ['a'], except: ['a😁'], text: 'a\ud83d', safeTo: 0, now: [], later: [0] },
] as const)('at half a character: $name', ({ text, safeTo, now, later, name: _name, ...given }) => {
  const spec = { except: [], fold: 'none', boundary: 'none', ...given } as const
  const run = wordsMatcher([{ rule: 0, effect: { holds: true, stops: true }, spec }]).open()
  expect(run.push(text)).toBe(text.length)
  expect(run.safeTo).toBe(safeTo)
  expect(run.take().map(({ start }) => start)).toEqual(now)
  // Whole it is an emoji or, after \ud801, a letter; what was told is not told again.
  run.push(text.endsWith('\ud801') ? '\udc00' : '\ude00')
  run.end()
  expect(run.take().map(({ start }) => start)).toEqual(later)
})
