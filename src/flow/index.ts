/** The flow's door: what `sluice` and `sluice/hono` are made of. */
export type { Choice, Choose, Counsel } from './choice.ts'
export { type ExchangeOptions, guardExchange } from './exchange.ts'
export { type GuardFetchOptions, guardFetch } from './fetch.ts'
export { type CountTokens, defaultLimits, type GuardOptions, type Limits, type Observer, type Pipe } from './limits.ts'
export { guardResponse, type ResponseGuard } from './response.ts'
export { type TextGateOptions, TextGateStream } from './text-stream.ts'
