/** Chooses among the languages of a policy's notices by what the reader reads. */
import type { Plan, Spoken } from '../terms/plan.ts'

/** Languages of a header that are looked at; browsers send a handful. */
const mostRanges = 20

/**
 * The plan with its notices in the language that suits best. Nothing else of it changes: no verdict depends on a language.
 *
 * @param languages in the form of the header `Accept-Language` (RFC 9110, section 12.5.4); absent: the first of each.
 */
export function inLanguage(plan: Plan, languages: string | undefined): Plan {
  const { notices } = plan.settings.on_cut
  const { messages } = plan.settings.on_block
  if (!languages || (notices === undefined && messages === undefined)) return plan
  const ranges = rangesOf(languages)
  const { on_cut, on_block } = plan.settings
  const notice = suiting(ranges, notices)?.text ?? on_cut.notice
  const message = suiting(ranges, messages)?.text ?? on_block.message
  return { ...plan, settings: { ...plan.settings, on_cut: { ...on_cut, notice }, on_block: { ...on_block, message } } }
}

/** Most wanted first. */
function rangesOf(header: string): string[] {
  const ranges = header.split(',', mostRanges).map((part) => {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    return { range, weight: weight === undefined ? 1 : Number(weight.slice(2)) }
  })
  const wanted = ranges.filter(({ range, weight }) => range !== '' && weight > 0)
  return wanted.sort((one, other) => other.weight - one.weight).map(({ range }) => range)
}

/** For each language that is read, in order: the same tag or a shorter one (RFC 4647, section 3.4), the same script, the same language. */
function suiting(ranges: readonly string[], texts: readonly Spoken[] = []): Spoken | undefined {
  const tagged = (tag: string) => texts.find(({ language }) => language.toLowerCase() === tag)
  for (const range of ranges) {
    // Whatever there is: the operator's first.
    if (range === '*') return texts[0]
    const [language = '', ...rest] = range.split('-')
    for (let length = rest.length; length > 0; length -= 1) {
      const found = tagged([language, ...rest.slice(0, length)].join('-'))
      if (found !== undefined) return found
    }
    const same = texts.filter(({ language: tag }) => tag.toLowerCase().split('-')[0] === language)
    const script = scriptOf(range)
    const found =
      (same.length > 1 ? same.find(({ language: tag }) => scriptOf(tag) === script) : undefined) ?? tagged(language) ?? same[0]
    if (found !== undefined) return found
  }
  return undefined
}

/** The script a language is written in where its tag does not say: `zh-TW` is `zh-Hant-TW`. */
function scriptOf(tag: string): string | undefined {
  try {
    return new Intl.Locale(tag).maximize().script
  } catch {
    return undefined
  }
}
