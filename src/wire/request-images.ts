/** Finds the images that a request shows a model, for judges that look at them: by address, or whole as a `data:` address. */
import type { PromptImage } from '../terms/dialect.ts'
import { isRecord, type JsonRecord } from './shape.ts'

/** Parts inside one another: results of tools hold parts, and those sources. */
const mostDepth = 8

/**
 * @param turns the request's turns, each with its parts.
 * @param answered the last turn that was answered; later ones are fresh.
 * @param isModels whether a turn is the model's own.
 */
export function imagesOf(turns: readonly unknown[], answered: number, isModels: (turn: unknown) => boolean): PromptImage[] {
  return turns.flatMap((turn, index) =>
    isModels(turn) ? [] : addressesIn(turn, 0).map((address) => ({ address, fresh: index > answered })),
  )
}

function addressesIn(value: unknown, depth: number): string[] {
  if (depth > mostDepth) return []
  if (Array.isArray(value)) return value.flatMap((member) => addressesIn(member, depth + 1))
  if (!isRecord(value)) return []
  const own = addressOf(value)
  return own === undefined ? Object.values(value).flatMap((member) => addressesIn(member, depth + 1)) : [own]
}

/** A part that is an image, in the protocols' own forms. Images that were uploaded before, and are named by an id, are not here to be seen. */
function addressOf(part: JsonRecord): string | undefined {
  return openaiImage(part) ?? anthropicImage(part) ?? geminiImage(part)
}

/** Chat: `image_url: { url }`, and of some servers a plain string, as Responses has it (`input_image`, `computer_screenshot`). */
function openaiImage({ image_url: image }: JsonRecord): string | undefined {
  const address = isRecord(image) ? image['url'] : image
  return typeof address === 'string' && address !== '' ? address : undefined
}

/** Messages: `type: image` with a `source` of base64 or an address. */
function anthropicImage({ type, source }: JsonRecord): string | undefined {
  if (type !== 'image' || !isRecord(source)) return undefined
  const { url, media_type: media, data } = source
  if (typeof url === 'string') return url
  return typeof data === 'string' ? dataAddress(media, data) : undefined
}

/** generateContent: `inlineData` or `fileData` of an image's type, in either spelling (ProtoJSON). */
function geminiImage(part: JsonRecord): string | undefined {
  const inline = part['inlineData'] ?? part['inline_data']
  const file = part['fileData'] ?? part['file_data']
  const found = isRecord(inline) ? inline : isRecord(file) ? file : {}
  const media = found['mimeType'] ?? found['mime_type']
  if (typeof media !== 'string' || !/^image\//i.test(media)) return undefined
  const { data } = found
  const address = found['fileUri'] ?? found['file_uri']
  if (typeof data === 'string') return dataAddress(media, data)
  return typeof address === 'string' ? address : undefined
}

function dataAddress(media: unknown, data: string): string {
  return `data:${typeof media === 'string' ? media : 'image/png'};base64,${data}`
}
