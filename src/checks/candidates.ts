/** What a candidate's text must pass beyond its pattern, by the name a compiled pattern asks for it. */
import { digitValue, entropy, ibanSum, luhn, plain, residentIdSign } from './digits.ts'

export type CandidateCheck = (text: string) => boolean

/** Issuers by the first four digits, from and to, with the lengths of their numbers (ISO/IEC 7812 and the networks' published ranges). */
const issuers: readonly (readonly [from: number, to: number, shortest: number, longest: number])[] = [
  [1000, 1999, 15, 15],
  [2200, 2204, 16, 19],
  [2221, 2720, 16, 16],
  [3000, 3059, 14, 19],
  [3090, 3099, 14, 19],
  [3400, 3499, 15, 15],
  [3528, 3589, 16, 19],
  [3600, 3699, 14, 19],
  [3700, 3799, 15, 15],
  [3800, 3999, 14, 19],
  [4000, 4999, 13, 19],
  [5000, 5099, 12, 19],
  [5100, 5599, 16, 16],
  [5600, 6999, 12, 19],
  [8100, 8171, 16, 19],
]

/** Asked of every run of digits there is, so the text is read once, without making strings of it. */
function paymentCard(text: string): boolean {
  let length = 0
  let separator = ''
  let repeated = true
  const digits: number[] = []
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i) >= '\ud800' && text.charAt(i) <= '\udbff' ? text.slice(i, i + 2) : text.charAt(i)
    const value = digitValue(character)
    i += character.length - 1
    if (value !== undefined) {
      if (length > 0 && value !== digits[0]) repeated = false
      digits[length++] = value
    } else if (separator !== '' && separator !== character) return false
    else separator = character
  }
  // One repeated digit passes the sum for some lengths, and is nobody's card.
  if (repeated || length < 12) return false
  const prefix = digits[0]! * 1000 + digits[1]! * 100 + digits[2]! * 10 + digits[3]!
  const known = issuers.some(
    ([from, to, shortest, longest]) => prefix >= from && prefix <= to && length >= shortest && length <= longest,
  )
  return known && luhn(digits)
}

/** Lengths by country, from the IBAN registry; the Seychelles to Saint Lucia included. */
const ibanLengths: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 ' +
    'FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IR26 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 ' +
    'MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 ' +
    'SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

function iban(text: string): boolean {
  const signs = plain(text)
    .replace(/[^0-9A-Za-z]/g, '')
    .toUpperCase()
  return ibanLengths[signs.slice(0, 2)] === signs.length && ibanSum(signs) === 1
}

/** The areas, groups and serials the Social Security Administration never assigns. */
function socialSecurity(text: string): boolean {
  const [area = '', group = '', serial = ''] = plain(text).split(/\D+/)
  return area !== '000' && area !== '666' && !area.startsWith('9') && group !== '00' && serial !== '0000'
}

/** First two digits of the administrative division codes (GB/T 2260), the regions apart included. */
const divisions = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91'.split(' '),
)

function residentId(text: string): boolean {
  const signs = plain(text)
    .replace(/[^0-9Xx]/g, '')
    .toUpperCase()
  const born = signs.length === 18 ? signs.slice(6, 14) : `19${signs.slice(6, 12)}`
  const [year, month, day] = [Number(born.slice(0, 4)), Number(born.slice(4, 6)), Number(born.slice(6, 8))]
  if (!divisions.has(signs.slice(0, 2)) || year < 1900 || year > 2099 || month < 1 || month > 12) return false
  if (day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return false
  return signs.length === 15 || residentIdSign(signs) === signs.charAt(17)
}

/** RFC 4291, section 2.2: eight groups, or fewer around one `::`; the last two may be an IPv4 address. */
function ipv6(text: string): boolean {
  const [address = '', bits] = text.replace(/%[^/]*/, '').split('/')
  if (bits !== undefined && Number(bits) > 128) return false
  // Bare colons, and names such as ::add, are punctuation of programs far more often than addresses.
  if (!/\d|[^:]:[^:]/.test(address) && bits === undefined) return false
  const halves = address.split('::')
  if (halves.length > 2) return false
  let groups = 0
  for (const half of halves) {
    if (half === '') continue
    const parts = half.split(':')
    for (const [i, part] of parts.entries()) {
      const last = half === halves.at(-1) && i === parts.length - 1
      if (
        part.includes('.')
          ? !last || !/^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.|$)){4}$/.test(part)
          : !/^[0-9A-Fa-f]{1,4}$/.test(part)
      )
        return false
      groups += part.includes('.') ? 2 : 1
    }
  }
  return halves.length === 2 ? groups < 8 : groups === 8
}

/** E.164 has at most fifteen digits, and fewer than eight with the country's code call nobody. */
function phone(text: string): boolean {
  const digits = plain(text).replace(/\D/g, '')
  return digits.length >= 8 && digits.length <= 15 && /^[1-9]/.test(digits)
}

/** RFC 7515: the first part is a JSON object, in base64url, that names an algorithm. */
function jsonWebToken(text: string): boolean {
  try {
    const header = (text.split('.')[0] ?? '').replace(/-/g, '+').replace(/_/g, '/')
    return 'alg' in JSON.parse(atob(header))
  } catch {
    return false
  }
}

/** Placeholders repeat themselves; what a machine has drawn does not. */
const random =
  (floor: number): CandidateCheck =>
  (text) =>
    entropy(text) >= floor

const checks: ReadonlyMap<string, CandidateCheck> = new Map([
  ['payment_card', paymentCard],
  ['iban', iban],
  ['us_ssn', socialSecurity],
  ['cn_resident_id', residentId],
  ['phone', phone],
  ['ipv6', ipv6],
  ['jwt', jsonWebToken],
  ['random', random(2.6)],
])

/** @throws RangeError for a name there is no check of. */
export function candidateCheck(name: string, among = checks): CandidateCheck {
  const found = among.get(name)
  if (!found) throw new RangeError(`there is no check called ${name}`)
  return found
}
