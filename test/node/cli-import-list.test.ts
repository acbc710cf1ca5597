/** `sluice import-list` makes a clean list of any, and tells what its short entries would do to harmless text. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Workplace } from './cli.ts'

/** 笨蛋, a line end, 白痴, as GB 18030 has them. */
const gb = Uint8Array.from([0xb1, 0xbf, 0xb5, 0xb0, 0x0d, 0x0a, 0xb0, 0xd7, 0xb3, 0xd5])

function utf16(text: string): Uint8Array {
  return Uint8Array.from([0xff, 0xfe, ...Array.from(text, (sign) => [sign.charCodeAt(0) & 255, sign.charCodeAt(0) >> 8]).flat()])
}

let place: Workplace

beforeAll(() => {
  place = new Workplace({
    'plain.txt': '\ufeff# a comment\n// another\nMoron\n moron \n\nＭＯＲＯＮ\nid\u200biot\u200b\nass\n',
    'gb.txt': gb,
    'wide.txt': utf16('蠢货\n夜鹰\n'),
    'table.csv': 'Word,weight\n"damn, you",3\n"say ""x""",1\n#tag,2\nplain,1\n',
    'array.json': '["one","two"]',
    'object.json': '{"en":["one"]}',
    'parted.txt': '赌博、毒品、枪支\n',
    'nothing.txt': '\u0301\n\u200b\n',
    'calm.txt': 'the class was massive; pass the glass',
    'calm.jsonl': '{"text":"an assessment"}\n',
  })
})

afterAll(() => place.remove())

const read = (file: string) => readFileSync(join(place.folder, file), 'utf8')
const importList = async (...args: string[]) => {
  const [told] = await place.json(['import-list', '--json', '--out', 'out.txt', ...args])
  return told as Record<string, unknown>
}
/** The terms of the written list. */
const terms = () =>
  read('out.txt')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))

describe('import-list', () => {
  test('takes out marks, comments, blanks and what the fold makes equal', async () => {
    expect(await importList('plain.txt')).toMatchObject({ entries: 4, lines: 8, comments: 2, blank: 1, doubles: 1, refused: [] })
    expect(terms()).toEqual(['Moron', 'ＭＯＲＯＮ', 'id\u200biot', 'ass'])
    expect(await importList('--fold', 'loose', 'plain.txt')).toMatchObject({ entries: 3, doubles: 2 })
  })

  test.each([
    ['GB 18030', ['gb.txt'], ['笨蛋', '白痴']],
    ['UTF-16', ['wide.txt'], ['蠢货', '夜鹰']],
    ['a table', ['table.csv'], ['damn, you', 'say "x"', 'plain']],
    ['another column', ['--column', '2', 'table.csv'], ['weight', '3', '1', '2']],
    ['an array', ['array.json'], ['one', 'two']],
    ['several a line', ['--separator', '、', 'parted.txt'], ['赌博', '毒品', '枪支']],
    ['several files, by a pattern', ['{gb,wide}.txt'], ['笨蛋', '白痴', '蠢货', '夜鹰']],
  ])('reads %s', async (_what, args, wanted) => {
    await importList(...args)
    expect(terms()).toEqual(wanted)
  })

  test('refuses what a list cannot say, and what folds to nothing, and says where it stood', async () => {
    const told = await importList('--fold', 'loose', 'plain.txt', 'table.csv', 'nothing.txt')
    expect(told['refused']).toEqual([
      { file: 'table.csv', line: 4, text: '#tag', reason: expect.stringContaining('begins with #') },
      { file: 'nothing.txt', line: 1, text: '\u0301', reason: expect.stringContaining('fold: loose leaves nothing') },
    ])
    const { code, err } = await place.run(['import-list', '--fold', 'loose', 'nothing.txt'])
    expect([code, err]).toEqual([1, 'no entry is left: there is nothing to write (no_entries)\n'])
  })

  test('tells what fires on harmless text, per million characters and where', async () => {
    const told = await importList('--benign', 'calm.txt', '--benign', '*.jsonl', 'plain.txt')
    expect(told).toMatchObject({
      short: ['ass'],
      benign: {
        characters: 50,
        hits: 5,
        per_million: 100_000,
        firing: [{ entry: 'ass', hits: 5, per_million: 100_000, sample: 'the cl[ass] was massi' }],
      },
    })
    // Whole words are not harmed.
    expect(await importList('--benign', 'calm.txt', '--boundary', 'word', 'plain.txt')).toMatchObject({
      short: [],
      benign: { hits: 0, firing: [] },
    })
  })

  test('brings harmless text of its own', async () => {
    place.write({ 'short.txt': '日\nass\nxylophone quartet\n' })
    const { benign } = (await importList('short.txt')) as { benign: { characters: number; firing: { entry: string }[] } }
    expect(benign.characters).toBeGreaterThan(4000)
    expect(benign.firing.map(({ entry }) => entry).sort()).toEqual(['ass', '日'])
  })

  test('leaves out what fires too often, and keeps it as a comment', async () => {
    expect(await importList('--benign', 'calm.txt', '--most', '0', 'plain.txt')).toMatchObject({ entries: 3, left_out: ['ass'] })
    expect(terms()).not.toContain('ass')
    expect(read('out.txt')).toContain('\n# ass\n')
  })

  test('writes what a policy takes, and the same for the same files', async () => {
    await importList('plain.txt', 'gb.txt')
    const once = read('out.txt')
    await importList('plain.txt', 'gb.txt')
    expect(read('out.txt')).toBe(once)
    place.write({ 'p.yaml': 'name: p\nrules:\n  - { id: a, words: { list: out.txt }, action: mask, with: "***" }\n' })
    expect((await place.run(['lint', 'p.yaml'])).code).toBe(0)
  })

  test('tells people, beside the list where that goes to standard output', async () => {
    const { code, out, err } = await place.run(['import-list', '--benign', 'calm.txt', 'plain.txt'])
    expect(code).toBe(0)
    expect(out).toBe(
      '# Made by sluice import-list from plain.txt, for fold: case and boundary: none.\nMoron\nＭＯＲＯＮ\nid\u200biot\nass\n',
    )
    expect(err).toContain('  doubles   1 equal to an earlier entry once folded (fold: case)\n')
    expect(err).toContain('  harmless  1 entry fires in 37 characters of harmless text: 4 hits, 108,108 per million\n')
    expect(err).toContain('the cl[ass] was massi')
  })

  test('reads standard input as well', async () => {
    expect((await place.run(['import-list', '-'], 'one\ntwo\nOne\n')).out).toMatch(/\none\ntwo\n$/)
  })

  test.each([
    ['object.json', 'object.json is no JSON array of strings (file_not_text)\n'],
    ['none.txt', 'none.txt: there is no such file (no_such_file)\n'],
  ])('says why %s cannot be read', async (file, told) => {
    const { code, err } = await place.run(['import-list', file])
    expect([code, err]).toEqual([1, told])
  })

  test('says where a table has no such column', async () => {
    const { code, err } = await place.run(['import-list', '--column', '9', 'table.csv'])
    expect([code, err]).toEqual([1, 'table.csv has no column 9: its lines have 2 at most (no_entries)\n'])
    expect((await place.run(['import-list', '--column', '0', 'table.csv'])).code).toBe(2)
  })

  test('says where an encoding does not fit or is none', async () => {
    expect((await place.run(['import-list', '--encoding', 'utf-8', 'gb.txt'])).err).toContain(
      'name its --encoding (file_not_text)',
    )
    expect((await place.run(['import-list', '--encoding', 'klingon', 'gb.txt'])).err).toContain('there is no encoding "klingon"')
  })
})
