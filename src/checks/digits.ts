/** Digits of every script, and the sums by which numbers carry proof of themselves. */

/** Zeros of all decimal digits (general category Nd), in hexadecimal; each is followed by its nine. Unicode 15.0, as refa has it. */
const zeros = (
  '30 660 6f0 7c0 966 9e6 a66 ae6 b66 be6 c66 ce6 d66 de6 e50 ed0 f20 1040 1090 17e0 1810 1946 19d0 1a80 1a90 1b50 1bb0 1c40 ' +
  '1c50 a620 a8d0 a900 a9d0 a9f0 aa50 abf0 ff10 104a0 10d30 11066 110f0 11136 111d0 112f0 11450 114d0 11650 116c0 11730 118e0 ' +
  '11950 11c50 11d50 11da0 11f50 16a60 16ac0 16b50 1d7ce 1d7d8 1d7e2 1d7ec 1d7f6 1e140 1e2f0 1e4f0 1e950 1fbf0'
)
  .split(' ')
  .map((zero) => Number.parseInt(zero, 16))

/** @returns the value of a decimal digit of any script, undefined for anything else. */
export function digitValue(character: string): number | undefined {
  const codePoint = character.codePointAt(0) ?? 0
  if (codePoint < 0x660) return codePoint >= 0x30 && codePoint <= 0x39 ? codePoint - 0x30 : undefined
  const zero = zeros.findLast((candidate) => candidate <= codePoint) ?? 0
  return codePoint - zero < 10 ? codePoint - zero : undefined
}

/** Full-width letters and signs as ASCII has them. */
const narrow = (character: string) => {
  const codePoint = character.codePointAt(0) ?? 0
  return codePoint >= 0xff01 && codePoint <= 0xff5e ? String.fromCharCode(codePoint - 0xfee0) : character
}

/** @returns the text with all digits and full-width signs in ASCII; the length may change. */
export const plain = (text: string): string =>
  Array.from(text, (character) => digitValue(character)?.toString() ?? narrow(character)).join('')

/** ISO/IEC 7812-1, annex B. */
export function luhn(digits: readonly number[]): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits[digits.length - 1 - i]!
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** ISO 13616: the first four signs moved to the end, letters as 10 to 35, the whole modulo 97. */
export function ibanSum(iban: string): number {
  let rest = 0
  for (const sign of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(sign, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest
}

const idWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** GB 11643-1999: the last sign of a resident id follows from the seventeen digits before it. */
export const residentIdSign = (digits: string): string =>
  '10X98765432'.charAt(idWeights.reduce((sum, weight, i) => sum + weight * Number(digits.charAt(i)), 0) % 11)

/** @returns bits a character carries on average, from the frequencies within the text itself. */
export function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}
