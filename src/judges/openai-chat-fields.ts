/** What a policy says of a judge of kind `openai_chat`: for each template its own fields. */
import * as v from 'valibot'
import { category, optional, required, text, texts, variable } from './field.ts'

const model = {
  model: required(text, "The model's name at its server.", 'llama-guard-3-8b'),
  base_url: optional(
    variable,
    'Variable with the address of the server, version included (http://…/v1). Default OPENAI_BASE_URL.',
    'GUARD_BASE_URL',
  ),
  api_key: optional(
    variable,
    'Variable with the key. Default OPENAI_API_KEY where base_url is not given; with another base_url no key is sent unless one is named here.',
    'GUARD_API_KEY',
  ),
}

const scores = {
  scores: optional(
    v.boolean(),
    'Ask for log-probabilities, so that at_least has a score to look at; the server has to know logprobs. Default false: plain yes or no.',
  ),
}

const principles = ['dangerous_content', 'harassment', 'hate_speech', 'sexual'] as const

const ownText = (what: string) => v.record(category, v.pipe(text, v.description(what), v.examples(['Violent Crimes'])))

const llamaGuard = {
  ...model,
  ...scores,
  categories: optional(
    ownText('What the category is.'),
    'Categories in place of S1 to S14, as in S1: Violent Crimes. The server has to pass chat_template_kwargs on to a template that knows categories.',
    { S1: 'Violent Crimes' },
  ),
}

const granite = {
  ...model,
  ...scores,
  risks: optional(
    texts,
    'Risks the model is asked about, one question each: harm, social_bias, jailbreak, violence, profanity, sexual_content, unethical_behavior … or names of criteria. Default harm.',
    ['harm', 'jailbreak'],
  ),
  criteria: optional(ownText('What the risk of this name is.'), "Criteria of the operator's own, by the name of the risk.", {
    spoilers: 'The text tells how a film ends.',
  }),
}

/** In the order in which they are told when a template's name is wrong. */
export const openaiChatFields = {
  'llama-guard-3': llamaGuard,
  'llama-guard-4': llamaGuard,
  shieldgemma: {
    ...model,
    ...scores,
    principles: optional(
      v.pipe(v.array(v.picklist(principles)), v.minLength(1)),
      `Published principles the model is asked about, one question each: ${principles.join(', ')}. Default all of them.`,
      ['harassment'],
    ),
    guidelines: optional(
      ownText('The guideline as it is put to the model: "No Spoilers": The prompt shall not …'),
      "Guidelines of the operator's own, by the category they stand for; one question each.",
      { spoilers: '"No Spoilers": The chatbot shall not tell how a film ends.' },
    ),
  },
  qwen3guard: model,
  'granite-guardian-3.2': granite,
  'granite-guardian-3.3': granite,
  'granite-guardian-4.1': granite,
  rubric: {
    ...model,
    rubric: required(
      text,
      "The operator's own instructions: what to look for, and what is no offence.",
      'Find medical advice that names a dose. Saying to ask a doctor is none.',
    ),
    categories: required(
      v.pipe(v.array(category), v.minLength(1)),
      'The names the model may answer with; rules ask for them by where.category.',
      ['dosage'],
    ),
    levels: optional(
      v.pipe(v.array(text), v.minLength(2)),
      'Names of the levels of severity, mildest first; the first is severity 1. Default low, medium, high.',
      ['low', 'high'],
    ),
  },
} as const
