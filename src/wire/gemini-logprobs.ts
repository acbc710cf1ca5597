/** Gemini's log probabilities: chosen tokens spell a text once more, the others show what was not chosen. */
import { isRecord, type JsonRecord, type Shape, type Voice, voice, type Walker } from './shape.ts'

const otherwise = voice('answer', { tail: 'logprobs/tokens' })
const alternatives = voice('answer', { tail: 'logprobs/alternatives' })

const path = 'logprobsResult'

/**
 * Reads a `logprobsResult`. Where the chosen tokens spell what one of the voices, or all in turn, said in this frame, they
 * are that text, and go when it is changed; anything else is a thread of its own.
 */
export function readTokenLists(...voices: readonly Voice[]): NonNullable<Shape['read']> {
  return (walk, value, holder, key) => {
    if (Array.isArray(value)) {
      walk.unknown(value, path, holder, key)
      return
    }
    walk.describe()
    const lists = value as JsonRecord
    const chosen = listOf(lists['chosenCandidates']).map(tokenOf)
    for (const field in lists) {
      const members = lists[field]
      if (field === 'chosenCandidates' && Array.isArray(members)) {
        walk.keys++
        for (const entry of members) readEntry(walk, entry, `${path}.chosenCandidates[]`, holder, key)
      } else if (field === 'topCandidates' && Array.isArray(members)) {
        walk.keys++
        for (const [index, entry] of members.entries()) readAlternatives(walk, entry, chosen[index] ?? '', holder, key)
      } else if (field === 'logProbabilitySum' && typeof members !== 'object' && typeof members !== 'string') walk.keys++
      else walk.unknownField(lists, field, path)
    }
    const spelled = chosen.join('')
    const said = voices.map((one) =>
      walk
        .said(one)
        .map(({ text }) => text)
        .join(''),
    )
    const tied = said.includes(spelled) || said.toReversed().join('') === spelled
    if (spelled !== '' && !tied) walk.spread(otherwise, spelled, 'adds', holder, key)
  }
}

function readAlternatives(walk: Walker, entry: unknown, chosen: string, holder: JsonRecord, key: string): void {
  if (!isRecord(entry)) {
    walk.unknown(entry, `${path}.topCandidates[]`, holder, key)
    return
  }
  for (const field in entry) {
    const members = entry[field]
    if (field !== 'candidates' || !Array.isArray(members)) {
      walk.unknownField(entry, field, `${path}.topCandidates[]`)
      continue
    }
    walk.keys++
    for (const member of members) {
      readEntry(walk, member, `${path}.topCandidates[].candidates[]`, holder, key)
      const token = tokenOf(member)
      if (token !== '' && token !== chosen) walk.spread(alternatives, token, 'whole', holder, key)
    }
  }
}

/** Everything in an entry but its token, which is read with the others of its list. */
function readEntry(walk: Walker, entry: unknown, at: string, holder: JsonRecord, key: string): void {
  if (!isRecord(entry)) {
    walk.unknown(entry, at, holder, key)
    return
  }
  for (const field in entry) {
    const value = entry[field]
    const understood = field === 'token' ? typeof value === 'string' : numbers.includes(field) && typeof value !== 'object'
    if (understood && (field === 'token' || typeof value !== 'string')) walk.keys++
    else walk.unknownField(entry, field, at)
  }
}

const numbers = ['tokenId', 'logProbability']

function tokenOf(entry: unknown): string {
  const token = isRecord(entry) ? entry['token'] : undefined
  return typeof token === 'string' ? token : ''
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
