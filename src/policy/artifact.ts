/** The form in which a compiled policy is stored and sent: one sealed buffer, on which the tables of a plan are views. */
import { SluiceError } from '../errors.ts'
import type { Plan } from '../terms/plan.ts'

/** Raised whenever an older reader could misread what is written; a reader takes no version but its own. */
export const artifactVersion = 5

/** All of a plan but its matchers. */
export type PlanContent = Pick<Plan, 'name' | 'hash' | 'mode' | 'settings' | 'rules' | 'judges'>

export type MatchedKind = keyof Plan['matchers']

/** A matcher's tables as its engine packs them, and the kinds of channel it looks at. */
export interface PackedMatcher {
  readonly engine: 'words' | 'patterns'
  readonly kinds: readonly MatchedKind[]
  readonly tables: Uint8Array
}

export interface Artifact extends PlanContent {
  readonly matchers: readonly PackedMatcher[]
}

/** What stands in the artifact before the tables, as JSON: what was written, with the tables' lengths in bytes. */
interface Header extends PlanContent {
  readonly matchers: readonly {
    readonly engine: PackedMatcher['engine']
    readonly kinds: readonly MatchedKind[]
    readonly bytes: number
  }[]
}

/** `SLUP`, as a machine has it that keeps the low byte first; on another nothing of this could be read in place. */
const magic = 0x50_55_4c_53
/** Magic, version, bytes in all, bytes of the JSON, and four of seal: in units of four bytes. */
const headWords = 8
const sealAt = 4
/** Everything begins at a multiple of this, in bytes. */
const alignment = 16

/** The same content makes the same bytes. */
export function writeArtifact({ name, hash, mode, settings, rules, judges, matchers }: Artifact): Uint8Array<ArrayBuffer> {
  const tables = matchers.map(({ engine, kinds, tables: { byteLength } }) => ({ engine, kinds, bytes: byteLength }))
  const header: Header = { name, hash, mode, settings, rules, judges, matchers: tables }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const start = headWords * 4 + aligned(json.length)
  const size = matchers.reduce((sum, matcher) => sum + aligned(matcher.tables.byteLength), start)
  const bytes = new Uint8Array(size)
  const words = new Uint32Array(bytes.buffer)
  words.set([magic, artifactVersion, size, json.length])
  bytes.set(json, headWords * 4)
  let at = start
  for (const matcher of matchers) {
    bytes.set(matcher.tables, at)
    at += aligned(matcher.tables.byteLength)
  }
  words.set(sealOf(words), sealAt)
  return bytes
}

/**
 * What was written. The tables are views on the given bytes, which must not change, unless those begin at an odd place.
 *
 * @throws SluiceError `plan_unreadable`: not an artifact, of another version, or damaged.
 */
export function readArtifact(given: unknown): Artifact {
  const bytes = bytesOf(given)
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2)
  if (words.length < headWords || words[0] !== magic) throw unreadable('it is none; make one with `sluice compile`')
  if (words[1] !== artifactVersion)
    throw unreadable(`it is of version ${words[1]}, this Sluice reads ${artifactVersion}; compile the policy again`)
  if (words[2] !== bytes.byteLength) throw unreadable(`it has ${bytes.byteLength} bytes of ${words[2]}; compile the policy again`)
  if (sealOf(words).some((word, index) => words[sealAt + index] !== word))
    throw unreadable('its seal does not fit its content: it was damaged or edited; compile the policy again')
  const jsonEnd = headWords * 4 + (words[3] as number)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(headWords * 4, jsonEnd))) as Header
  let at = aligned(jsonEnd)
  const matchers = header.matchers.map(({ engine, kinds, bytes: length }) => {
    const tables = bytes.subarray(at, at + length)
    at += aligned(length)
    return { engine, kinds, tables }
  })
  return { ...header, matchers }
}

/** How many of the bytes are the artifact that begins there; undefined where they do not say, or are fewer than that. */
export function artifactLength(bytes: Uint8Array): number | undefined {
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.byteLength < headWords * 4 || head.getUint32(0, true) !== magic) return undefined
  const length = head.getUint32(8, true)
  return length >= headWords * 4 && length % alignment === 0 && length <= bytes.byteLength ? length : undefined
}

export function unreadable(reason: string, cause?: unknown): SluiceError {
  return new SluiceError('plan_unreadable', `the compiled policy cannot be used: ${reason}`, { cause })
}

/** Bytes that begin where numbers of four bytes may. */
function bytesOf(given: unknown): Uint8Array<ArrayBuffer> {
  if (ArrayBuffer.isView(given)) {
    const bytes = new Uint8Array(given.buffer as ArrayBuffer, given.byteOffset, given.byteLength)
    return bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  }
  if (given instanceof ArrayBuffer) return new Uint8Array(given)
  throw unreadable('it is none; make one with `sluice compile`, and hand over its bytes')
}

function aligned(length: number): number {
  return Math.ceil(length / alignment) * alignment
}

/**
 * Tells damage, at the speed of memory; no secret goes into it, so it does not tell who wrote. Four sums over every fourth
 * number, seal and magic left out: whatever changes in one number changes its sum, for each step can be undone.
 */
function sealOf(words: Uint32Array): [number, number, number, number] {
  let [a, b, c, d] = [words[1] as number, words[2] as number, words[3] as number, 1]
  for (let at = headWords; at < words.length; at += 4) {
    a = stirred(a, words[at] as number)
    b = stirred(b, words[at + 1] as number)
    c = stirred(c, words[at + 2] as number)
    d = stirred(d, words[at + 3] as number)
  }
  return [a >>> 0, b >>> 0, c >>> 0, d >>> 0]
}

/** Both multipliers are odd, so that nothing is lost. */
function stirred(sum: number, word: number): number {
  const mixed = Math.imul(sum ^ word, 0x9e37_79b1)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x85eb_ca6b)
}
