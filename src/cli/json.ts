/** Reads JSON that may be anything. */

/** The value, or undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export { isRecord } from '../policy/forms.ts'
