/** Keeps what runs beside a stream small: no door opens onto a parser, and names of providers and platforms stay in their rooms. */
import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const src = fileURLToPath(new URL('../../src', import.meta.url))

/** What a file does when it runs: types gone, comments kept apart from code. */
function runs(file: string): string {
  return stripTypeScriptTypes(readFileSync(file, 'utf8'))
}

function importsOf(code: string): string[] {
  const found = code.matchAll(/(?:(?<!\.)\bfrom|\bimport)\s*\(?\s*(['"])([^'"\n]+)\1/g)
  return [...found].map((match) => match[2] as string)
}

/** Every file and package that loading `entry` loads, or could load later by `import()`. */
function reachable(entry: string): { files: string[]; packages: string[] } {
  const files = new Set<string>()
  const packages = new Set<string>()
  const queue = [join(src, entry)]
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(file)) continue
    files.add(file)
    if (!file.endsWith('.ts')) continue
    for (const specifier of importsOf(runs(file))) {
      if (specifier.startsWith('.')) queue.push(resolve(dirname(file), specifier))
      else packages.add(specifier)
    }
  }
  return { files: [...files].map((file) => relative(src, file)).sort(), packages: [...packages].sort() }
}

describe('no parser, no Node and no stranger can be reached', () => {
  test('from the library', () => {
    expect(reachable('index.ts').packages).toEqual(['eventsource-parser'])
  })

  test('from the middleware, which adds nothing but Hono', () => {
    const packages = reachable('hono.ts').packages.filter((name) => !/^hono(\/|$)/.test(name))
    expect(packages).toEqual(['eventsource-parser'])
  })

  test('from the Worker, which adds nothing but Hono and the platform', () => {
    const packages = reachable('worker.ts').packages.filter((name) => !/^hono(\/|$)|^cloudflare:/.test(name))
    // Of the tokenizer the engine, in the script; its table is a module beside it.
    expect(packages.filter((name) => !name.startsWith('gpt-tokenizer/'))).toEqual(['eventsource-parser'])
    expect(packages).not.toContain('gpt-tokenizer')
  })

  test('from the judges, which add nothing but the package that one of them asks by', () => {
    expect(reachable('judges/askers.ts').packages).toEqual([])
    expect(reachable('judges/index.ts').packages).toEqual(['openai'])
  })

  test('and the Worker brings no tables of characters: what they say is in the compiled policy', () => {
    const { files } = reachable('worker.ts')
    expect(files).toEqual(expect.arrayContaining(['policy/load.ts', 'checks/words-load.ts']))
    expect(
      files.filter((file) => /text\/(fold|signs|tables\/(loose|case|seconds))|policy\/(plan|pack|compile)/.test(file)),
    ).toEqual([])
  })

  test('and the walk that says so does see them where they are', () => {
    expect(reachable('policy/index.ts').packages).toEqual(
      expect.arrayContaining(['@eslint-community/regexpp', 'valibot', 'yaml']),
    )
  })
})

interface Source {
  readonly file: string
  readonly written: string
}

/** Comments may name whom they like: the input that taught a line is often somebody's. */
function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}

const sources: readonly Source[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, written: readFileSync(join(src, file), 'utf8') }))

function naming(names: RegExp, home: RegExp): string[] {
  return sources.filter(({ file, written }) => !home.test(file) && names.test(withoutComments(written))).map(({ file }) => file)
}

describe('names stay at home', () => {
  // A rule that finds somebody's keys has to say whose they are.
  test('a provider is named only in wire, by judges, by the service, on the command line and where its keys are looked for', () => {
    expect(
      naming(
        /openai|anthropic|claude|gemini|mistral|deepseek|azure|vertex|bedrock|groq/i,
        /^(wire|judges|gateway|cli)\/|^worker\.ts$|^checks\/tokens\.ts$/,
      ),
    ).toEqual([])
  })

  test('what only the Workers platform has is named only in worker and gateway, and where development starts it', () => {
    const names =
      /cloudflare|workerd|wrangler|\bKVNamespace\b|\bIdentityTransformStream\b|\bFixedLengthStream\b|\bExecutionContext\b|\bcaches\b/i
    expect(naming(names, /^(worker\.ts|gateway\/|judges\/workers-ai|cli\/(dev|demo|push|openai-module))/)).toEqual([])
  })

  test('an import inside a type is no way around the table: the linter does not see it', () => {
    const count = (code: string) => code.match(/\bimport\(/g)?.length ?? 0
    expect(
      sources.filter(({ written }) => count(written) !== count(stripTypeScriptTypes(written))).map(({ file }) => file),
    ).toEqual([])
  })
})
