/** What a policy says of a judge of kind `http`: the operator's own service, or a known one by its preset. */
import * as v from 'valibot'
import { optional, required, text, texts, variable } from './field.ts'

const language = 'Language of the text as the service names it.'

/** The operator's own service: signed requests, JSON in and out (policies/judge-request.schema.json, judge-answer.schema.json). */
export const httpFields = {
  url: required(variable, 'Variable with the whole address of the service.', 'JUDGE_URL'),
  secret: required(variable, 'Variable with the secret that requests are signed with (HMAC-SHA-256).', 'JUDGE_SECRET'),
  api_key: optional(variable, 'Variable with a key that is sent as authorization: Bearer.', 'JUDGE_API_KEY'),
}

export const httpPresetFields = {
  'azure-content-safety': {
    base_url: required(
      variable,
      'Variable with the endpoint of the resource (https://NAME.cognitiveservices.azure.com).',
      'AZURE_ENDPOINT',
    ),
    api_key: required(variable, 'Variable with the key of the resource.', 'AZURE_KEY'),
    categories: optional(
      v.pipe(v.array(v.picklist(['Hate', 'SelfHarm', 'Sexual', 'Violence'])), v.minLength(1)),
      'Which of Hate, SelfHarm, Sexual and Violence. Default all.',
      ['Hate', 'Violence'],
    ),
    levels: optional(v.picklist([4, 8]), 'Levels of severity: 4 (default; 0, 2, 4, 6) or 8 (0 to 7).'),
    blocklists: optional(texts, "Names of the resource's blocklists; what they match has the list's name for its category.", [
      'brand-names',
    ]),
  },
  perspective: {
    base_url: optional(
      variable,
      'Variable with the address of the service. Default https://commentanalyzer.googleapis.com.',
      'PERSPECTIVE_URL',
    ),
    api_key: required(variable, 'Variable with the key.', 'PERSPECTIVE_KEY'),
    attributes: optional(texts, 'Attributes asked for, as TOXICITY, INSULT, THREAT. Default TOXICITY.', ['TOXICITY', 'THREAT']),
    languages: optional(texts, 'Languages of the text (en, zh …). Default: the service finds out.', ['en']),
  },
  presidio: {
    base_url: required(variable, 'Variable with the address of the analyzer.', 'PRESIDIO_URL'),
    language: optional(text, `${language} Default en.`, 'en'),
    entities: optional(texts, 'Entities looked for, as PERSON, PHONE_NUMBER. Default all the analyzer knows.', [
      'PERSON',
      'PHONE_NUMBER',
    ]),
  },
  alibaba: {
    base_url: required(
      variable,
      'Variable with the endpoint of the region (https://green-cip.cn-shanghai.aliyuncs.com).',
      'ALIYUN_ENDPOINT',
    ),
    key_id: required(variable, 'Variable with the AccessKey ID.', 'ALIYUN_KEY_ID'),
    key_secret: required(variable, 'Variable with the AccessKey secret.', 'ALIYUN_KEY_SECRET'),
    service: optional(
      text,
      'The moderation service. Default llm_query_moderation for prompts, llm_response_moderation for all else.',
      'llm_response_moderation',
    ),
  },
} as const
