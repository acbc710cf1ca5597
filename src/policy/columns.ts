/** Measures text in the columns of a terminal, so that a caret stands under what is meant, in Chinese too. */

/** Takes two cells of a terminal: Chinese, Japanese and Korean writing and its signs, and most pictures. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\ud83c-\ud87f][\udc00-\udfff]/g

/** Takes none: marks over and under letters, and what joins or chooses pictures. */
const narrow = /[\p{Mn}\p{Me}\u200b-\u200d\u2060\ufeff]/gu

/** Columns of a terminal that the text takes. */
export function columns(text: string): number {
  return inCells(text).length
}

/** As much room as the text takes; tabs stay tabs, so that the caret stands where the terminal puts the text. */
export function blank(text: string): string {
  return inCells(text).replace(/[^\t]/g, ' ')
}

function inCells(text: string): string {
  return text.replace(narrow, '').replace(wide, '  ')
}

/** Takes no room, or the room of a blank and is none: whoever is told of it has to see it. */
const unseen = /[\p{Cf}\p{Zl}\p{Zp}\u0080-\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u115f\u1160\u3164\uffa0]/gu

/** With signs that do not show spelled out: `act\u200bion` looks like a key that there is. */
export function spelledOut(text: string): string {
  return text.replace(unseen, (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
}

/** A text must not be able to steer the terminal that shows it. */
export function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}
