/** The hold queue: frames in order of arrival, each leaving as it came once all its text is clear. */
import type { Lens } from '../terms/dialect.ts'
import type { Edit, Frame, Reading } from '../terms/frame.ts'
import type { OnCut } from '../terms/plan.ts'
import { Arrivals } from './arrivals.ts'
import { type ClearedFrame, clearedFrame } from './cleared.ts'
import { drawLine } from './line.ts'
import type { Place } from './place.ts'
import type { Scope } from './scope.ts'
import type { Watch } from './watch.ts'

/** More clear units than this do not wait for the rest of their frame: it is divided. */
const longestWait = 32

// Nearly every frame leaves as it came: three lists made for each of them would take longer than all else here.
const noTexts: ReadonlyMap<number, string> = new Map()
const nothing: ReadonlySet<never> = new Set()

interface Item {
  readonly frame: Frame
  readonly reading: Reading
  readonly places: Place[]
  /** Scopes whose cut lies in this frame. */
  readonly stops: Scope[]
  divided: boolean
  /** All that it says was read; until then some of it has no place here yet. */
  complete: boolean
}

export class HoldQueue {
  /** From `#first` on; what left is cut off now and then, not frame by frame. */
  #items: Item[] = []
  #first = 0
  readonly #lens: Lens
  readonly #onCut: OnCut
  /** Told of every text that leaves, masks applied. */
  readonly #released: (place: Place, text: string, masked: number, units: number) => void
  /** Scopes of which something was changed: what describes their text is stale from then on. */
  readonly #changed = new Set<string>()
  readonly #over = new Set<string>()
  /** Scopes that were cut when all they had said had left: only their ending is to come. */
  readonly #unsaid: Scope[] = []
  readonly #arrivals = new Map<Scope, Arrivals>()
  /** Bytes of the frames that wait. */
  heldBytes = 0
  touched = 0
  /** The latest frame left as it came, and nothing of ours after it. */
  #exact = true
  divided = 0

  constructor(lens: Lens, onCut: OnCut, released: (place: Place, text: string, masked: number, units: number) => void) {
    this.#lens = lens
    this.#onCut = onCut
    this.#released = released
  }

  add(frame: Frame, reading: Reading): void {
    this.heldBytes += frame.bytes.length
    this.#items.push({ frame, reading, places: [], stops: [], divided: false, complete: false })
  }

  /** All that the frame says that was added last was read. */
  completed(): true {
    const last = this.#items.at(-1)
    if (last !== undefined) last.complete = true
    return true
  }

  /** Adds a place to the frame that was added last. */
  place(place: Place): void {
    this.#items.at(-1)?.places.push(place)
    let arrivals = this.#arrivals.get(place.scope)
    if (arrivals === undefined) {
      arrivals = new Arrivals()
      this.#arrivals.set(place.scope, arrivals)
    }
    place.order = arrivals.add(place)
  }

  /** The scope was cut: takes everything after the line out of what is queued. */
  cut(scope: Scope, refused: Place | undefined): void {
    const ofScope = (item: Item): Place[] => item.places.filter((place) => place.scope === scope)
    const waiting = this.#items.slice(this.#first)
    const stop = drawLine(waiting.flatMap(ofScope), refused)
    const holder = waiting.find((item) => stop !== undefined && item.places.includes(stop)) ?? waiting.at(-1)
    if (holder === undefined) this.#unsaid.push(scope)
    else holder.stops.push(scope)
  }

  /** Takes out all that the watch has read: none of it has left. */
  drop(watch: Watch): void {
    for (let index = this.#first; index < this.#items.length; index++)
      for (const place of (this.#items[index] as Item).places) if (place.watch === watch) place.refuse()
  }

  /** Everything that may leave now, in order. */
  flush(): ClearedFrame[] {
    const out: ClearedFrame[] = []
    if (this.#unsaid.length > 0) for (const scope of this.#unsaid.splice(0)) this.#end(scope, out)
    let head = this.#items[this.#first]
    while (head?.complete && head.places.every((place) => this.#mayLeave(place))) {
      this.#first++
      this.heldBytes -= head.frame.bytes.length
      this.#leave(head, out)
      head = this.#items[this.#first]
    }
    if (this.#first > 64 && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first)
      this.#first = 0
    }
    if (head !== undefined) this.#divide(head, out)
    return out
  }

  #mayLeave(place: Place): boolean {
    return place.kept !== undefined || place.order < (this.#arrivals.get(place.scope)?.closed ?? 0)
  }

  #leave(item: Item, out: ClearedFrame[]): void {
    let texts: Map<number, string> | undefined
    let removed: Set<number> | undefined
    for (const place of item.places) {
      const { slot } = place.segment
      const units = place.kept ?? place.length
      const nothingLeft = place.kept === 0 || (place.begun && units === 0)
      // A key that left in the head stands in the tail as well: what hangs on it says whether there is anything.
      if (nothingLeft && place.segment.indivisible && place.kept === undefined) continue
      const text = this.#send(place, units)
      if (nothingLeft) {
        removed ??= new Set()
        removed.add(slot)
      } else if (text !== place.segment.text) {
        texts ??= new Map()
        texts.set(slot, text)
      }
    }
    this.#write(item, { texts: texts ?? noTexts, removed: removed ?? nothing, part: item.divided ? 'tail' : 'whole' }, out)
    for (const scope of item.stops) this.#end(scope, out)
  }

  #end(scope: Scope, out: ClearedFrame[]): void {
    scope.over = true
    this.#over.add(scope.name)
    const ending = this.#lens.cut(scope.name, this.#onCut, scope.released)
    if (ending.length === 0) return
    this.#exact = false
    out.push(clearedFrame(ending))
  }

  /** Sends what is clear of a frame that has to wait, where that is more than a little. */
  #divide(item: Item, out: ClearedFrame[]): void {
    const { reading, complete } = item
    if (reading.undivided || (!complete && reading.media !== undefined)) return
    const first = item.places.findIndex((place) => !this.#mayLeave(place))
    const stop = first < 0 ? item.places.length : first
    const waiting = item.places[stop]
    const whole = waiting === undefined || waiting.watch?.channel.atomic || waiting.segment.indivisible
    const units = whole ? 0 : waiting.jointBefore(waiting.sendableLength)
    const before = item.places.slice(0, stop)
    // A judge takes longer than the next word, and so does the end of a sentence.
    const patience = waiting === undefined || waiting.watch?.waitsLong ? 0 : longestWait
    if (before.reduce((sum, place) => sum + (place.kept ?? place.length), units) <= patience) return
    const texts = new Map<number, string>()
    // What was not read yet is for a later part.
    const removed = new Set(complete ? [] : reading.steps.flatMap((step) => (step.kind === 'text' ? [step.slot] : [])))
    for (const { segment } of item.places) removed.delete(segment.slot)
    for (const [index, place] of item.places.entries()) {
      const { slot, indivisible, text } = place.segment
      const later = index > stop || (index === stop && units === 0)
      if (later || place.kept === 0 || (place.begun && place.length === 0 && !indivisible)) {
        removed.add(slot)
        continue
      }
      // A key that left in an earlier part stands in this one as well.
      if (indivisible && place.begun && place.length === 0) continue
      const sent = this.#send(place, index === stop ? units : (place.kept ?? place.length))
      if (!indivisible) texts.set(slot, sent)
      else if (sent !== text) {
        // What hangs on it goes, from this part of the frame and from those that come.
        removed.add(slot)
        place.refuse()
      }
    }
    item.divided = true
    this.divided++
    this.#write(item, { texts, removed, part: 'head' }, out)
  }

  #send(place: Place, units: number): string {
    const { text, masked } = place.send(units)
    if (masked > 0 || place.kept !== undefined) this.#changed.add(place.scope.name)
    this.#released(place, text, masked, units)
    return text
  }

  #write(item: Item, edit: Pick<Edit, 'texts' | 'removed' | 'part'>, out: ClearedFrame[]): void {
    const { frame, reading, stops } = item
    if (frame.completes && !this.#exact) return
    const cut = edit.part === 'head' || stops.length === 0 ? nothing : new Set(stops.map((scope) => scope.name))
    const asItCame =
      edit.part === 'whole' &&
      edit.texts.size === 0 &&
      edit.removed.size === 0 &&
      cut.size === 0 &&
      reading.rewrite !== true &&
      this.#lens.renumbers !== true &&
      !reading.mentions.some((scope) => this.#over.has(scope)) &&
      !reading.describes.some((scope) => this.#changed.has(scope))
    if (!asItCame) this.touched++
    this.#exact = asItCame && stops.length === 0
    const bytes = asItCame
      ? frame.bytes
      : this.#lens.write(frame, { ...edit, cut, gone: this.#over, stale: this.#changed, how: this.#onCut })
    if (bytes === null || bytes.length === 0) return
    out.push(clearedFrame(bytes))
    if (reading.note !== undefined && edit.part !== 'head') this.#lens.left?.(reading.note)
  }
}
