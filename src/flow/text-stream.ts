/** The gate for plain text as a Web stream: strings in, strings out, clear text as soon as it is clear. */
import { SluiceError } from '../errors.ts'
import { TextGate } from '../gate/text-gate.ts'
import type { Plan } from '../terms/plan.ts'
import { demandPlan } from './choice.ts'

export interface TextGateOptions {
  readonly plan: Plan
  /** Called once when a rule cuts the text; the stream ends there without an error. */
  readonly onCut?: (by: readonly string[]) => void
}

/**
 * A `TransformStream<string, string>` that treats all it reads as one answer. What is written and is no string fails the
 * stream with SluiceError `configuration`; so does the constructor where the plan is missing.
 *
 * @example
 * const safe = text.pipeThrough(new TextGateStream({ plan }))
 */
export class TextGateStream implements TransformStream<string, string> {
  readonly readable: ReadableStream<string>
  readonly writable: WritableStream<string>

  constructor(options: TextGateOptions) {
    demandPlan(options?.plan, 'new TextGateStream({ plan })')
    const { plan, onCut } = options
    const gate = new TextGate(plan)
    const release = (text: string, controller: TransformStreamDefaultController<string>): void => {
      if (text !== '') controller.enqueue(text)
      if (!gate.isCut) return
      onCut?.(gate.watch.cut?.by ?? [])
      controller.terminate()
    }
    const stream = new TransformStream<string, string>({
      transform: (text, controller) => {
        // Programs without types pipe in the bytes of a response.
        if (typeof text !== 'string')
          throw new SluiceError('configuration', 'a text stream takes strings; pipe bytes through a TextDecoderStream first')
        release(gate.push(text), controller)
      },
      flush: (controller) => release(gate.end(), controller),
    })
    this.readable = stream.readable
    this.writable = stream.writable
  }
}
