/** Plans over plain terms, and a lens for frames that are small JSON objects; for tests of the gate alone. */

import type { Channel } from '../../src/terms/channel.ts'
import type { Lens } from '../../src/terms/dialect.ts'
import type { Edit, Frame, Reading, Step } from '../../src/terms/frame.ts'
import type { Plan, Rule, Settings } from '../../src/terms/plan.ts'
import { type PlainRule, plainMatcher } from './plain-matcher.ts'

export interface TermRule {
  readonly term: string
  readonly action: Rule['action']
  readonly mode?: Rule['mode']
}

const settings: Settings = {
  release: 'exact',
  hold: { most_chars: 4000, tool_most_chars: 4000, answer_most_chars: 4000, most_ms: 8000, at_cap: 'cut' },
  on_cut: { ending: 'native', notice: '', notice_in: 'none' },
  on_block: { as: 'native', message: 'no' },
  unknown: 'check',
  media: { image: 'pass', audio: 'pass', file: 'pass' },
  reasoning: 'cut',
  prompt: { overlap: false, turns: 'last' },
  require_terminal: false,
}

/** @param apart one matcher a rule, as engines of different kinds would be. */
export function plainPlan(
  terms: readonly TermRule[],
  hold: Partial<Settings['hold']> = {},
  apart = false,
  more: Partial<Settings> = {},
): Plan {
  const rules = terms.map(
    ({ term, action, mode = 'enforce' }): Rule => ({
      id: term,
      action,
      mode,
      with: action === 'mask' ? '*' : '',
      tags: [],
      channels: [],
    }),
  )
  const plain = terms.map(({ term }, rule): PlainRule => {
    const { action, mode } = rules[rule] as Rule
    const inForce = mode === 'enforce' && action !== 'flag'
    return { rule, term, effect: { holds: inForce, stops: inForce && action === 'cut' } }
  })
  const matchers = apart ? plain.map((rule) => plainMatcher([rule])) : [plainMatcher(plain)]
  const kinds = ['answer', 'reasoning', 'refusal', 'tool_input', 'prompt', 'prompt.system', 'unknown']
  return {
    name: 'plain',
    hash: '0',
    mode: 'enforce',
    settings: { ...settings, ...more, hold: { ...settings.hold, ...hold } },
    rules,
    matchers: Object.fromEntries(kinds.map((kind) => [kind, matchers])),
    seats: Object.fromEntries(kinds.map((kind) => [kind, []])),
  } as unknown as Plan
}

interface PlainFrame {
  /** Texts by channel in the order they are said: `answer`, `1/answer`, `tool_input/0`, `thought` (which is signed) … */
  readonly say?: Readonly<Record<string, string>>
  /** Texts that say they are all of their channels: `speech` and tool inputs are restated. */
  readonly again?: Readonly<Record<string, string>>
  /** A text of its own beside all scopes. */
  readonly aside?: string
  readonly close?: string
  readonly finish?: string
  readonly last?: boolean
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export function plainFrame(content: PlainFrame): Frame {
  const data = JSON.stringify(content)
  return { bytes: encoder.encode(`${data}\n`), data, event: undefined, asides: [] }
}

function channelOf(name: string): Channel {
  const scope = /^(\d+)\//.exec(name)?.[1] ?? '0'
  const atomic = name.includes('tool_input')
  if (name.includes('thought')) return { name, scope, kind: 'reasoning', signed: true }
  return { name, scope, kind: atomic ? 'tool_input' : 'answer', atomic, restated: atomic || name.includes('speech') }
}

export const plainLens: Lens = {
  read(frame): Reading {
    const { say = {}, again = {}, aside, close, finish, last = false } = JSON.parse(frame.data as string) as PlainFrame
    const segments = (texts: Readonly<Record<string, string>>, relation: 'adds' | 'restates', from: number): Step[] =>
      Object.entries(texts).map(([name, text], index) => ({
        kind: 'text',
        channel: channelOf(name),
        text,
        relation,
        slot: from + index,
      }))
    const steps: Step[] = [...segments(say, 'adds', 0), ...segments(again, 'restates', 50)]
    if (aside !== undefined) {
      steps.push({
        kind: 'text',
        channel: { name: 'unknown/aside', scope: '', kind: 'unknown' },
        text: aside,
        relation: 'whole',
        slot: 100,
      })
    }
    if (close !== undefined) steps.push({ kind: 'channel-end', channel: close })
    if (finish !== undefined) steps.push({ kind: 'scope-end', scope: finish })
    const mentions = [
      ...Object.keys({ ...say, ...again }).map((name) => channelOf(name).scope),
      ...(finish === undefined ? [] : [finish]),
    ]
    return { steps, mentions, describes: [], terminal: last }
  },
  write(frame, edit: Edit): Uint8Array | null {
    const { say = {}, again = {}, aside, finish, last } = JSON.parse(frame.data as string) as PlainFrame
    const left = (texts: Readonly<Record<string, string>>, from: number): [string, string | undefined][] =>
      Object.entries(texts)
        .map(([name, text], index): [string, string | undefined] => [
          name,
          edit.removed.has(from + index) ? undefined : (edit.texts.get(from + index) ?? text),
        ])
        .filter(([name, text]) => text !== undefined && !edit.gone.has(channelOf(name).scope))
    const said = left(say, 0)
    const restated = left(again, 50)
    const ends = finish !== undefined && edit.part !== 'head' && !edit.gone.has(finish) && !edit.cut.has(finish)
    const kept = {
      ...(said.length > 0 && { say: Object.fromEntries(said) }),
      ...(restated.length > 0 && { again: Object.fromEntries(restated) }),
      ...(aside !== undefined && !edit.removed.has(100) && { aside: edit.texts.get(100) ?? aside }),
      ...(ends && { finish }),
      ...(last && { last }),
    }
    return Object.keys(kept).length === 0 ? null : encoder.encode(`${JSON.stringify(kept)}\n`)
  },
  cut: (scope, _how, released) =>
    encoder.encode(
      `cut ${scope}${[...(released ?? [])].map(([name, text]) => (text === '' ? '' : ` ${name}=${text};`)).join('')}\n`,
    ),
  close: () => encoder.encode('close\n'),
  keepAlive: () => new Uint8Array(0),
  fail: () => encoder.encode('fail\n'),
}

export function linesOf(frames: readonly { readonly bytes: Uint8Array }[]): string[] {
  return frames.flatMap(({ bytes }) => decoder.decode(bytes).trimEnd().split('\n'))
}
