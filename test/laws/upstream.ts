/** An upstream's body in memory: sends its pieces, then goes on as it is told. */

/** How an upstream goes on after it has sent what it had. */
export type After = 'close' | 'hang' | 'reset'

/** @param onCancel called when nobody reads on. */
export function bodyOf(pieces: readonly Uint8Array[], after: After, onCancel?: () => void): ReadableStream<Uint8Array> {
  const left = [...pieces]
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = left.shift()
      if (piece !== undefined) controller.enqueue(piece)
      else if (after === 'close') controller.close()
      else if (after === 'reset') controller.error(new Error('reset'))
      else return new Promise(() => {})
    },
    ...(onCancel && { cancel: onCancel }),
  })
}
