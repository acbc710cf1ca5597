/** What people call a kind of judge elsewhere, and what it is called here. */

const moderation = 'did you mean openai_moderation? '
const chat = 'did you mean openai_chat, with a template? '
const service = 'did you mean http? '
const binding = 'did you mean workers_ai? '

export const otherKinds: Readonly<Record<string, string>> = {
  openai: moderation,
  moderation,
  'omni-moderation-latest': moderation,
  llm: chat,
  chat,
  model: chat,
  'llama-guard': chat,
  'llama-guard-3': chat,
  llama_guard: chat,
  ollama: chat,
  vllm: chat,
  webhook: service,
  url: service,
  service,
  rest: service,
  api: service,
  azure: 'did you mean http, with preset: azure-content-safety? ',
  perspective: 'did you mean http, with preset: perspective? ',
  presidio: 'did you mean http, with preset: presidio? ',
  alibaba: 'did you mean http, with preset: alibaba? ',
  workers: binding,
}
