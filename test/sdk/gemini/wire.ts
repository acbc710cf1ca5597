/** `generateContent` as Google's servers write it: a stream as events or as one array. */
import type { Asks, Step } from '../cases.ts'
import { counted, summed, type Wire } from '../dialect.ts'

const schema = { type: 'object', properties: { note: { type: 'string' } }, required: ['note'] }
const weather = {
  name: 'weather',
  description: 'The weather in a city.',
  parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}

export const tools = [{ functionDeclarations: [weather] }]

export const jsonConfig = { responseMimeType: 'application/json', responseJsonSchema: schema }

const usageMetadata = {
  promptTokenCount: counted.input,
  candidatesTokenCount: counted.output,
  totalTokenCount: counted.input + counted.output,
}

function message(parts: readonly object[], finishReason?: string): object {
  const candidate = { content: { parts, role: 'model' }, ...(finishReason !== undefined && { finishReason }), index: 0 }
  return { candidates: [candidate], usageMetadata, modelVersion: 'm', responseId: 'r1' }
}

function callPart(name: string, input: string): object {
  return { functionCall: { name, args: JSON.parse(input) as unknown } }
}

function request(prompt: string, asks: Asks): object {
  return {
    contents: [{ role: 'user', parts: [{ text: prompt }] }],
    ...(asks === 'tools' && { tools }),
    ...(asks === 'json' && { generationConfig: jsonConfig }),
  }
}

function whole(script: readonly Step[]): object {
  const { text, thought, calls } = summed(script)
  const parts = [
    ...(thought === '' ? [] : [{ text: thought, thought: true }]),
    ...(text === '' ? [] : [{ text }]),
    // A call that is torn is not written to its end anyway.
    ...calls.map(({ name, input }) => callPart(name, input.endsWith('}') ? input : `${input}}`)),
  ]
  return message(parts, 'STOP')
}

/** A call comes whole in one part; one that is torn is an event that is. */
function framesBy(write: (message: object) => string): (script: readonly Step[]) => string[] {
  return (script) => {
    const frames: string[] = []
    for (const step of script) {
      if (step === 'finish') frames.push(write(message([{ text: '' }], 'STOP')))
      else if (typeof step === 'string') continue
      else if ('say' in step) frames.push(write(message([{ text: step.say }])))
      else if ('think' in step) frames.push(write(message([{ text: step.think, thought: true }])))
      else if (step.torn) frames.push(write(message([callPart(step.call, `${step.input.join('')}}`)])).slice(0, 90))
      else frames.push(write(message([callPart(step.call, step.input.join(''))])))
    }
    return frames
  }
}

const both = {
  request,
  whole,
  refusal: { error: { code: 429, message: 'Resource has been exhausted.', status: 'RESOURCE_EXHAUSTED' } },
}

export const gemini: Wire = {
  ...both,
  name: 'gemini',
  path: (stream) => `/v1beta/models/m:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  streamType: 'text/event-stream',
  garbage: 'data: {"candidates":[{\r\n\r\n',
  frames: framesBy((value) => `data: ${JSON.stringify(value)}\r\n\r\n`),
}

export const geminiArray: Wire = {
  ...both,
  name: 'gemini-array',
  path: () => '/v1beta/models/m:streamGenerateContent',
  streamType: 'application/json; charset=UTF-8',
  garbage: ',\r\n{"candidates":[}\n',
  frames: (script) => {
    const elements = framesBy((value) => JSON.stringify(value, null, 2))(script)
    const written = elements.map((element, index) => (index === 0 ? `[${element}` : `,\r\n${element}`))
    // The last word of the array is a piece of its own.
    return script.includes('finish') ? [...written.map((each) => `${each}\n`), ']'] : written
  },
}
