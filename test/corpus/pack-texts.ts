/** The texts that packs are measured on: harmless ones, and such as somebody labelled with what a pack looks for. */
import { readFileSync } from 'node:fs'
import { readRows } from './shared.ts'

export interface Labelled {
  readonly text: string
  /** What is to be found in it; the whole text where there are none. */
  readonly spans?: readonly { readonly start: number; readonly end: number }[]
}

export interface TextSet {
  /** As the headers call it, in the plural. */
  readonly name: string
  readonly texts: readonly Labelled[]
}

interface Row {
  readonly text: string
  readonly kind?: string
  readonly prompt?: string
  readonly prompt_label?: string
  readonly label?: string
  readonly expected?: string
}

const data = <Fields>(file: string) => readRows<Row & Fields>(`data/${file}.jsonl`)
const set = (name: string, texts: readonly Labelled[]): TextSet => ({ name, texts })

const english = data('benign/en_prose')
const alarming = data('moderation/xstest_completions')
const chinese = data('benign/zh_prose')
const code = data('benign/source_code')

export const harmless = {
  english: set('English answers', english),
  alarming: set('harmless answers to alarming questions', alarming),
  chinese: set('Chinese answers', chinese),
  code: set('source files', code),
}

const mentionsSelfHarm = /suicid|self-harm|kill (?:my|your|one)self|自杀|自殺|自残|轻生/i

/** Replies to people in distress: those of Chinese counsellors, and all answers that speak of self-harm. */
export const support = set('replies of support', [
  ...chinese.filter(({ kind }) => kind === 'counselling_reply'),
  ...[...english, ...alarming, ...chinese].filter(
    ({ text, kind, prompt = '' }) =>
      kind !== 'counselling_reply' && (mentionsSelfHarm.test(text) || mentionsSelfHarm.test(prompt)),
  ),
])

export const harmlessPrompts = set(
  'harmless prompts that look dangerous',
  data('moderation/xstest_prompts').filter(({ label }) => label === 'safe'),
)

/** Sets with a label, by the pack that is to find what they hold. */
export const labelled: Readonly<Record<string, () => readonly TextSet[]>> = {
  secrets: () => {
    const rows = ['gitleaks_cases', 'detect_secrets_cases'].flatMap((file) =>
      readRows<{ parts: readonly string[]; expected_match: boolean }>(`data/secrets/${file}.jsonl`),
    )
    const texts = (match: boolean) =>
      rows.filter(({ expected_match }) => expected_match === match).map(({ parts }) => ({ text: parts.join('') }))
    return [set("two scanners' secrets", texts(true)), set("what those scanners' rules let be", texts(false))]
  },
  pii: () => {
    const types = new Set(['CREDIT_CARD', 'IBAN_CODE', 'US_SSN', 'EMAIL_ADDRESS', 'PHONE_NUMBER', 'IP_ADDRESS'])
    const sentences = data<{ spans: readonly { type: string; start_u16: number; end_u16: number }[] }>('pii/presidio_synth')
    const cases = data<{ expected_count: number; expected_spans_u16: readonly (readonly [number, number])[] | null }>(
      'pii/zh_pii_cases',
    )
    return [
      set(
        'cards, accounts, numbers and addresses in English sentences',
        sentences
          .map(({ text, spans }) => ({
            text,
            spans: spans.filter(({ type }) => types.has(type)).map(({ start_u16: start, end_u16: end }) => ({ start, end })),
          }))
          .filter(({ spans }) => spans.length > 0),
      ),
      set(
        'numbers in Chinese sentences',
        cases
          .filter(({ expected_count }) => expected_count > 0)
          .map(({ text, expected_spans_u16: spans }) => ({
            text,
            ...(spans && { spans: spans.map(([start, end]) => ({ start, end })) }),
          })),
      ),
      set(
        'Chinese near misses',
        cases.filter(({ expected_count }) => expected_count === 0),
      ),
    ]
  },
  'profanity-en': () => {
    const listed = new Set(['profanity-en', 'slurs-en'].flatMap(termsOfList))
    const spellings = data<{ obfuscated: boolean; canonical: readonly string[] }>('evasion/profanity_variants_en').filter(
      ({ obfuscated }) => obfuscated,
    )
    const forms = data<{ lang: string; base: string }>('evasion/unicode_variants_derived').filter(({ lang }) => lang === 'en')
    return [
      ...tweets(),
      set(
        'disguised spellings of words on the lists',
        spellings.filter(({ canonical }) => canonical.some((word) => listed.has(word))).map(inSentence),
      ),
      set(
        'disguised spellings of other rude words',
        spellings.filter(({ canonical }) => !canonical.some((word) => listed.has(word))).map(inSentence),
      ),
      set('harmless strings with a rude word inside', harmlessStrings()),
      set('Unicode forms of words on the lists', forms.filter(({ base }) => listed.has(base)).map(inSentence)),
    ]
  },
  'profanity-zh': chineseComments,
  'harassment-care': () => {
    const insults = data('moderation/litellm_block_insults')
    return [
      set(
        'insults',
        insults.filter(({ expected }) => expected === 'block'),
      ),
      set(
        'sentences that are none',
        insults.filter(({ expected }) => expected === 'allow'),
      ),
      ...chineseComments(),
    ]
  },
  'self-harm-care': () => {
    const rows = data<{ labels: Readonly<Record<string, number>> }>('moderation/openai_moderation')
    const of = (wanted: number) => rows.filter(({ labels }) => labels['SH'] === wanted)
    return [set('texts about self-harm', of(1)), set('texts of that collection about other things', of(0))]
  },
}

/** Longer words and phrases that another filter had to learn to let be. */
function harmlessStrings(): Labelled[] {
  const rows = data<{ benign_strings: readonly string[] }>('evasion/obscenity_english_preset')
  return rows.flatMap(({ benign_strings }) => benign_strings.map((text) => ({ text })))
}

function tweets(): TextSet[] {
  const rows = data('moderation/tweets_hate_offensive')
  const of = (wanted: string) => rows.filter(({ label }) => label === wanted)
  return [
    set('hateful tweets', of('hate')),
    set('offensive tweets', of('offensive')),
    set('tweets that are neither', of('neither')),
  ]
}

function chineseComments(): TextSet[] {
  const rows = data<{ offensive: number }>('moderation/cold_zh')
  const of = (wanted: number) => rows.filter(({ offensive }) => offensive === wanted)
  return [set('offensive Chinese comments', of(1)), set('Chinese comments that are not', of(0))]
}

function termsOfList(name: string): string[] {
  const lines = readFileSync(new URL(`../../policies/lists/${name}.txt`, import.meta.url), 'utf8').split('\n')
  return lines.filter((line) => line !== '' && !line.startsWith('#'))
}

function inSentence({ text }: Labelled): Labelled {
  return { text: `You say ${text}, and mean it.` }
}
