/** Figures and codes that single servers add to OpenAI's completions, so that a policy that refuses strangers does not refuse them. */
import { codes, metadata, type Shape, voice, whole } from './shape.ts'
import { completionUsage } from './usage.ts'

const filtered = whole(voice('answer', { tail: 'content_filter' }))

/**
 * What Azure's filter found, category by category. It says in words why it did not look, and whose the code is that was found
 * (Azure OpenAI, "Content filter annotations"), also after the finish reason.
 */
export const filterResults: Shape = { ...codes, fields: { message: filtered, URL: filtered, license: filtered } }

/** Beside the choices. */
export const serverFields: Readonly<Record<string, Shape>> = {
  /** Groq. */
  x_groq: completionUsage,
  usage_breakdown: codes,
  /** llama.cpp. */
  timings: codes,
  /** vLLM: numbers of the prompt's tokens, and where its cache lies. */
  prompt_token_ids: metadata,
  kv_transfer_params: codes,
  /** SGLang: the version of the weights. */
  metadata: codes,
  /** Cerebras and Fireworks: how long it took. */
  time_info: codes,
  perf_metrics: codes,
  /** MiniMax: what its own filter says. */
  input_sensitive: metadata,
  input_sensitive_type: metadata,
  output_sensitive: metadata,
  output_sensitive_type: metadata,
  output_sensitive_int: metadata,
  base_resp: codes,
}

/** In a choice. */
export const choiceFields: Readonly<Record<string, Shape>> = {
  /** Moonshot tells its usage with the finish reason. */
  usage: completionUsage,
  /** Together. */
  seed: metadata,
  /** vLLM and SGLang: states and tokens as numbers. */
  hidden_states: metadata,
  token_ids: metadata,
  prompt_token_ids: metadata,
}
