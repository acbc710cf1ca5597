/** What YAML itself complains about, in words for somebody who does not know YAML. */
import type { YAMLError } from 'yaml'

export interface YamlProblem {
  /** In UTF-16 units of the file. */
  readonly start: number
  readonly end: number
  readonly message: string
  readonly advice: string
}

/** Beyond this many, what follows is noise. */
const mostProblems = 20

/** After these the rest of the file still says what it says, so that its slips can be told too. */
const harmless: ReadonlySet<string> = new Set(['DUPLICATE_KEY'])

export function stopsReading({ code }: YAMLError): boolean {
  return !harmless.has(code)
}

/** One slip upsets the reader of YAML several times: what it says of the same line, and whatever comes of that, is told once. */
export function yamlProblems(errors: readonly YAMLError[], text: string): readonly YamlProblem[] {
  const lineOf = (at: number) => text.lastIndexOf('\n', at - 1)
  const lines = new Set<number>()
  const problems: YamlProblem[] = []
  let lost = false
  for (const error of [...errors].sort((a, b) => a.pos[0] - b.pos[0])) {
    const line = lineOf(error.pos[0])
    if (lines.has(line) || (lost && (error.code === 'UNEXPECTED_TOKEN' || error.message.startsWith('Flow')))) continue
    lines.add(line)
    lost ||= error.code === 'UNEXPECTED_TOKEN' || error.code === 'BAD_INDENT'
    if (problems.length < mostProblems) problems.push(told(error, text, line + 1))
  }
  return problems
}

function told(error: YAMLError, text: string, lineStart: number): YamlProblem {
  const [start, end] = error.pos
  const lineEnd = text.indexOf('\n', lineStart)
  const line = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd)
  const say = (message: string, advice: string, from = start, to = end): YamlProblem => ({
    start: from,
    end: to,
    message,
    advice,
  })
  const meant = text.slice(start, end)
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return say('this key is given twice', 'keep one of them; the other would be ignored')
    case 'TAB_AS_INDENT':
      return say('a tab cannot indent', 'indent with spaces')
    case 'BAD_DQ_ESCAPE': {
      const sign = text.slice(start, start + 2)
      const advice = "write patterns in single quotes: '\\d' needs no second backslash there"
      return say(`"${sign}" means nothing inside double quotes`, advice)
    }
    case 'MULTIPLE_DOCS':
      return say('the file has more than one document', 'one file is one policy; remove the --- line and what follows')
    case 'TAG_RESOLVE_FAILED':
      return say(`there is no type ${meant}`, 'put text that begins with ! in quotes')
    case 'BAD_SCALAR_START':
      return say(`plain text cannot begin with ${meant}`, `put the value in quotes: "${valueIn(line, start - lineStart)}"`)
    case 'BAD_ALIAS':
      return say('plain text cannot begin with *', 'put the value in quotes: "***"')
    case 'BLOCK_IN_FLOW':
      return say('a comma is missing between two keys', 'inside { } keys are parted by commas: { id: a, action: cut }')
    case 'MISSING_CHAR':
      return missing(error, text, line, lineStart, say)
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return doubleKey(error, text, say)
    case 'BAD_INDENT':
      return error.message.startsWith('Flow') ? open(error, text, line, lineStart, say) : indent(line, lineStart, say)
    case 'UNEXPECTED_TOKEN':
      return token(line, start - lineStart, text, lineStart, say)
    default:
      return say(
        `the YAML cannot be read: ${error.message.replace(/\.$/, '')}`,
        'see that quotes, brackets and indentation fit the lines around',
      )
  }
}

type Say = (message: string, advice: string, from?: number, to?: number) => YamlProblem

function indent(line: string, lineStart: number, say: Say): YamlProblem {
  const at = lineStart + (/\S/.exec(line)?.index ?? 0)
  return say(
    'the line begins at another column than those around it',
    'the keys of one group begin at one column; those of a rule stand below its id',
    at,
    lineStart + line.trimEnd().length,
  )
}

/** A quote, a dash or a colon that is not there. */
function missing(error: YAMLError, text: string, line: string, lineStart: number, say: Say): YamlProblem {
  const quote = /closing (.)quote/.exec(error.message)?.[1]
  if (quote !== undefined) {
    const opened = openQuote(text, quote)
    return say(
      `the quote ${quote} is never closed`,
      quote === '"' ? 'close it on the same line' : `close it; inside '…' an apostrophe is written twice, as in 'it''s'`,
      opened,
      opened + 1,
    )
  }
  if (error.message.startsWith('Sequence item')) return indent(line, lineStart, say)
  const at = lineStart + (/\S/.exec(line)?.index ?? 0)
  if (line.includes('：')) return say(...fullWidth(line), at, at + line.trim().length)
  const fused = /^\s*(?:- )?([\w.-]+):(\S.*)/.exec(line)
  if (fused !== null)
    return say('a blank is missing after the colon', `write ${fused[1]}: ${fused[2]}`, at, at + line.trim().length)
  const odd = /^\s*(?:- )?([\w.-]+):\s+(\S.*)/.exec(line)
  if (odd !== null)
    return say(
      'the blank after the colon is no ordinary one',
      `write ${odd[1]}: ${odd[2]} with the space bar, in half width`,
      at,
      at + line.trim().length,
    )
  return say('this is no key with a value', 'write key: value, with a colon and a blank', at, at + line.trim().length)
}

/** Where the keyboard is set to Chinese, colons come out wide. */
function fullWidth(line: string): [message: string, advice: string] {
  const written = line.trim().replace(/\s*：\s*/, ': ')
  return ['a colon of full width is no colon here', `write an ordinary colon and a blank: ${written}`]
}

/** Two colons where one belongs: in one line, or because the next line is indented too far. */
function doubleKey(error: YAMLError, text: string, say: Say): YamlProblem {
  const [start] = error.pos
  const end = text.indexOf('\n', start)
  const rest = text.slice(start, end < 0 ? text.length : end)
  const last = start + rest.trimEnd().length
  const opening = /^[?“‘]/.exec(rest)?.[0]
  if (opening === '?') return say('plain text cannot begin with ?', `put the value in quotes: "${rest.trim()}"`, start, last)
  const key = /([\w.-]+):\s+$/.exec(text.slice(0, start))?.[1]
  const dashed = /(?:^|\n)[ \t]*-(\w[\w.-]*:)[ \t]+$/.exec(text.slice(0, start))
  if (dashed !== null)
    return say('a blank is missing after the dash', `write - ${dashed[1]} ${rest.trim()}`, text.lastIndexOf('-', start), last)
  if (key === 'pattern' && /:\s/.test(rest))
    return say('a second ": " on one line', `put the pattern in single quotes: '${rest.trim()}'`, start, last)
  if (opening !== undefined && /:\s/.test(rest))
    return say('typographic quotes are part of the text, and quote nothing', 'write straight quotes: "…"', start, last)
  if (/:(\s|$)/.test(rest))
    return say('a second ": " on one line', 'put the value in quotes, or the inner key on a line of its own')
  if (rest.includes('：')) return say(...fullWidth(rest), start, start + rest.length)
  const next = /\n([ \t]*)(\S[^\n]*)/.exec(text.slice(start))
  const at = start + (next?.index ?? 0) + 1 + (next?.[1]?.length ?? 0)
  return say('the line is indented too far', 'the keys of one group begin at one column', at, at + (next?.[2]?.length ?? 1))
}

/** A bracket that is not closed before the next key, or a line inside of one that stands too far to the left. */
function open(error: YAMLError, text: string, line: string, lineStart: number, say: Say): YamlProblem {
  const closing = error.message.includes('end with a ]') ? ']' : '}'
  const opening = closing === ']' ? '[' : '{'
  const at = openBracket(text.slice(0, error.pos[0]), opening, closing)
  const indentation = /^\s*/.exec(line)?.[0] ?? ''
  if (indentation.includes('\t'))
    return say('a tab cannot indent', 'indent with spaces', lineStart, lineStart + indentation.length)
  if (isClosed(text.slice(at)))
    return say(
      `what stands between ${opening} and ${closing} begins too far to the left`,
      'indent it further than the key before the bracket',
      lineStart + indentation.length,
      lineStart + line.trimEnd().length,
    )
  const key = /([\w.-]+):\s*$/.exec(text.slice(0, at))?.[1]
  const advice =
    key === 'pattern'
      ? "put the pattern in single quotes: pattern: '…'"
      : `close it with ${closing}, or put text that begins with ${opening} in quotes`
  return say(`the bracket ${opening} is never closed`, advice, at, at + 1)
}

/** Something after a value that was over. */
function token(line: string, column: number, text: string, lineStart: number, say: Say): YamlProblem {
  const fused = /^(\s*(?:- )?([\w.-]+):\s+)(.*?)\s*$/.exec(line)
  const key = fused?.[2]
  const value = fused?.[3] ?? ''
  const from = lineStart + (fused?.[1]?.length ?? 0)
  if (/^\s/.test(text.slice(0, 1)) && text.search(/\S/) < lineStart) {
    const first = text.search(/\S/)
    return say('the file begins with a blank', 'the first key begins at the first column', first - 1, first)
  }
  if (/^[|>]/.test(value))
    return say(`plain text cannot begin with ${value[0]}`, `put the value in quotes: "${value}"`, from, from + value.length)
  if (/^-\s/.test(value))
    return say(
      'a list begins on the line below its key',
      'begin each entry with "- " on a line of its own, or write [ … ]',
      from,
      from + 1,
    )
  if (value.startsWith("'") || value.startsWith('"')) {
    const [quote = ''] = value
    const advice =
      quote === "'"
        ? "an apostrophe inside '…' is written twice, as in 'it''s'; or put the text in \"…\""
        : 'put the whole value in quotes, and those inside it into single ones'
    return say('the quotes end before the value does', advice, lineStart + column, lineStart + column + 1)
  }
  if (/^[\]}]/.test(line.slice(column))) return say('a closing bracket too many', 'remove it, or put the text in quotes')
  if (/^[[{]/.test(value)) {
    const quoted =
      key === 'pattern' ? "put the pattern in single quotes: pattern: '…'" : 'put the value in quotes, or see that brackets fit'
    return say(`the value goes on after its bracket was closed`, quoted, lineStart + column, from + value.length)
  }
  if (/\bpattern:\s+[^'"\s]/.test(line.slice(0, column)))
    return say('this cannot stand here', "put the pattern in single quotes: pattern: '…'")
  return say('this cannot stand here', 'see that quotes, brackets and indentation fit the lines around')
}

/** The value that begins at a column: up to the end of the line or, between brackets, to where the next one begins. */
function valueIn(line: string, column: number): string {
  const rest = line.slice(column)
  return (/[[{]/.test(line.slice(0, column)) ? (/^[^,\]}]*/.exec(rest)?.[0] ?? '') : rest).trim()
}

/** Where the last bracket was opened that nothing closed, quotes left aside. */
function openBracket(text: string, opening: string, closing: string): number {
  const opened: number[] = []
  for (let at = 0; at < text.length; at += 1) {
    const comment = text[at] === '#' && /\s/.test(text[at - 1] ?? '\n')
    if (comment) at = (text.indexOf('\n', at) + 1 || text.length + 1) - 1
    else if (text[at] === opening) opened.push(at)
    else if (text[at] === closing) opened.pop()
  }
  return opened.at(-1) ?? Math.max(0, text.length - 1)
}

/** Whether the bracket with which the text begins is closed, each inside of it before. */
function isClosed(text: string): boolean {
  const opened: string[] = []
  for (const { 0: sign } of text.matchAll(/'[^']*'|"(?:[^"\\]|\\.)*"|(?<=\s)#[^\n]*|[[\]{}]/g)) {
    if (sign === '[' || sign === '{') opened.push(sign === '[' ? ']' : '}')
    else if ((sign === ']' || sign === '}') && opened.pop() !== sign) return false
    if (opened.length === 0) return true
  }
  return false
}

/** Where the first value in quotes begins that runs over the end of its line. */
function openQuote(text: string, quote: string): number {
  for (const { 0: line, index } of text.matchAll(/[^\n]+/g)) {
    const value = /(?::\s+|-\s+|[[{,]\s*)(['"])/g
    for (const found of line.matchAll(value)) {
      const at = found.index + found[0].length - 1
      const closed = quote === "'" ? /^'(?:[^']|'')*'/ : /^"(?:[^"\\]|\\.)*"/
      if (found[1] === quote && !closed.test(line.slice(at))) return index + at
    }
  }
  return text.lastIndexOf(quote)
}
