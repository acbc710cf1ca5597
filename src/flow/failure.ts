/** What outsiders are told of a failure: vague on purpose, with a stable public code; operators read the trail. */
import { SluiceError } from '../errors.ts'

export interface PublicFailure {
  readonly status: number
  readonly code: string
  readonly message: string
  /** Whether a client may usefully try again. */
  readonly retry: boolean
}

const upstream = { code: 'upstream_failed', message: 'The model could not complete this answer.' }
const moderation = { code: 'moderation_unavailable', message: 'This answer could not be checked and was stopped.' }

/** The failure as outsiders see it. `request_*` and `endpoint_*` messages are about the client's own input and stay exact. */
export function publicFailure(error: SluiceError): PublicFailure {
  switch (error.code) {
    case 'request_invalid':
      return { status: 400, code: 'invalid_request', message: error.message, retry: false }
    case 'request_too_large':
      return { status: 413, code: 'request_too_large', message: error.message, retry: false }
    case 'endpoint_unknown':
      return { status: 501, code: 'endpoint_unknown', message: error.message, retry: false }
    case 'prompt_blocked':
      return { status: 400, code: 'content_filter', message: error.message, retry: false }
    case 'upstream_unreachable':
    case 'upstream_failed':
    case 'upstream_cut_short':
    case 'unterminated':
      return { status: 502, ...upstream, retry: false }
    case 'upstream_silent':
      return { status: 504, ...upstream, retry: false }
    case 'unreadable_frame':
    case 'frame_too_large':
    case 'hold_too_large':
    case 'text_after_end':
    case 'unknown_text':
      return { status: 502, ...moderation, retry: false }
    case 'configuration':
      // Whoever runs the service has to see what is missing, and that may be a client first; no value is ever in it.
      return { status: 503, code: 'not_configured', message: error.message, retry: false }
    case 'policy_invalid':
    case 'policy_not_found':
    case 'plan_unreadable':
    case 'internal':
      return { status: 503, code: 'not_ready', message: 'This service is not ready.', retry: true }
  }
}

export function asSluiceError(error: unknown): SluiceError {
  return error instanceof SluiceError ? error : new SluiceError('internal', 'an unexpected failure', { cause: error })
}
