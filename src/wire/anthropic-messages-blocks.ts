/** The blocks of a message in Anthropic's protocol: which thread each speaks in, and what belongs together. */
import { SluiceError } from '../errors.ts'
import { indexOf } from './indexes.ts'
import { type Hook, isRecord, type JsonRecord, type ScopeMemory, type Voice, voice, type Walker } from './shape.ts'

/** What a block says, as far as it matters where its thread begins and ends. */
type Family = 'answer' | 'reasoning' | 'tool_input' | 'other'

export const answer = voice('answer', { indexed: true, json: 'asked' })
export const reasoning = voice('reasoning', { indexed: true, signed: true })
export const toolInput = voice('tool_input', { indexed: true, json: true, atomic: true })
export const toolName = voice('tool_input', { indexed: true, tail: 'name', atomic: true, fixed: true })
export const compaction = voice('answer', { indexed: true, tail: 'compaction' })

/** What a scope has said so far in blocks. */
interface Blocks {
  /** How many threads of each family there were. */
  readonly threads: Map<Family, number>
  open: { readonly index: number; readonly thread: Thread } | undefined
  /** The position of the latest block. A message may begin again in the middle of a stream, and count anew. */
  latest: number
  /**
   * Text blocks that follow one another are one text: answers with citations come in many. Where JSON was asked for each
   * is a document of its own, as the official client reads it.
   */
  run: Thread | undefined
}

interface Thread {
  readonly family: Family
  readonly part: number
  readonly name: string
}

const known = new WeakMap<ScopeMemory, Blocks>()

function blocksOf(scope: ScopeMemory): Blocks {
  const blocks = known.get(scope) ?? { threads: new Map(), open: undefined, latest: -1, run: undefined }
  known.set(scope, blocks)
  return blocks
}

/** The shape of a block or of a delta, by its `type`; some servers leave out a delta's, so what it holds tells as well. */
export function kindOfBlock({ type }: JsonRecord): string {
  if (typeof type !== 'string') return 'other'
  if (/^(text|thinking|redacted_thinking|compaction)$/.test(type)) return type
  if (/(^|_)tool_use$/.test(type)) return 'tool'
  return /(_result|^container_upload|^fallback)$/.test(type) ? 'result' : 'other'
}

const deltas: Readonly<Record<string, string>> = {
  text_delta: 'text',
  input_json_delta: 'partial_json',
  thinking_delta: 'thinking',
  signature_delta: 'signature',
  citations_delta: 'citation',
  compaction_delta: 'content',
}

export function kindOfDelta(delta: JsonRecord): string {
  const { type } = delta
  if (typeof type === 'string') return type
  return Object.keys(deltas).find((kind) => (deltas[kind] as string) in delta) ?? ''
}

function familyOf(block: JsonRecord): Family {
  const kind = kindOfBlock(block)
  if (kind === 'text') return 'answer'
  if (kind === 'thinking' || kind === 'redacted_thinking') return 'reasoning'
  return kind === 'tool' ? 'tool_input' : 'other'
}

function familyOfDelta(delta: unknown): Family {
  const kind = isRecord(delta) ? kindOfDelta(delta) : ''
  if (kind === 'text_delta' || kind === 'citations_delta') return 'answer'
  if (kind === 'thinking_delta' || kind === 'signature_delta') return 'reasoning'
  return kind === 'input_json_delta' ? 'tool_input' : 'other'
}

function begin(walk: Walker, index: number, family: Family): void {
  const blocks = blocksOf(walk.scope)
  let thread = family === 'answer' && !walk.scope.json && index > blocks.latest ? blocks.run : undefined
  if (thread === undefined) {
    walk.closePart()
    const before = blocks.threads.get(family) ?? 0
    blocks.threads.set(family, before + 1)
    thread = { family, part: walk.scope.lastPart + 1, name: before === 0 && family !== 'tool_input' ? '' : `/${before}` }
    blocks.run = family === 'answer' ? thread : undefined
  }
  blocks.open = { index, thread }
  blocks.latest = index
  walk.enterPart(thread.part, thread.name)
}

/** The block is over. A text may go on in the next, so its thread ends only where another kind of block begins. */
function end(walk: Walker): void {
  const blocks = blocksOf(walk.scope)
  if (blocks.open !== undefined && blocks.open.thread.family !== 'answer') walk.closePart()
  blocks.open = undefined
}

/** A block that leaves together is tied to what it says, where it says nothing here. */
function tie(walk: Walker, family: Family | undefined, holder: JsonRecord): void {
  const voiced: Voice | undefined = family === 'reasoning' ? reasoning : family === 'tool_input' ? toolName : undefined
  if (voiced !== undefined && walk.said(voiced).length === 0) walk.tie(voiced, holder)
}

export const enterStart: Hook = (walk, event) => {
  const block = event['content_block']
  const next = (blocksOf(walk.scope).open?.index ?? -1) + 1
  begin(walk, indexOf(event['index']) ?? next, isRecord(block) ? familyOf(block) : 'other')
}

export const leaveStart: Hook = (walk, event) => tie(walk, blocksOf(walk.scope).open?.thread.family, event)

export const enterDelta: Hook = (walk, event) => {
  const { open, latest } = blocksOf(walk.scope)
  const { delta } = event
  const index = indexOf(event['index'])
  if (open !== undefined && (index ?? open.index) === open.index) walk.enterPart(open.thread.part, open.thread.name)
  else {
    // Blocks come one after the other. Clients add to whichever is named, so a word could go on in one that was read to its end.
    if (index !== undefined && index <= latest && speaks(delta))
      throw new SluiceError('text_after_end', `text for content block ${index} came after its end`)
    begin(walk, index ?? 0, familyOfDelta(delta))
  }
}

/** Signatures, and pieces of nothing, may come late. */
function speaks(delta: unknown): boolean {
  if (!isRecord(delta) || kindOfDelta(delta) === 'signature_delta') return false
  return Object.entries(delta).some(([name, field]) => name !== 'type' && field !== '' && field !== null)
}

export const leaveDelta: Hook = (walk, event) => {
  const family = blocksOf(walk.scope).open?.thread.family
  if (family === 'reasoning') tie(walk, family, event)
}

export const leaveStop: Hook = (walk, event) => {
  leaveDelta(walk, event, 0)
  end(walk)
}

/** A block in a list: all of it at once. */
export const enterWhole: Hook = (walk, block, position) => {
  begin(walk, position, familyOf(block))
  walk.scope.mark = walk.found
}

/** Also a block that says nothing goes with what is taken out before it. */
export const leaveWhole: Hook = (walk, block) => {
  const family = familyOf(block)
  tie(walk, family, block)
  if (walk.found === walk.scope.mark) walk.tie(family === 'answer' ? answer : compaction, block)
  end(walk)
}
