/** Keeps the package installable: packed, put into an empty project, and every example of the README run there as it stands. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Listening, listen } from './listen.ts'
import { example, type Packed, packed, root, run, sluiceLines } from './packed.ts'

// Each test starts programs, on machines that may be busy with the rest of the suite.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Another Node than the one that tests, to try the oldest the package promises: `SLUICE_NODE=/path/to/node npm test`. */
const node = process.env['SLUICE_NODE'] ?? process.execPath

/** What the fake model says, in the pieces in which it says it: the codename never arrives whole. */
const pieces = ['Our plan for Project', ' Nig', 'htjar ', 'is simple.']
const question = { model: 'any', stream: true, messages: [{ role: 'user', content: 'What are we working on?' }] }

let made: Packed
let project: string
let upstream: Listening
let environment: NodeJS.ProcessEnv

function chunk(delta: object, finish: string | null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }]
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'any', choices })}\n\n`
}

beforeAll(async () => {
  upstream = await listen((request, response) => {
    if (request.url === '/v1/moderations') return void judge(request, response)
    request.resume()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const content of pieces) response.write(chunk({ content }, null))
    response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`)
  })
  environment = { ...process.env, OPENAI_BASE_URL: `${upstream.url}/v1`, OPENAI_API_KEY: 'none' }

  made = await packed()
  project = made.project
}, 180_000)

afterAll(async () => {
  await upstream?.close()
  made?.remove()
})

/** A moderation endpoint for which whoever plans is violent, though not very. */
async function judge(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const violence = (await text(request)).includes('simple') ? 0.7 : 0.1
  const results = [{ flagged: false, categories: { violence: false }, category_scores: { violence } }]
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: 'modr-1', model: 'any', results }))
}

async function printed(file: string, code: string): Promise<string> {
  writeFileSync(join(project, file), code)
  const { stdout, stderr } = await run(node, [file], { cwd: project, env: environment })
  expect(stderr).toBe('')
  return stdout
}

describe('the examples of the README do what it says', () => {
  test('as Hono middleware', async () => {
    writeFileSync(join(project, 'app.js'), example('hono'))
    const output = await printed(
      'ask.js',
      `import app from './app.js'
       const body = ${JSON.stringify(JSON.stringify(question))}
       const response = await app.request('/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
       const events = (await response.text()).split('\\n\\n').filter((event) => event.startsWith('data: {'))
       const text = events.map((event) => JSON.parse(event.slice(6)).choices[0].delta.content ?? '').join('')
       console.log(JSON.stringify([response.status, response.headers.has('x-sluice-id'), text]))`,
    )
    expect(JSON.parse(output)).toEqual([200, true, 'Our plan for [internal] is simple.'])
  })

  test('inside the openai package', async () => {
    expect(await printed('openai-example.js', example('openai'))).toBe('Our plan for \n[the answer was cut]\n')
  })

  test('inside the openai package, with its moderation endpoint as a judge', async () => {
    const output = await printed(
      'judges.js',
      `${example('judges')}
       const stream = await client.chat.completions.create(${JSON.stringify(question)})
       const text = []
       for await (const { choices } of stream) text.push(choices[0]?.delta.content ?? '', choices[0]?.finish_reason ?? '')
       process.stdout.write(text.join(''))`,
    )
    expect(output).toBe('content_filter')
  })

  test('over plain text', async () => {
    expect(await printed('text.js', example('text'))).toBe('Our plan for [internal] is simple.')
  })
})

describe('the policy of the README', () => {
  const sluice = (...words: string[]) => run(node, [join('node_modules', '.bin', 'sluice'), ...words], { cwd: project })

  beforeAll(() => {
    writeFileSync(join(project, 'our-app.yaml'), example('policy'))
    writeFileSync(join(project, 'answers.jsonl'), example('answers'))
    writeFileSync(join(project, 'answer.txt'), 'Project Nightjar is simple. The key is sk-7Gx2Vq8WzL0pTn4RcYd9.')
  })

  test('is tried by a program that knows its version', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect((await sluice('--version')).stdout).toBe(`${version}\n`)
  })

  test('goes the way the README tells, from lint to compile', async () => {
    const told: string[] = []
    for (const words of sluiceLines(example('first'))) told.push((await sluice(...words)).stdout)
    expect(told.map((output) => output.split('\n')[0])).toEqual([
      expect.stringMatching(/^fine {2}our-app\.yaml: 3 rules, hash /),
      'pass  our-app.yaml: 3 tests',
      'text:1:1: mask by codename, "[internal]" in its place',
      'answers.jsonl:1  answer  mask by codename  "Our plan for [internal] is simple."',
      expect.stringMatching(/^our-app\.plan: our-app, 3 rules, /),
    ])
    expect(told[3]).toContain(example('replayed'))
  })

  test('has no mistake, and replays as it reads', async () => {
    await sluice('lint', 'our-app.yaml')
    const { stdout } = await sluice('replay', '--policy', 'our-app.yaml', '--json', 'answer.txt')
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'cut', by: ['api-key'], released: '[internal] is simple. The key is ' })
  })

  test('compiles to what the library loads, without a parser in sight', async () => {
    await sluice('compile', 'our-app.yaml')
    const code = `import { readFileSync } from 'node:fs'
      import { loadPlan, TextGateStream } from 'sluice'
      const plan = loadPlan(readFileSync('our-app.plan'))
      const text = ReadableStream.from(['Proj', 'ect Night', 'jar, sk-7Gx2Vq8WzL', '0pTn4RcYd9.'])
      for await (const piece of text.pipeThrough(new TextGateStream({ plan }))) process.stdout.write(piece)`
    expect(await printed('compiled.js', code)).toBe('[internal], ')
  })
})

describe('the package', () => {
  test('exports what it has promised, and nothing by accident', async () => {
    const code = `for (const door of ['sluice', 'sluice/policy', 'sluice/judges', 'sluice/hono']) console.log(door, Object.keys(await import(door)).sort().join(' '))`
    expect(await printed('doors.js', code)).toMatchInlineSnapshot(`
      "sluice SluiceError TextGateStream createPlan defaultLimits dialectFor dialects guardExchange guardFetch guardResponse loadPlan
      sluice/policy PatternError PolicyError compileNumber compilePattern compilePolicy createPlan formatProblem loadPlan packPlan
      sluice/judges judgeAskers steady
      sluice/hono sluice
      "
    `)
  })

  test('declares what it has promised, types included', () => {
    const declared = (door: string) => {
      const text = readFileSync(join(project, 'node_modules/sluice/dist', door), 'utf8')
      const lists = [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list = '']) => list.split(','))
      const own = [...text.matchAll(/export (?:declare )?(?:function|class|const|interface|type) (\w+)/g)].map(([, name]) => name)
      return [...lists.map((name) => name.replace(/^\s*type\s/, '').trim()), ...own].filter(Boolean).sort().join(' ')
    }
    expect(['index.d.ts', 'policy/index.d.ts', 'judges/index.d.ts', 'hono.d.ts'].map(declared)).toMatchInlineSnapshot(`
      [
        "Answer AskJudge Choice Choose Counsel CountTokens ErrorCode ExchangeOptions Exit GuardFetchOptions GuardOptions Inquiry JudgeAskers JudgeDefinition Limits Observer Opinion Pipe Plan PlanDefinition Question ResponseGuard Rule RuleDefinition Settings SettingsDefinition SluiceError TextGateOptions TextGateStream Trail TrailPolicy TrailShadow WordsDefinition createPlan defaultLimits dialectFor dialects guardExchange guardFetch guardResponse loadPlan",
        "CompileOptions CompiledPolicy JudgeDefinition Localised PatternError PatternOptions PatternProgram PlanDefinition PolicyError PolicyTest Problem ReadFile RuleDefinition SettingsDefinition WordsDefinition compileNumber compilePattern compilePolicy createPlan formatProblem loadPlan packPlan",
        "Judge Means judgeAskers steady",
        "SluiceOptions sluice",
      ]
    `)
  })

  test('holds the compiled code, the policies and what a reader needs; no test, no service', () => {
    const strangers = made.files.filter((path) => !/^(dist|policies)\/|^(README\.md|LICENSE|package\.json)$/.test(path))
    expect(strangers).toEqual([])
    expect(made.files.filter((path) => /gateway|worker\.|cli\/de|tables\/generate/.test(path))).toEqual([])
    expect(made.files).toEqual(
      expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'dist/policy/index.js', 'dist/hono.js', 'dist/cli/main.js']),
    )
  })

  test.each(['nodenext', 'bundler'])('has types that hold under %s', async (resolution) => {
    writeFileSync(
      join(project, 'types.ts'),
      `import { createPlan, guardFetch, TextGateStream, type Plan, type RuleDefinition, type Trail } from 'sluice'
       import { sluice } from 'sluice/hono'
       import { judgeAskers, type Judge, type Means } from 'sluice/judges'
       import { compilePolicy } from 'sluice/policy'
       const rules: RuleDefinition[] = [{ id: 'a', words: { terms: ['b'] }, action: 'flag' }]
       const plan: Plan = createPlan({ rules })
       export const guarded: typeof fetch = guardFetch({ plan, onEnd: (trail: Trail) => trail.exit })
       export const texts: TransformStream<string, string> = new TextGateStream({ plan })
       export const means: Means = { variable: () => undefined }
       export const judges: readonly Judge[] = plan.judges
       export const guard: typeof fetch = guardFetch({ plan, judges: judgeAskers(judges, means) })
       export const middleware = sluice({ plan: () => plan })
       export const compile: unknown = compilePolicy
       // @ts-expect-error an action there is not
       createPlan({ rules: [{ id: 'a', words: { terms: ['b'] }, action: 'explode' }] })
       // @ts-expect-error a plan that no compiler made
       guardFetch({ plan: { rules: [] } })
       // @ts-expect-error the hook is told a trail
       sluice({ plan, onEnd: (trail: string) => trail })
       // @ts-expect-error it takes a document
       compilePolicy(1)
`,
    )
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const module = resolution === 'bundler' ? 'esnext' : 'nodenext'
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2023', '--lib', 'es2024,dom', '--types', '']
    const check = run(process.execPath, [tsc, ...options, '--module', module, '--moduleResolution', resolution, 'types.ts'], {
      cwd: project,
    })
    await expect(check.catch((error: { stdout: string }) => error.stdout)).resolves.toMatchObject({ stdout: '' })
  })
})
