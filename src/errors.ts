/** Every failure Sluice names, with a stable code; outsiders get vague messages, operators exact ones. */

export type ErrorCode =
  | 'policy_invalid'
  | 'policy_not_found'
  | 'plan_unreadable'
  | 'configuration'
  | 'request_invalid'
  | 'request_too_large'
  | 'endpoint_unknown'
  | 'prompt_blocked'
  | 'upstream_unreachable'
  | 'upstream_failed'
  | 'upstream_silent'
  | 'upstream_cut_short'
  | 'unreadable_frame'
  | 'frame_too_large'
  | 'hold_too_large'
  | 'text_after_end'
  | 'unknown_text'
  | 'unterminated'
  | 'internal'

export class SluiceError extends Error {
  override readonly name = 'SluiceError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/**
 * What a record may say of a failure: what runtimes say may quote what was read (JSON that is none, say), and that may be text
 * of the exchange.
 */
export function failureDetail(error: unknown): string {
  if (error instanceof SluiceError) return error.message
  if (error instanceof SyntaxError) return 'what came back is not JSON'
  if (!(error instanceof Error)) return 'an unexpected failure'
  const { cause, name } = error
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' ? `${name} (${code})` : name
}
