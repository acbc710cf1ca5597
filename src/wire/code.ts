/** Strings that are no text, told by their form. */

/** An id or a model's name may be this long, in UTF-16 units; a longer one is looked at as text. */
export const longestMetadata = 1024

/** No blank, and nothing beyond ASCII. */
export const token = /^[!-~]*$/

/** Base64 in either alphabet, with or without the head of a data address. */
export const base64 = /^(?:data:[\w.+-]+\/[\w.+-]+(?:;[\w=.+-]+)*;base64,)?[A-Za-z0-9+/_-]*={0,3}$/

/** Whether what is declared to be no text can be taken for none: an id, a name, padding. */
export function isCode(text: string): boolean {
  return text.length <= longestMetadata && token.test(text)
}
