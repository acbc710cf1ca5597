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
