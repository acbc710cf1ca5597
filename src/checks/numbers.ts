/** Numbers and codes that prove themselves: the patterns behind a policy's `number:` and the checks their candidates must pass. */
import { tokens } from './tokens.ts'

export interface NumberKind {
  readonly source: string
  /** Longest span looked for, where the pattern has no end. */
  readonly most?: number
  /** Name of the check on candidates. */
  readonly check?: string
}

/** A digit of any script. */
const digit = '\\p{Nd}'
/** What stands between groups of digits: blanks of every width, hyphens and dashes, the point. */
const between = '[ \\u00a0\\u2000-\\u200a\\u202f\\u205f\\u3000\\u2010-\\u2015\\u2212\\uff0d.-]'
/** Not inside a longer number or a Latin word; Han and other scripts write without blanks. */
const before = '(?<![0-9A-Za-z_\\p{Nd}])'
const after = '(?!\\p{Nd})'
/** A letter or digit of an account, of either width. */
const letter = '[A-Za-z\\uff21-\\uff3a\\uff41-\\uff5a]'
const sign = '[A-Za-z\\uff21-\\uff3a\\uff41-\\uff5a\\p{Nd}]'
/** Between the groups of short numbers, if anything. */
const hyphen = '[ \\u00a0\\u2010-\\u2015-]'
const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const ipv4 = `${octet}(?:\\.${octet}){3}`

const keyKind = '[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?'
/** Ends of lines as they are or escaped, indents, quotation marks, and what joins strings in programs. */
const joint = '(?:[\\s\\\\"\'+>,;()#*]|\\\\[rn])'
/** Headers (`DEK-Info: …`), long runs of base64 (RFC 7468), a few short ones at the end; words of a sentence are neither. */
const keyBody =
  `(?:${joint}*[A-Za-z][A-Za-z-]{0,24}: [^\\r\\n\\\\]*)*` +
  `(?:${joint}*[A-Za-z0-9+/=]{16,})*(?:${joint}*[A-Za-z0-9+/=]{1,15}){0,5}${joint}*`

const kinds: Readonly<Record<string, NumberKind>> = {
  // Together, in the groups that cards are printed in, or one by one.
  payment_card: {
    source: `${before}(?:${digit}{12,19}|${digit}{3,6}(?:${between}${digit}{3,7}){2,4}|${digit}(?:${between}${digit}){11,18})${after}`,
    check: 'payment_card',
  },
  iban: { source: `(?<!${sign})${letter}{2}${digit}{2}(?:[ \\u00a0-]?${sign}){11,30}(?!${sign})`, check: 'iban' },
  us_ssn: {
    source: `${before}(?<![.-])${digit}{3}(?:${hyphen}|\\.)${digit}{2}(?:${hyphen}|\\.)${digit}{4}${after}(?!-)`,
    check: 'us_ssn',
  },
  cn_resident_id: {
    source: `${before}(?:${digit}{6}${hyphen}?${digit}{8}${hyphen}?${digit}{3}[${digit}XxＸｘ]|${digit}{15})(?![0-9A-Za-z_\\p{Nd}])`,
    check: 'cn_resident_id',
  },
  cn_mobile: {
    source: `(?<![0-9A-Za-z_\\p{Nd}+])(?:(?:\\+|00)?86${hyphen}?)?[1１][3-9３-９]${digit}(?:${hyphen}?${digit}{4}){2}${after}`,
  },
  phone: { source: `(?<![0-9A-Za-z+])[+＋]${digit}{1,3}(?:[ .()/\\u00a0-]{0,2}${digit}){6,13}${after}`, check: 'phone' },
  ipv4: { source: `(?<![\\w.])${ipv4}(?:/(?:3[0-2]|[12]?\\d))?(?!\\w|\\.\\d)` },
  ipv6: {
    source: `(?<![\\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|${ipv4})?(?:%[\\w]{1,16})?(?:/\\d{1,3})?(?!\\w|:[0-9A-Fa-f:]|\\.\\d)`,
    check: 'ipv6',
  },
  // Letters of Latin script only, accents included: in Chinese an address stands beside words without a blank.
  email: {
    source:
      '[\\p{Script=Latin}0-9_%+-][\\p{Script=Latin}0-9._%+-]*[@＠](?:[\\p{Script=Latin}0-9-]+\\.)+(?:[A-Za-z]{2,24}|xn--[A-Za-z0-9-]{2,59})(?![A-Za-z0-9-])',
    most: 254,
  },
  jwt: { source: '(?<![\\w-])ey[\\w-]{10,}\\.ey[\\w-]{8,}\\.[\\w-]*(?![\\w-])', most: 8192, check: 'jwt' },
  // The head alone is enough to cut; with the foot, all of the key is covered.
  private_key: {
    source: `-----BEGIN ${keyKind}-----(?:${keyBody}-----END ${keyKind}-----)?`,
    most: 8192,
  },
  ...Object.fromEntries(Object.entries(tokens).map(([name, source]) => [name, { source, check: 'random' }])),
  /** All of the above that are keys of services. */
  api_token: { source: Object.values(tokens).join('|'), check: 'random' },
}

export type NumberName = string

export const numberNames: readonly NumberName[] = Object.keys(kinds)

/** @returns undefined for a name there is no number of. */
export const numberKind = (name: NumberName): NumberKind | undefined => (Object.hasOwn(kinds, name) ? kinds[name] : undefined)
