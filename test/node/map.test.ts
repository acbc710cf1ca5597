/** Keeps the house as its pages describe it: what they name is there, and every file says why it exists. */
import { existsSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pages = ['README.md', 'CONTRIBUTING.md', 'src/README.md', 'policies/README.md', 'test/bench/README.md']

/** `gate/{court,turns}.ts` names two files. */
function spread(name: string): string[] {
  const [braces, choices] = /\{([^}]*)\}/.exec(name) ?? []
  if (braces === undefined || choices === undefined) return [name]
  return choices.split(',').flatMap((choice) => spread(name.replace(braces, choice)))
}

/** Files of ours that a page names: the room comes first, or the folder from the top. Capitals stand for any name. */
function filesNamed(text: string): string[] {
  const names = [...text.matchAll(/`((?:[\w.{},-]+\/)+[\w.{},-]+\.(?:ts|md|json|yaml))`/g)].map(([, name = '']) => name)
  return [...new Set(names.flatMap(spread))].filter((name) => !/[A-Z]{4}/.test(name.replace('README', '')))
}

test.each(pages)('every file that %s names is there', (page) => {
  const named = filesNamed(readFileSync(join(root, page), 'utf8'))
  const places = ['', 'src', dirname(page)]
  expect(named.filter((name) => !places.some((place) => existsSync(join(root, place, name))))).toEqual([])
  if (page === 'src/README.md') expect(named.length).toBeGreaterThan(30)
})

test('every file opens with a sentence that says why it exists, and none is called by a name that says nothing', async () => {
  const files: string[] = []
  for (const folder of ['src', 'test'])
    for (const path of await readdir(join(root, folder), { recursive: true }))
      if (path.endsWith('.ts') && !path.includes('node_modules')) files.push(join(folder, path))
  expect(files.length).toBeGreaterThan(600)
  const silent = files.filter((file) => !/^(?:#!.*\n)?\/\*\*[\s*]+[\w`'‘“]/.test(readFileSync(join(root, file), 'utf8')))
  expect(silent).toEqual([])
  expect(files.filter((file) => /(?:^|\/)(?:utils?|helpers?|common|types)(?:\.ts|\/)/.test(file))).toEqual([])
})
