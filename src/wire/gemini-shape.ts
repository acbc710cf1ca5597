/** Where the text is in Google's `GenerateContentResponse`, of the Gemini API and of Vertex AI (their API references). */
import { isSigned, readCall } from './gemini-call.ts'
import { readTokenLists } from './gemini-logprobs.ts'
import { indexOf } from './indexes.ts'
import {
  codes,
  document,
  either,
  type Hook,
  type JsonRecord,
  kinds,
  list,
  media,
  metadata,
  prepared,
  record,
  type Shape,
  says,
  sealed,
  speech,
  type Voice,
  voice,
  whole,
} from './shape.ts'
import { geminiUsage } from './usage.ts'

const answer = voice('answer', { json: 'asked' })
const reasoning = voice('reasoning')
const spoken = voice('answer', { tail: 'audio' })
const beside = (tail: string) => whole(voice('answer', { tail }))

/** Code the model wrote and Google ran comes part by part, each whole; so do the calls of Google's own tools. */
const code = whole(voice('tool_input', { tail: 'code' }))
const output = whole(voice('tool_input', { tail: 'code/output' }))
const ran = document(voice('tool_input', { tail: 'executed', json: true }), 'whole')

const failure = beside('error')
const cited = beside('citations')
const grounded = beside('grounding')

const file = { mimeType: metadata, fileUri: beside('file'), displayName: beside('file') }

const inline = (kind: 'image' | 'audio' | 'file'): Shape =>
  record({ mimeType: metadata, data: media(kind, voice('answer', { tail: kind })), displayName: beside('file') })

const inlineData = kinds(({ mimeType }) => /^(?:image|audio)(?=\/)/.exec(String(mimeType))?.[0] ?? 'file', {
  image: inline('image'),
  audio: inline('audio'),
  file: inline('file'),
})

const partOf = (said: Voice): Shape => ({
  ...speech({
    thought: metadata,
    text: says(said),
    audioTranscription: either(says(spoken), speech({ text: says(spoken), languageCode: metadata })),
    functionCall: { read: readCall },
    executableCode: record({ id: metadata, language: metadata, code }),
    codeExecutionResult: record({ id: metadata, outcome: metadata, output }),
    toolCall: record({ id: metadata, toolType: metadata, args: ran }),
    toolResponse: record({ id: metadata, toolType: metadata, response: ran }),
    functionResponse: record({ id: metadata, name: output, response: ran, willContinue: metadata, scheduling: metadata }),
    inlineData,
    fileData: record(file),
    videoMetadata: codes,
    mediaResolution: codes,
    thoughtSignature: sealed,
  }),
  // What is signed is not divided: neither half would be what the signature was made for.
  leave: (walk, part) => {
    const piece = isSigned(part) && part['text'] ? walk.said(said).at(-1) : undefined
    if (piece !== undefined) piece.joints = []
  },
})

const part = kinds(({ thought }) => (thought === true ? 'thought' : 'said'), {
  thought: partOf(reasoning),
  said: partOf(answer),
})

const citation = record({
  startIndex: metadata,
  endIndex: metadata,
  uri: cited,
  title: cited,
  license: cited,
  publicationDate: codes,
})

const place = { uri: grounded, title: grounded, text: grounded, placeId: metadata }

const chunk = record({
  web: record({ uri: grounded, title: grounded, domain: grounded }),
  image: record({ sourceUri: grounded, imageUri: grounded, title: grounded, domain: grounded }),
  retrievedContext: record({
    uri: grounded,
    title: grounded,
    text: grounded,
    documentName: grounded,
    fileSearchStore: grounded,
    ragChunk: record({ text: grounded, pageSpan: codes }),
  }),
  maps: record({ ...place, placeAnswerSources: { ...grounded, deep: true } }),
})

const support = record({
  segment: record({ partIndex: metadata, startIndex: metadata, endIndex: metadata, text: grounded }),
  groundingChunkIndices: metadata,
  confidenceScores: metadata,
  renderedParts: metadata,
})

const grounding = record({
  webSearchQueries: list(grounded),
  imageSearchQueries: list(grounded),
  retrievalQueries: list(grounded),
  searchEntryPoint: record({ renderedContent: grounded, sdkBlob: sealed }),
  groundingChunks: list(chunk),
  groundingSupports: list(support),
  retrievalMetadata: codes,
  googleMapsWidgetContextToken: metadata,
})

const error = record({
  code: metadata,
  message: failure,
  status: metadata,
  details: { ...failure, deep: true },
})

const scopes = new WeakMap<JsonRecord, string>()

/** An index of 0 is left out of the wire; where no candidate of a message has one, they stand in order. */
const enterMessage: Hook = (_walk, { candidates }) => {
  const list: unknown[] = Array.isArray(candidates) ? candidates : []
  const indexes = list.map((candidate) => indexOf((candidate as JsonRecord | null)?.['index']))
  const ordered = indexes.every((index) => index === undefined)
  for (const [position, candidate] of list.entries()) {
    if (typeof candidate !== 'object' || candidate === null) continue
    scopes.set(candidate as JsonRecord, String(indexes[position] ?? (ordered ? position : 0)))
  }
}

/** The scope of a candidate whose message was read. */
export function scopeOf(candidate: JsonRecord): string {
  return scopes.get(candidate) ?? '0'
}

const enterCandidate: Hook = (walk, candidate) => {
  walk.enterScope(scopeOf(candidate))
  const { citationMetadata, groundingMetadata } = candidate as {
    citationMetadata?: unknown
    groundingMetadata?: JsonRecord | null
  }
  // Both point into the text by offsets, and what is grounded is said once more.
  if (citationMetadata || groundingMetadata?.['groundingSupports']) walk.describe()
}

/** Candidates say when they finish, and may go on: older streams of Vertex say STOP on every chunk, and grounding follows. */
const candidate: Shape = {
  ...speech({
    index: metadata,
    content: speech({ role: metadata, parts: list(part) }),
    finishReason: metadata,
    finishMessage: beside('finish'),
    citationMetadata: record({ citations: list(citation), citationSources: list(citation) }),
    groundingMetadata: grounding,
    groundingAttributions: { ...grounded, deep: true },
    urlContextMetadata: record({ urlMetadata: list(record({ retrievedUrl: grounded, urlRetrievalStatus: metadata })) }),
    logprobsResult: { read: readTokenLists(answer, reasoning) },
    avgLogprobs: metadata,
    tokenCount: metadata,
    safetyRatings: codes,
  }),
  scope: true,
  enter: enterCandidate,
  leave: (walk) => walk.leaveScope(),
}

const response: Shape = {
  ...record({
    candidates: list(candidate),
    promptFeedback: record({ blockReason: metadata, blockReasonMessage: beside('block'), safetyRatings: codes }),
    usageMetadata: geminiUsage,
    modelVersion: metadata,
    responseId: metadata,
    createTime: metadata,
    modelStatus: record({ modelStage: metadata, retirementTime: metadata, message: beside('model') }),
    error,
  }),
  enter: enterMessage,
}

/** A chunk of a stream or a whole answer; an array's error may come as an array. */
export const generated = prepared(either(response, list(response)))
