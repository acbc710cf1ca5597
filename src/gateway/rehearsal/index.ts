/** The rehearsal upstream: a model's API made of scripts, in process, so that everything can be seen without a key. */
import { echoModel } from './cast.ts'
import { chatSpeaker } from './chat.ts'
import { completionsSpeaker } from './completions.ts'
import { geminiSpeaker } from './gemini.ts'
import { messagesSpeaker } from './messages.ts'
import { responsesSpeaker } from './responses.ts'
import { speaking } from './speaker.ts'

export interface RehearsalOptions {
  /** Stretches or shrinks every pause: 1 is a human pace, 0 is at once. */
  readonly pace: number
}

/** Every protocol the rehearsal speaks, by the end of its path. */
const protocols: readonly (readonly [RegExp, ReturnType<typeof speaking>])[] = [
  [/\/responses$/, speaking(responsesSpeaker)],
  [/\/messages$/, speaking(messagesSpeaker)],
  [/\/(?:models|tunedModels|endpoints)\/[^/]+:(?:generateContent|streamGenerateContent)$/, speaking(geminiSpeaker)],
  [/\/chat\/completions$/, speaking(chatSpeaker)],
  [/\/completions$/, speaking(completionsSpeaker)],
]

/** The list of models, for clients that choose from it. */
const models = {
  object: 'list',
  data: ['rehearsal', echoModel].map((id) => ({ id, object: 'model', created: 0, owned_by: 'sluice' })),
}

/** Like `fetch` of a provider: a request in, its answer out; stops as soon as the request's signal fires. */
export function rehearsal(options: RehearsalOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname } = new URL(request.url)
    if (request.method === 'GET' && /\/models\/?$/.test(pathname)) return Response.json(models)
    const speak = protocols.find(([path]) => path.test(pathname))?.[1]
    if (request.method !== 'POST' || speak === undefined) return notFound(`${request.method} ${pathname}`)
    return await speak(request, options.pace)
  }
}

function notFound(what: string): Response {
  const error = { message: `The rehearsal does not know ${what}.`, type: 'invalid_request_error', param: null, code: 'not_found' }
  return Response.json({ error }, { status: 404 })
}
