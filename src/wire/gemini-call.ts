/** Function calls of Gemini: whole in one part, or with arguments that come in pieces by their JSON path (Vertex AI). */
import { SluiceError } from '../errors.ts'
import { isRecord, type JsonRecord, type ScopeMemory, type Voice, voice, type Walker } from './shape.ts'

const toolInput = voice('tool_input', { indexed: true, json: true, atomic: true })
/** Gemini 3 refuses a call back whose signature is missing or was made for another: what is signed cannot be masked. */
const signedInput = voice('tool_input', { indexed: true, json: true, atomic: true, fixed: true })
const toolName = voice('tool_input', { indexed: true, tail: 'name', atomic: true, fixed: true })
/** A name that a piece says once more. */
const nameAgain = voice('tool_input', { tail: 'name', fixed: true })
/** A number as a piece: it cannot be masked, and says what digits say. */
const toolNumber = voice('tool_input', { tail: 'args', fixed: true })
/** Where a piece belongs: a path of keys that the model wrote. */
const toolPath = voice('tool_input', { tail: 'path', fixed: true })

/** Pieces of arguments at so many paths, over all calls of a candidate: more than any has, and each is a thread. */
const mostPaths = 1024

/** One thread for each path, so that no border between two of them is a way round a rule. */
const pieces: Voice[] = []
const signedPieces: Voice[] = []

function pieceAt(index: number, signed: boolean): Voice {
  const known = signed ? signedPieces : pieces
  known[index] ??= voice('tool_input', { indexed: true, tail: `args/${index}`, atomic: true, fixed: signed })
  return known[index]
}

export function isSigned(part: JsonRecord): boolean {
  return typeof part['thoughtSignature'] === 'string' && part['thoughtSignature'] !== ''
}

/** The call that is still being written in a candidate. */
interface OpenCall {
  readonly name: unknown
  readonly id: unknown
  /** The signature comes with the first piece. */
  readonly signed: boolean
  readonly paths: Map<string, number>
}

const open = new WeakMap<ScopeMemory, OpenCall>()
const pathsOf = new WeakMap<ScopeMemory, number>()

/**
 * Reads one `functionCall`. While `willContinue` is true the next piece belongs to it, unless that has another name or id;
 * some servers repeat both with every piece. A call without `willContinue` has said all it will, even where it is empty.
 */
export function readCall(walk: Walker, value: object, holder: JsonRecord, key: string): void {
  if (Array.isArray(value)) {
    walk.unknown(value, 'functionCall', holder, key)
    return
  }
  const call = value as JsonRecord
  const known = open.get(walk.scope)
  const goes = known !== undefined && walk.scope.part !== undefined && continues(call, known)
  if (!goes) walk.enterPart(walk.scope.lastPart + 1)
  const current = goes ? known : newCall(call, isSigned(holder))
  const before = walk.found
  readParts(walk, call, current, goes)
  // A piece that says nothing, as the last one often does, goes with its call.
  if (walk.found === before) walk.tie(toolName, call)
  if (call['willContinue'] === true) open.set(walk.scope, current)
  else {
    open.delete(walk.scope)
    walk.closePart()
  }
}

function newCall({ name, id }: JsonRecord, signed: boolean): OpenCall {
  return { name, id, signed, paths: new Map() }
}

function continues({ name, id }: JsonRecord, known: OpenCall): boolean {
  return (!name || name === known.name) && (!id || !known.id || id === known.id)
}

/** Name, arguments, and then whatever else there is: in the order in which they are spoken, whatever the order on the wire. */
function readParts(walk: Walker, call: JsonRecord, current: OpenCall, again: boolean): void {
  for (const field of ['name', 'args', 'partialArgs']) {
    if (!Object.hasOwn(call, field)) continue
    walk.keys++
    const value = call[field]
    if (field === 'name' && typeof value === 'string') {
      if (value === '') continue
      if (again) walk.whole(nameAgain, value, call, field)
      else walk.say(toolName, value, call, field)
    } else if (field === 'args' && isRecord(value))
      walk.document(current.signed ? signedInput : toolInput, value, 'adds', call, field)
    else if (field === 'partialArgs' && Array.isArray(value)) for (const piece of value) readPiece(walk, piece, current, call)
    else walk.unknown(value, `functionCall.${field}`, call, field)
  }
  for (const field in call) {
    if (field === 'name' || field === 'args' || field === 'partialArgs') continue
    if (field === 'id' || field === 'willContinue') readCode(walk, call, field, 'functionCall')
    else walk.unknownField(call, field, 'functionCall')
  }
}

function readPiece(walk: Walker, piece: unknown, { paths, signed }: OpenCall, holder: JsonRecord): void {
  if (!isRecord(piece)) {
    walk.unknown(piece, 'functionCall.partialArgs[]', holder, 'partialArgs')
    return
  }
  const path = typeof piece['jsonPath'] === 'string' ? piece['jsonPath'] : ''
  const index = paths.get(path) ?? paths.size
  if (index === paths.size) {
    const known = (pathsOf.get(walk.scope) ?? 0) + 1
    if (known > mostPaths) throw new SluiceError('unreadable_frame', 'more arguments than calls can have')
    pathsOf.set(walk.scope, known)
    paths.set(path, index)
  }
  for (const field in piece) {
    const value = piece[field]
    if (field === 'jsonPath' && typeof value === 'string') {
      walk.keys++
      if (value !== '') walk.whole(toolPath, value, piece, field)
    } else if (field === 'stringValue' && typeof value === 'string') {
      walk.keys++
      if (value !== '') walk.say(pieceAt(index, signed), value, piece, field)
    } else if (field === 'numberValue' && typeof value === 'number') {
      walk.keys++
      walk.spread(toolNumber, JSON.stringify(walk.numbers.in(piece)[field]), 'whole', piece, field)
    } else if (codes.includes(field)) readCode(walk, piece, field, 'functionCall.partialArgs[]')
    else walk.unknownField(piece, field, 'functionCall.partialArgs[]')
  }
}

const codes = ['numberValue', 'boolValue', 'nullValue', 'willContinue']

function readCode(walk: Walker, holder: JsonRecord, field: string, path: string): void {
  walk.keys++
  const value = holder[field]
  if (typeof value !== 'string' || !/^[!-~]{0,128}$/.test(value)) walk.unknown(value, `${path}.${field}`, holder, field)
}
