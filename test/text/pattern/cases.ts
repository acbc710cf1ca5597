/** What patterns find in which text, group by group: the cases that taught us something, run against every engine. */

export interface PatternRule {
  /** A regular expression, or the name of a number. */
  readonly pattern?: string
  readonly number?: string
  readonly flags?: string
  readonly most?: number
  /** A check on candidates, of those below. */
  readonly check?: keyof typeof candidateChecks
}

export interface PatternCase {
  readonly name: string
  readonly rules: readonly PatternRule[]
  readonly text: string
  /** Spans, `rule:start-end`, by end, start and rule; the rule is left out where there is one. */
  readonly found: readonly string[]
}

export const candidateChecks = {
  even: (text: string) => [...text].reduce((sum, digit) => sum + Number(digit), 0) % 2 === 0,
  short: (text: string) => text.length < 4,
} as const

const one = (pattern: string, more: Omit<PatternRule, 'pattern'> = {}): readonly PatternRule[] => [{ pattern, ...more }]
const number = (name: string): readonly PatternRule[] => [{ number: name }]

/** Long enough to be held for ever by whoever knows no end. */
const long = 'aB3dE6gH9jK2mN5pQ8sT'.repeat(60)

export const patternCases: Readonly<Record<string, readonly PatternCase[]>> = {
  '1 overlaps': [
    { name: 'two rules that share units', rules: [...one('abc'), ...one('bcd')], text: 'abcd', found: ['0:0-3', '1:1-4'] },
    { name: 'one rule, every end', rules: one('a{2,3}'), text: 'aaaa', found: ['0-2', '0-3', '1-4'] },
    { name: 'of one end the earliest start', rules: one('a?b'), text: 'ab', found: ['0-2'] },
    { name: 'neighbours stay apart', rules: one('ab'), text: 'abab', found: ['0-2', '2-4'] },
    { name: 'inside a longer one that fails', rules: one('he|shell'), text: 'shelf', found: ['1-3'] },
  ],
  '2 longer candidates that die': [
    { name: 'after a shorter one is complete', rules: one('bomb(?: squad)?'), text: 'bomb squaX', found: ['0-4'] },
    { name: 'a later start survives', rules: one('abcx|bcd'), text: 'abcd', found: ['1-4'] },
    { name: 'a start hidden behind an older one', rules: one('aab|ab*c', { most: 4 }), text: 'aabbc', found: ['0-3', '1-5'] },
  ],
  '3 the end of the text': [
    { name: 'is what $ asks for', rules: one('ab$'), text: 'abab', found: ['2-4'] },
    { name: 'is a border', rules: one('\\bab\\b'), text: 'cab ab', found: ['4-6'] },
    { name: 'is no digit', rules: one('a(?!\\d)'), text: 'a1a', found: ['2-3'] },
    { name: 'is nothing to look ahead to', rules: one('a(?=b)'), text: 'aba', found: ['0-1'] },
    { name: 'decides what was open', rules: one('a(?!bc)'), text: 'ab', found: ['0-1'] },
    { name: 'nothing in nothing', rules: one('^a?b$'), text: '', found: [] },
  ],
  '4 one character of look-ahead': [
    { name: 'a digit too many', rules: one('\\d{4}(?!\\d)'), text: '1234 12345', found: ['0-4', '6-10'] },
    { name: 'and none before', rules: one('(?<!\\d)\\d{4}(?!\\d)'), text: '1234 12345', found: ['0-4'] },
    { name: 'the start of the text lies behind', rules: one('(?<!a)b'), text: 'b ab', found: ['0-1'] },
    {
      name: 'what was found lies behind as it was written',
      rules: [...one('ab'), ...one('(?<=b)c')],
      text: 'abc',
      found: ['0:0-2', '1:2-3'],
    },
    { name: 'a letter makes it another word', rules: one('\\bass\\b'), text: 'ass assess ass-', found: ['0-3', '11-14'] },
  ],
  '6 surrogates': [
    { name: 'a class of astral letters', rules: one('[𐐀-𐐂]b'), text: '𐐁b𐐃b', found: ['0-3'] },
    { name: 'a half is not the whole', rules: one('😀'), text: '\ud83d \ude00😀', found: ['3-5'] },
    { name: 'any character is one, whole or half', rules: one('a.b'), text: 'a😀b a\ud83db', found: ['0-4', '5-8'] },
    { name: 'no end between two halves', rules: one('a.'), text: 'a😀', found: ['0-3'] },
    { name: 'all but one letter', rules: one('[^a]{2}'), text: '😀\ude00', found: ['0-3'] },
  ],
  '9 word borders': [
    { name: 'Latin beside Chinese', rules: one('\\bbomb\\b'), text: '用bomb吗', found: ['1-5'] },
    {
      name: 'digits and the underscore are parts of words',
      rules: one('\\bbomb\\b'),
      text: 'bomb1 _bomb bomb-',
      found: ['12-16'],
    },
    {
      name: 'the long s and the Kelvin sign, in any case',
      rules: one('sk\\b', { flags: 'i' }),
      text: 'ſ\u212a sk\u017f',
      found: ['0-2'],
    },
    { name: 'no border inside', rules: one('\\Bb\\B'), text: 'abc b', found: ['1-2'] },
  ],
  '10 numbers': [
    {
      name: 'cards beside each other',
      rules: number('payment_card'),
      text: '4111 1111 1111 1111 4012 8888 8888 1881',
      found: ['0-19', '20-39'],
    },
    { name: 'a digit more', rules: number('payment_card'), text: '41111111111111111', found: [] },
    {
      name: 'a group more, which is not its own',
      rules: number('payment_card'),
      text: '4111 1111 1111 1111 2345',
      found: ['0-19'],
    },
    {
      name: 'full-width, with wide blanks',
      rules: number('payment_card'),
      text: '４１１１　１１１１　１１１１　１１１１',
      found: ['0-19'],
    },
    { name: 'Arabic digits', rules: number('payment_card'), text: '٤١١١١١١١١١١١١١١١', found: ['0-16'] },
    {
      name: 'no-break and thin blanks',
      rules: number('payment_card'),
      text: '4111\u00a01111\u00a01111\u00a01111',
      found: ['0-19'],
    },
    { name: 'groups of an account', rules: number('iban'), text: 'GB29 NWBK 6016 1331 9268 19', found: ['0-27'] },
    { name: 'an id with x', rules: number('cn_resident_id'), text: '号11010119900307002x。', found: ['1-19'] },
    { name: 'an id of fifteen digits', rules: number('cn_resident_id'), text: '110101900101123', found: ['0-15'] },
    { name: 'a day there was not', rules: number('cn_resident_id'), text: '110101199013011237', found: [] },
    { name: 'an address at the end of a sentence', rules: number('ipv4'), text: 'at 10.0.0.3.', found: ['3-11'] },
    { name: 'a version is no address', rules: number('ipv4'), text: '1.2.3.4.5', found: [] },
  ],
  '12 unbounded and huge': [
    { name: 'as long as may be', rules: one('ab+c', { most: 5 }), text: 'abbbc abbbbc', found: ['0-5'] },
    { name: 'a younger start when the oldest is too old', rules: one('[ab]+c', { most: 3 }), text: 'aabbc', found: ['2-5'] },
    { name: 'several starts hidden behind the oldest', rules: one('.+x', { most: 3 }), text: 'aaaax', found: ['2-5'] },
    {
      name: 'a key without its foot',
      rules: number('private_key'),
      text: `-----BEGIN PRIVATE KEY-----\n${long}`,
      found: ['0-27'],
    },
    { name: 'letters without end are no address', rules: number('email'), text: `${long}!`, found: [] },
    { name: 'the last of them are, with what follows', rules: number('email'), text: `${long}@b.co `, found: ['951-1205'] },
  ],
  '13 checks on candidates': [
    {
      name: 'the first end fails, a later one passes',
      rules: one('(?<!\\d)\\d{1,3}', { check: 'even' }),
      text: '112',
      found: ['0-2', '0-3'],
    },
    {
      name: 'a shorter one passes, the longer fails',
      rules: one('(?<!\\d)\\d{2,3}', { check: 'even' }),
      text: '111',
      found: ['0-2'],
    },
    {
      name: 'the earliest start fails, a later one passes',
      rules: one('\\d{2,3}', { check: 'even' }),
      text: '124',
      found: ['1-3'],
    },
    { name: 'the two before it fail', rules: one('\\d{1,3}', { check: 'even' }), text: '114', found: ['0-2', '0-3'] },
    { name: 'the last sign alone passes', rules: one('\\d{1,3}', { check: 'even' }), text: '342', found: ['1-2', '1-3'] },
    {
      name: 'overlapping ones, all of which pass',
      rules: one('\\d{2}', { check: 'even' }),
      text: '1111',
      found: ['0-2', '1-3', '2-4'],
    },
    { name: 'overlapping ones, of which some do', rules: one('\\d{2}', { check: 'even' }), text: '1121', found: ['0-2'] },
    { name: 'none passes', rules: one('\\d{3}', { check: 'even' }), text: '111 122 1', found: [] },
    { name: 'looked ahead of first', rules: one('\\d{2}(?!\\d)', { check: 'even' }), text: '1124 11', found: ['2-4', '5-7'] },
    {
      name: 'too long for the check, and not for its tail',
      rules: one('a+b', { most: 9, check: 'short' }),
      text: 'aaaab',
      found: ['2-5'],
    },
    {
      name: 'too long for the limit, and checked within it',
      rules: one('a+b', { most: 3, check: 'short' }),
      text: 'aaaab',
      found: ['2-5'],
    },
    {
      name: 'of two rules each by its own check',
      rules: [...one('\\d{2}', { check: 'even' }), ...one('\\d{2}')],
      text: '12',
      found: ['1:0-2'],
    },
    {
      name: 'a card after a group that is none of it',
      rules: number('payment_card'),
      text: '123 4111 1111 1111 1111',
      found: ['4-23'],
    },
    {
      name: 'an account whose last signs are not its own',
      rules: number('iban'),
      text: 'DE89 3704 0044 0532 0130 00 12',
      found: ['0-27'],
    },
  ],
  '14 lists': [
    { name: 'the same rule twice', rules: [...one('ab'), ...one('ab')], text: 'ab', found: ['0:0-2', '1:0-2'] },
    { name: 'one the beginning of another', rules: [...one('ab'), ...one('abc')], text: 'abc', found: ['0:0-2', '1:0-3'] },
    { name: 'no rules', rules: [], text: 'abc', found: [] },
    { name: 'one sign', rules: one('用'), text: '用用', found: ['0-1', '1-2'] },
  ],
}
