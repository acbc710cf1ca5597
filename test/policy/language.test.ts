/** The whole language is spoken: whatever a policy file may say reaches the plan, and nothing that does not fit gets through. */
import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { compilePolicy } from '../../src/policy/compile.ts'
import { PolicyDocument } from '../../src/policy/document.ts'
import { loadPlan } from '../../src/policy/load.ts'
import { packPlan } from '../../src/policy/pack.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Problem } from '../../src/policy/problem.ts'
import { policySchema } from '../../src/policy/schema.ts'
import { keysOf, type SchemaNode } from '../../src/policy/schema-node.ts'
import { slipsIn } from '../../src/policy/slips.ts'
import { patience, runs } from '../generators/settings.ts'
import { wholeLanguage, wholeLanguageFiles } from './whole-language.ts'

async function compile(text: string, files: Readonly<Record<string, string>> = wholeLanguageFiles) {
  const warnings: Problem[] = []
  const readFile = (path: string) => {
    const content = files[path]
    if (content === undefined) throw new Error('no such file')
    return content
  }
  const policy = await compilePolicy(text, { file: 'policies/whole.yaml', readFile, onWarning: (one) => warnings.push(one) })
  return { policy, warnings, plan: loadPlan(packPlan(policy)) }
}

const schema = policySchema as unknown as SchemaNode

describe('a policy that says everything', () => {
  test('has every key there is at the top, of a rule and of a test', () => {
    const value = new PolicyDocument('whole.yaml', wholeLanguage).value as Record<string, unknown>
    const said = (list: unknown) => new Set((list as object[]).flatMap((one) => Object.keys(one)))
    const keys = (name: string) => new Set(keysOf(schema.entries?.[name]?.wrapped?.item as SchemaNode))
    expect(new Set(Object.keys(value))).toEqual(new Set(keysOf(schema)))
    expect(said(value['rules'])).toEqual(keys('rules'))
    expect(said(value['tests'])).toEqual(keys('tests'))
  })

  test('is the plan that its definition makes', async () => {
    const { policy, plan, warnings } = await compile(wholeLanguage)
    expect(warnings).toEqual([])
    const { matchers: _, ...loaded } = plan
    const { matchers: __, ...made } = createPlan({ ...policy.definition, name: policy.name })
    expect({ ...loaded, hash: '' }).toEqual({ ...made, hash: '' })
    expect(policy.tests).toHaveLength(9)
  })

  test('says of its judges all that was written, and defaults for the rest', async () => {
    const { judges } = (await compile(wholeLanguage)).plan
    expect(judges).toEqual([
      {
        name: 'guard',
        kind: 'openai_chat',
        stretch: 'whole',
        context: 400,
        wait: 'hold',
        most_ahead: 300,
        timeout_ms: 1500,
        on_fault: { timeout: 'cut', refused: 'cut', busy: 'cut', unreadable: 'cut' },
        retry: false,
        breaker: false,
        most_open: 4,
        cache: { seconds: 300, most: 500 },
        settings: { template: 'llama-guard-3', base_url: 'GUARD_BASE_URL', model: 'llama-guard-3-8b' },
      },
      {
        name: 'moderation',
        kind: 'openai_moderation',
        stretch: { first: 80, grow_to: 600 },
        context: 400,
        wait: 'trail',
        most_ahead: 300,
        timeout_ms: 1500,
        on_fault: { timeout: 'forward', refused: 'cut', busy: 'flag', unreadable: 'cut' },
        retry: true,
        breaker: { faults: 3, open_ms: 5000 },
        most_open: 20,
        cache: { seconds: 60, most: 100 },
        settings: { model: 'omni-moderation-latest' },
      },
    ])
  })

  test('says of its rules all that was written, in the places of those they override', async () => {
    const { rules } = (await compile(wholeLanguage)).plan
    const rule = (id: string) => rules.find((one) => one.id === id)
    expect(rules.map(({ id }) => id).slice(0, 5)).toEqual(['slurs', 'insults', 'novel', 'api-key', 'long-token'])
    expect(rule('slurs')).toMatchObject({ action: 'mask', with: '***', tags: ['profanity'], severity: 'low' })
    expect(rule('self-harm-mention')).toMatchObject({ action: 'ask', judge: 'guard', where: { category: 'S11' }, agreed: 'cut' })
    expect(rule('violence')).toMatchObject({
      judge: 'moderation',
      where: { category: ['violence', 'violence/graphic'], at_least: 0.6 },
      severity: 'critical',
    })
    expect([rule('api-key')?.mode, rule('card')?.mode, rule('slurs')?.mode]).toEqual(['shadow', 'shadow', 'enforce'])
  })

  test('lifts what it names, over all files', async () => {
    const { rules } = (await compile(wholeLanguage)).plan
    const lifted = rules.find(({ id }) => id === 'brand-names')?.lifts?.map((index) => rules[index]?.id)
    expect(lifted).toEqual(['slurs', 'violence-words'])
  })
})

describe('a pack', () => {
  const lifting =
    'name: two\nrules:\n  - { id: novel, words: { terms: [The Idiot] }, action: allow, lifts: [manners] }\n  - { id: own, words: { terms: [idiot] }, action: cut, tags: [manners] }\n'
  const other = 'name: one\nrules:\n  - { id: insults, words: { terms: [idiot] }, action: cut, tags: [manners] }\n'
  const liftedBy = async (text: string, files: Readonly<Record<string, string>>) => {
    const { rules } = (await compile(text, files)).plan
    return rules.find(({ action }) => action === 'allow')?.lifts?.map((index) => rules[index]?.id)
  }

  test('lifts by a tag its own rules only, and not another pack’s of the same tag', async () => {
    const files = { 'policies/one.yaml': other, 'policies/two.yaml': lifting }
    expect(await liftedBy('name: shop\nextends: [one, two]\n', files)).toEqual(['own'])
  })

  test('lifts what it builds on', async () => {
    const files = { 'policies/one.yaml': other, 'policies/two.yaml': lifting.replace('rules:', 'extends: [one]\nrules:') }
    expect(await liftedBy('name: shop\nextends: [two]\n', files)).toEqual(['insults', 'own'])
  })

  test('lifts its rule in the form that whoever extends it has given it', async () => {
    const files = { 'policies/two.yaml': lifting }
    const text = 'name: shop\nextends: [two]\nrules:\n  - { id: own, words: { terms: [idiot] }, action: flag, tags: [manners] }\n'
    expect(await liftedBy(text, files)).toEqual(['own'])
  })

  test('is no way for a file to lift what a pack beside it calls by the same id', async () => {
    const files = { 'policies/one.yaml': other.replace('insults', 'own'), 'policies/two.yaml': lifting }
    const stolen = compile('name: shop\nextends: [two, one]\n', files)
    await expect(stolen).rejects.toThrow('is a rule of policies/one.yaml, which this file does not extend')
  })

  test('leaves its judge to whoever defines one of that name', async () => {
    const files = {
      'policies/care.yaml':
        'name: care\njudges:\n  guard: { kind: workers_ai }\nrules:\n  - { id: harm, words: { terms: [x] }, action: ask, ask: { judge: guard, where: { category: S11 }, then: cut } }\n',
    }
    const text = (more: string) => `name: shop\nextends: [care]\n${more}`
    expect((await compile(text(''), files)).plan.judges.map(({ kind }) => kind)).toEqual(['workers_ai'])
    const own = await compile(text('judges:\n  guard: { kind: http, url: JUDGE_URL, secret: JUDGE_SECRET }\n'), files)
    expect(own.plan.judges).toMatchObject([
      { name: 'guard', kind: 'http', settings: { url: 'JUDGE_URL', secret: 'JUDGE_SECRET' } },
    ])
  })

  test('may define judges only, for others to ask', async () => {
    const files = {
      'policies/judges.yaml': 'name: judges\njudges:\n  guard: { kind: workers_ai }\n  spare: { kind: workers_ai }\n',
    }
    const text = 'name: shop\nextends: [judges]\nrules:\n  - { id: harm, judge: guard, where: { category: S11 }, action: cut }\n'
    expect((await compile(text, files)).plan.judges).toHaveLength(2)
    expect((await compile(files['policies/judges.yaml'], files)).plan.rules).toEqual([])
  })
})

describe('the hash', () => {
  const text = (judge: string, rule = '') =>
    `name: shop\njudges:\n  guard: { kind: workers_ai${judge} }\nrules:\n  - { id: a, judge: guard, action: cut${rule} }\n`
  const hashOf = async (given: string) => (await compile(given, {})).policy.hash

  test('does not change with a judge’s written-out defaults', async () => {
    const written =
      ', stretch: { first: 80, grow_to: 600, context: 400 }, wait: hold, timeout_ms: 1500, on_fault: cut, retry: true, cache: false'
    expect(await hashOf(text(written))).toBe(await hashOf(text('')))
  })

  test('changes with what a judge is, what it is asked, and the order of languages', async () => {
    const notice = (order: string) => `${text('')}on_cut: { notice: ${order} }\n`
    const all = [
      text(''),
      text(', binding: MODEL'),
      text(', on_fault: flag'),
      text('', ', where: { category: S1 }'),
      text('', ', severity: high'),
    ]
    const hashes = await Promise.all([...all, notice('{ en: a, zh: b }'), notice('{ zh: b, en: a }')].map(hashOf))
    expect(new Set(hashes).size).toBe(hashes.length)
  })
})

describe('the walk beside the schema', () => {
  const value = new PolicyDocument('whole.yaml', wholeLanguage).value
  const slips = (given: unknown) => slipsIn(schema, given, () => '')

  test('finds nothing in what is fine', () => {
    expect(slips(value)).toEqual([])
    expect(v.is(policySchema, value)).toBe(true)
  })

  /** Every place in the value, by its path. */
  const placesIn = (part: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] => {
    if (part === null || typeof part !== 'object') return [path]
    return [
      path,
      ...Object.entries(part).flatMap(([key, inner]) => placesIn(inner, [...path, Array.isArray(part) ? Number(key) : key])),
    ]
  }
  const changed = (part: unknown, [step, ...rest]: readonly (string | number)[], change: (old: unknown) => unknown): unknown => {
    if (step === undefined) return change(part)
    if (Array.isArray(part))
      return part.map((item, index) => (index === step ? changed(item, rest, change) : item)).filter((item) => item !== undefined)
    const record = part as Record<string, unknown>
    const inner = changed(record[step], rest, change)
    const { [step]: _, ...others } = record
    return inner === undefined ? others : { ...others, [step]: inner }
  }
  const strange = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      undefined,
      true,
      false,
      0,
      1,
      -1,
      0.5,
      1e9,
      '',
      ' ',
      'x',
      'whole',
      'cut',
      'hold',
      'S11',
      'GUARD',
      [],
      {},
      ['x'],
      [null],
    ),
    fc.constantFrom<unknown>(
      { x: 1 },
      { en: 'x' },
      { category: 'x' },
      { kind: 'http' },
      { kind: 'workers_ai' },
      [['x']],
      [{}],
      { first: 1 },
      { timeout: 'cut' },
    ),
  )

  test(
    'finds something wherever the schema does, and nothing else, whatever is changed',
    () => {
      const places = placesIn(value)
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.constantFrom(...places), strange), { minLength: 1, maxLength: 2 }), (changes) => {
          let given: unknown = value
          for (const [path, to] of changes) {
            try {
              given = changed(given, path, (old) =>
                to !== null && typeof to === 'object' && 'x' in to && typeof old === 'object' ? { ...old, ...to } : to,
              )
            } catch {
              // The first change took away the place of the second.
            }
          }
          if (given === undefined) return
          const found = slips(given)
          // The schema alone takes a list for a group of keys.
          const others = found.filter(({ message }) => !message.endsWith('cannot be a list'))
          if (v.is(policySchema, given)) expect(others).toEqual([])
          else expect(found).not.toEqual([])
          for (const { message, advice } of found) {
            expect(message).toMatch(/\p{L}/u)
            expect(advice).toMatch(/\p{L}/u)
          }
        }),
        runs(2000),
      )
    },
    patience,
  )
})
