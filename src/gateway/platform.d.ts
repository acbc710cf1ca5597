/** Declares what only the Workers runtime and its bundler have. */

declare module '*.plan' {
  /** A compiled policy's bytes. */
  const bytes: ArrayBuffer
  export default bytes
}

declare module '*.tiktoken' {
  /** A tokenizer's table. */
  const bytes: ArrayBuffer
  export default bytes
}

// As much of the tokenizer as is used: a checkout whose packages are not renewed yet still passes the type checker.
declare module 'gpt-tokenizer/BytePairEncodingCore' {
  export class BytePairEncodingCore {
    constructor(parts: {
      readonly bytePairRankDecoder: readonly (string | readonly number[])[]
      readonly tokenSplitRegex: RegExp
    })
    /** Tokens in a text in which none of the model's own signs is meant. */
    countNative(text: string): number
  }
}

declare module 'gpt-tokenizer/encodingParams/constants' {
  export const O200K_TOKEN_SPLIT_REGEX: RegExp
}

/** A pipe of bytes without script in it: about a third of the cost of a `TransformStream`. */
declare class IdentityTransformStream {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
}
