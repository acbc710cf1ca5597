/** What a pattern means, by asking JavaScript's own engine about every start and end, and every continuation. */

export interface Found {
  readonly start: number
  readonly end: number
}

const between = (text: string, at: number) =>
  !(/[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at)))

/** Asks whether `source` matches exactly from start to end, with all of the text around it to look at. */
function matcher(source: string, flags: string): (text: string, start: number, end: number) => boolean {
  const cache = new Map<number, RegExp>()
  return (text, start, end) => {
    if (!between(text, start) || !between(text, end)) return false
    const codePoints = [...text.slice(0, end)].length
    let exact = cache.get(codePoints)
    if (!exact) {
      exact = new RegExp(`(?:${source})(?<=(?<![^])[^]{${codePoints}})`, `${flags}uy`)
      cache.set(codePoints, exact)
    }
    exact.lastIndex = start
    return exact.test(text)
  }
}

export interface BruteOptions {
  readonly flags?: string
  readonly most?: number
  readonly check?: (text: string) => boolean
}

/** @returns for each end the earliest start, of the whole text. */
export function findAll(
  source: string,
  text: string,
  { flags = '', most = Number.POSITIVE_INFINITY, check = () => true }: BruteOptions = {},
): Found[] {
  const matches = matcherFor(source, flags)
  const found: Found[] = []
  for (let end = 1; end <= text.length; end++) {
    for (let start = Math.max(0, end - most); start < end; start++) {
      if (!matches(text, start, end) || !check(text.slice(start, end))) continue
      found.push({ start, end })
      break
    }
  }
  return found
}

const matchers = new Map<string, ReturnType<typeof matcher>>()

function matcherFor(source: string, flags: string) {
  const key = `${flags} ${source}`
  let found = matchers.get(key)
  if (!found) {
    found = matcher(source, flags)
    // Twenty thousand random patterns fill a heap, and none of them comes again.
    if (matchers.size >= 1000) matchers.clear()
    matchers.set(key, found)
  }
  return found
}

/** What is known once a prefix has been read, by trying every continuation of up to `depth` signs of the alphabet. */
export interface Known {
  /** Findings in every continuation. */
  readonly certain: readonly Found[]
  /** The earliest start of a finding that some continuations have and others do not; the prefix's length where there is none. */
  readonly safeTo: number
}

const key = ({ start, end }: Found) => `${start}-${end}`

export function known(
  source: string,
  prefix: string,
  alphabet: readonly string[],
  depth: number,
  options: BruteOptions = {},
): Known {
  const counts = new Map<string, { found: Found; count: number }>()
  let texts = 0
  const visit = (text: string, left: number): void => {
    texts++
    for (const found of findAll(source, text, options)) {
      const entry = counts.get(key(found))
      if (entry) entry.count++
      else counts.set(key(found), { found, count: 1 })
    }
    if (left > 0) for (const sign of alphabet) visit(text + sign, left - 1)
  }
  visit(prefix, depth)
  const certain: Found[] = []
  let safeTo = prefix.length
  for (const { found, count } of counts.values()) {
    if (count === texts) certain.push(found)
    else safeTo = Math.min(safeTo, found.start)
  }
  return { certain: certain.sort((a, b) => a.end - b.end || a.start - b.start), safeTo }
}
