/** Patterns of file names mean the same in quotes, on every shell. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { filesFrom } from '../../src/cli/paths.ts'
import { barOf, Progress } from '../../src/cli/progress.ts'
import { Workplace } from './cli.ts'

let place: Workplace

beforeAll(() => {
  const files = [
    'a.txt',
    'b.txt',
    'c.md',
    'x[1].txt',
    'logs/day1/a.sse',
    'logs/day1/b.json',
    'logs/day2/c.sse',
    'logs/.hidden/d.sse',
  ]
  place = new Workplace(Object.fromEntries(['.dot.txt', ...files].map((name) => [name, ''])))
})

afterAll(() => place.remove())

describe('patterns', () => {
  test.each([
    [['*.txt'], ['a.txt', 'b.txt', 'x[1].txt']],
    [['?.txt'], ['a.txt', 'b.txt']],
    [['[!b].txt'], ['a.txt']],
    [['[a-c].{txt,md}'], ['c.md', 'a.txt', 'b.txt'].sort()],
    [['logs/*/*.sse'], ['logs/day1/a.sse', 'logs/day2/c.sse']],
    [['logs/**/*.sse'], ['logs/day1/a.sse', 'logs/day2/c.sse']],
    [['logs/**'], ['logs/day1/a.sse', 'logs/day1/b.json', 'logs/day2/c.sse']],
    [['**/b.*'], ['b.txt', 'logs/day1/b.json']],
    [['.*.txt'], ['.dot.txt']],
    [['x[1].txt'], ['x[1].txt']],
    [
      ['b.txt', '*.txt', '-'],
      ['b.txt', 'a.txt', 'x[1].txt', '-'],
    ],
    [['there/is/none.txt'], ['there/is/none.txt']],
  ])('%j are %j', async (args, files) => {
    expect(await filesFrom(args)).toEqual(files)
  })

  test('that nothing matches are told of', async () => {
    await expect(filesFrom(['*.yml'])).rejects.toMatchObject({ message: '*.yml: no file is called like that', code: 'no_match' })
    const { code, err } = await place.run(['lint', '*.yml'])
    expect([code, err]).toEqual([1, '*.yml: no file is called like that (no_match)\n'])
  })
})

describe('how far a long work is', () => {
  test('is a bar', () => {
    expect(barOf('testing', 1, 3)).toBe(`testing  ${'█'.repeat(8)}${'░'.repeat(16)}  33 %`)
    expect(barOf('reading', 7, 0)).toBe('reading  7')
  })

  test('is shown where somebody looks on, and nowhere else', () => {
    const shown: string[] = []
    const progress = new Progress({ show: (line: string) => void shown.push(line) } as never, 'x', 2)
    progress.add(1)
    progress.end()
    expect(shown.at(-1)).toBe('')
    expect(() => new Progress({} as never, 'x', 2).end()).not.toThrow()
  })
})
