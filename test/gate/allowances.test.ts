/** What is allowed, in plans as operators write them: by words of any fold, by patterns, in JSON, and within bounds. */
import { describe, expect, test } from 'vitest'
import { compileNumber } from '../../src/checks/numbers-compile.ts'
import { compilePattern } from '../../src/checks/pattern-compile.ts'
import { TextGate } from '../../src/gate/text-gate.ts'
import type { RuleDefinition } from '../../src/policy/definition.ts'
import { createPlan } from '../../src/policy/plan.ts'
import type { Channel } from '../../src/terms/channel.ts'

const answer: Channel = { name: 'answer', scope: '0', kind: 'answer' }

function released(rules: readonly RuleDefinition[], text: string, channel = answer): string {
  const plan = createPlan({ rules })
  const ways = [[text], text.split(''), [text.slice(0, text.length >> 1), text.slice(text.length >> 1)]].map((pieces) => {
    const gate = new TextGate(plan, channel)
    return pieces.map((piece) => gate.push(piece)).join('') + gate.end()
  })
  expect(new Set(ways).size).toBe(1)
  return ways[0] as string
}

const mask = { action: 'mask', with: '*' } as const
const slurs: RuleDefinition = { id: 'slurs', ...mask, words: { terms: ['cunt', 'ass'], fold: 'loose' } }

describe('an allowance', () => {
  test('sees through what its own fold says, whatever that of the lifted rule is', () => {
    const allow = (fold: 'none' | 'case' | 'loose'): RuleDefinition[] => [
      slurs,
      { id: 'places', action: 'allow', lifts: ['slurs'], words: { terms: ['Scunthorpe', 'class'], fold } },
    ]
    const spelled = 'Scunthorpe SCUNTHORPE Sсunthоrpe s.c.u.n.t.h.o.r.p.e Scunt'
    expect(released(allow('none'), spelled)).toBe('Scunthorpe S*HORPE S*hоrpe s.*.h.o.r.p.e S*')
    expect(released(allow('case'), spelled)).toBe('Scunthorpe SCUNTHORPE S*hоrpe s.*.h.o.r.p.e S*')
    expect(released(allow('loose'), spelled)).toBe('Scunthorpe SCUNTHORPE Sсunthоrpe s.c.u.n.t.h.o.r.p.e S*')
    expect(released(allow('loose'), 'cla.s.s классный cl@ss')).toBe('cla.s.s классный cl@ss')
  })

  test('by words lifts what patterns find, and by a pattern what words find', () => {
    const rules: RuleDefinition[] = [
      { id: 'email', ...mask, pattern: compileNumber('email'), number: 'email' },
      { id: 'shop', ...mask, words: { terms: ['acme'], boundary: 'word' } },
      { id: 'ours', action: 'allow', lifts: ['email'], words: { terms: ['help@acme.example'] } },
      { id: 'numbers', action: 'allow', lifts: ['shop'], pattern: compilePattern('acme-\\d{3}') },
    ]
    expect(released(rules, 'me@acme.example help@acme.example acme-123 acme-12')).toBe('* help@*.example acme-123 *-12')
  })

  test('inside a string of JSON lifts what is found there, escapes or not', () => {
    const rules: RuleDefinition[] = [slurs, { id: 'places', action: 'allow', lifts: ['slurs'], words: { terms: ['Scunthorpe'] } }]
    const json = { ...answer, json: true }
    expect(released(rules, '{"town":"Scunthorpe","word":"Scunt"}', json)).toBe('{"town":"Scunthorpe","word":"S*"}')
    expect(released(rules, '{"town":"S\\u0063unthorpe"}', json)).toBe('{"town":"S\\u0063unthorpe"}')
    const call: Channel = { name: 'tool_input/0', scope: '0', kind: 'tool_input', json: true, atomic: true }
    expect(released(rules, '{"town":"Scunthorpe"}', call)).toBe('{"town":"Scunthorpe"}')
  })

  test('lets a cut fall at the very unit where nothing allows it any more', () => {
    const plan = createPlan({
      rules: [
        { id: 'kill', action: 'cut', words: { terms: ['kill'] } },
        { id: 'bee', action: 'cut', words: { terms: ['bee'] } },
        { id: 'apps', action: 'allow', lifts: ['kill'], pattern: compilePattern('killer (?:app|bee)s') },
      ],
    })
    for (const length of [1, 7, 100]) {
      const gate = new TextGate(plan)
      const text = 'killer apps, a killer bear, a killer'
      let out = ''
      for (let at = 0; at < text.length; at += length) out += gate.push(text.slice(at, at + length))
      expect([out, gate.watch.cut]).toEqual(['killer apps, a ', { decided: 25, by: ['kill'] }])
    }
  })

  test('costs nothing where it begins all the time: what is remembered is bounded, and everything leaves', () => {
    const plan = createPlan({
      rules: [
        { id: 'a', ...mask, words: { terms: ['ab'] } },
        { id: 'b', action: 'allow', lifts: ['a'], words: { terms: ['abc', 'ab ab'] } },
      ],
    })
    const gate = new TextGate(plan)
    let out = ''
    for (let turn = 0; turn < 20_000; turn++) out += gate.push('abc ab. ')
    expect(out + gate.end()).toBe('abc *. '.repeat(20_000))
  })
})
