/** Text that leaves sentence by sentence: where it may be divided, what a cut leaves, and that nobody waits for ever. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Gate } from '../../src/gate/gate.ts'
import { SentenceUnits } from '../../src/gate/sentence-units.ts'
import { TextGate } from '../../src/gate/text-gate.ts'
import type { RuleDefinition } from '../../src/policy/definition.ts'
import { createPlan } from '../../src/policy/plan.ts'
import { patience, runs } from '../generators/settings.ts'
import { divide, somePlaces } from '../generators/texts.ts'
import { unitsOf } from '../oracle/sentences.ts'
import { plainFrame, plainLens } from './plain-plan.ts'

const someSpeech = fc
  .array(fc.constantFrom('a', 'b', ' ', '. ', '.', '。', '！」', '\n', '"', '1.5', '好', '😀', '\ud83d', '\ude00', '\r\n'), {
    maxLength: 16,
  })
  .map((parts) => parts.join(''))

describe('the borders', () => {
  test(
    'are those of the text alone, at the latest where a sentence is as long as may be, and where somebody else speaks',
    () => {
      fc.assert(
        fc.property(someSpeech, somePlaces, fc.integer({ min: 1, max: 6 }), (text, places, longest) => {
          const pauses: number[] = []
          const units = new SentenceUnits(longest)
          let read = ''
          for (const [index, piece] of divide(text, places).entries()) {
            if (index % 2 === 1) {
              units.pause()
              pauses.push(read.length)
            }
            units.read(piece)
            read += piece
            expect(units.before(read.length, (at) => at)).toBe(unitsOf(read, pauses, longest).at(-1) ?? 0)
          }
        }),
        runs(400),
      )
    },
    patience,
  )
})

const cut: RuleDefinition = { id: 'cut', action: 'cut', words: { terms: ['bomb'] } }
const mask: RuleDefinition = { id: 'mask', action: 'mask', with: '*', words: { terms: ['damn. you'] } }
const plan = createPlan({ settings: { release: 'sentence' }, rules: [cut, mask] })

function leaving(text: string): string[] {
  const gate = new TextGate(plan)
  let out = ''
  const states = text.split('').map((unit) => {
    out += gate.push(unit)
    return out
  })
  return [...states, out + gate.end()]
}

describe('a text that leaves sentence by sentence', () => {
  test('leaves with the sign after each, and the rest with its end', () => {
    const states = leaving('One. Two! 三。Four')
    expect([...new Set(states)]).toEqual(['', 'One.', 'One. Two!', 'One. Two! 三。', 'One. Two! 三。Four'])
    expect(states[4]).toBe('One.')
  })
  test('is cut at the end of the sentence before', () => {
    expect(leaving('One. Two bombs. Three.').at(-1)).toBe('One.')
    expect(leaving('One. Two bomb').at(-1)).toBe('One.')
    expect(leaving('A bomb.').at(-1)).toBe('')
  })
  test('is not divided in a mask', () => {
    expect([...new Set(leaving('Oh. damn. you. So.'))]).toEqual(['', 'Oh.', 'Oh. *.', 'Oh. *. So.'])
  })
  test('leaves at 600 units where no sentence ends', () => {
    const states = leaving('x'.repeat(1300))
    expect([states[598], states[599], states[1198], states[1199]].map((state) => state?.length)).toEqual([0, 600, 600, 1200])
    expect(states.at(-1)).toHaveLength(1300)
  })
  test('is held for its sentence, which is no reason for a cap to cut', () => {
    const tight = createPlan({ settings: { release: 'sentence', hold: { most_chars: 5 } }, rules: [cut] })
    const gate = new TextGate(tight)
    expect(gate.push('a sentence that goes on')).toBe('')
    expect([gate.isCut, gate.held]).toEqual([false, 23])
    expect(gate.push('. ')).toBe('a sentence that goes on.')
  })
  test('leaves as it is clear where no rule is in force, where it is JSON, and in a tool’s input', () => {
    const shadow = createPlan({ mode: 'shadow', settings: { release: 'sentence' }, rules: [cut] })
    expect(new TextGate(shadow).push('One. Tw')).toBe('One. Tw')
    const json = { name: 'answer', scope: '0', kind: 'answer', json: true } as const
    expect(new TextGate(plan, json).push('{"a":"One. Tw')).toBe('{"a":"One. Tw')
    const input = { name: 'tool_input/0', scope: '0', kind: 'tool_input', atomic: true } as const
    const gate = new TextGate(plan, input)
    expect([gate.push('One. Two. '), gate.push('Three'), gate.end()]).toEqual(['', '', 'One. Two. Three'])
  })
})

test('what one channel leaves unfinished does not keep back what the next one says', () => {
  const out: string[] = []
  const gate = new Gate(plan, plainLens, 1, {
    released: (channel, text) => text !== '' && out.push(`${channel.name}: ${text}`),
  })
  const says = (channel: string, text: string) => {
    gate.read(plainFrame({ say: { [channel]: text } }))
    gate.flush()
    return out.splice(0)
  }
  expect(says('reasoning', 'So I answer')).toEqual([])
  expect(says('answer', 'Well. I')).toEqual(['reasoning: So I answer', 'answer: Well.'])
  expect(says('answer', ' say bomb')).toEqual([])
  expect(gate.over).toBe(true)
})

test('nobody else speaks inside a character: a mask takes along what is joined to its end', () => {
  let said = ''
  const whole: RuleDefinition = { id: 'whole', action: 'mask', with: '*', words: { terms: ['you'], boundary: 'word' } }
  const gate = new Gate(createPlan({ settings: { release: 'sentence' }, rules: [whole] }), plainLens, 1, {
    released: (channel, text) => {
      if (channel.name === 'answer') said += text
    },
  })
  // A tag that joins what stands before it, in two halves.
  for (const say of [{ answer: 'you\udb40' }, { reasoning: 'Well.' }, { answer: '\udc41 so' }, { answer: '! Now' }]) {
    gate.read(plainFrame({ say }))
    gate.flush()
  }
  expect(said).toBe('* so!')
})
