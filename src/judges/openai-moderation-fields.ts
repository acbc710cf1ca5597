/** What a policy says of a judge of kind `openai_moderation`. */
import { optional, text, variable } from './field.ts'

export const openaiModerationFields = {
  model: optional(text, 'The moderation model. Default omni-moderation-latest.', 'omni-moderation-latest'),
  base_url: optional(
    variable,
    'Variable with the address of the API, version included. Default OPENAI_BASE_URL.',
    'MODERATION_BASE_URL',
  ),
  api_key: optional(
    variable,
    'Variable with the key. Default OPENAI_API_KEY where base_url is not given; with another base_url no key is sent unless one is named here.',
    'MODERATION_API_KEY',
  ),
}
