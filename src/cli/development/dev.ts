/** `npm run dev`: the service on this machine, obeying the policy file as it is edited. */
import { parseArgs } from 'node:util'
import { type CompiledPolicy, PolicyError } from '../../policy/index.ts'
import { CommandError, exits, UsageError } from '../command.ts'
import { compileFile, shownProblem } from '../policy-file.ts'
import { standardTerminal } from '../terminal.ts'
import { type Health, judgeLines, shownLine } from './dev-lines.ts'
import { configuredAddress, FolderWatch, openLocalStore } from './dev-policy.ts'
import { isTaken, StartError, startWorker } from './dev-worker.ts'

const usage = `npm run dev -- [--policy FILE] [--port NUMBER] [--pace NUMBER] [--state FOLDER]

  --policy FILE   the policy that rules (policies/consumer-chat.yaml); edits rule the next request
  --port NUMBER   where to listen, instead of the port in wrangler.toml; 0 for any free one
  --pace NUMBER   factor on the pauses of the rehearsal's answers: 0 is at once, 2 is slow
  --state FOLDER  where the local store is kept (.wrangler/state)`

const terminal = standardTerminal()

/** Under this name the edited policy is in the local store, whatever it calls itself. */
const edited = 'dev'

async function main(): Promise<number> {
  const options = readOptions()
  if (typeof options === 'number') return options
  const { policy: file, pace, state } = options
  let edits: Edits | undefined
  const watched = new FolderWatch(() => edits?.look())
  const compile = (): Promise<CompiledPolicy> =>
    compileFile(
      file,
      (problem) => terminal.complain(`${shownProblem(problem, terminal)}\n`),
      (read) => watched.beside(read),
    )
  // First of all, and before anything heavy is loaded: on a broken policy nothing starts.
  const policy = await compile()
  const { port: usual, ip } = await configuredAddress()
  const port = options.port ?? usual
  if (port !== 0 && (await isTaken(port, ip))) {
    const other = `npm run dev -- --port ${port + 1}`
    terminal.complain(
      `Port ${port} on ${ip} is taken, perhaps by another \`npm run dev\`. Stop that, or take another port:\n\n  ${other}`,
    )
    return 1
  }
  // A keep-alive every second: only with a write does wrangler's proxy notice that the client left.
  const variables = { REHEARSAL: 'true', REHEARSAL_PACE: pace, POLICY: edited, POLICY_CACHE_SECONDS: 0, KEEP_ALIVE_MS: 1000 }
  const [store, worker] = await Promise.all([
    openLocalStore(state),
    startWorker({ port, variables, state, onLine: (line) => show(shownLine(line)) }),
  ])
  const put = (next: CompiledPolicy): Promise<void> => store.rule(edited, next)
  await put(policy)
  edits = new Edits(policy.hash, compile, put)
  edits.look()
  await greet(worker.url, file, policy.hash)
  const code = await Promise.race([worker.gone.then(() => 1), asked()])
  if (code !== 0) terminal.complain('The service has ended by itself.')
  watched.close()
  await worker.stop()
  await store.close()
  return code
}

/** Takes the policy's edits into force one after the other, and tells what became of each. */
class Edits {
  #live: string
  readonly #compile: () => Promise<CompiledPolicy>
  readonly #put: (policy: CompiledPolicy) => Promise<void>
  #broken = false
  #last: Promise<void> = Promise.resolve()

  constructor(live: string, compile: () => Promise<CompiledPolicy>, put: (policy: CompiledPolicy) => Promise<void>) {
    this.#live = live
    this.#compile = compile
    this.#put = put
  }

  look(): void {
    this.#last = this.#last.then(() => this.#take())
  }

  async #take(): Promise<void> {
    try {
      const { name, hash } = await this.#takeIn()
      if (hash !== this.#live) console.log(`The policy has changed: ${name} ${hash.slice(0, 8)} rules from the next request on.`)
      else if (this.#broken) console.log(`The policy is in order again: ${name} ${hash.slice(0, 8)} rules on.`)
      this.#live = hash
      this.#broken = false
    } catch (error) {
      this.#broken = true
      terminal.complain(`${explain(error)}\n\nThe policy before rules on.`)
    }
  }

  async #takeIn(): Promise<CompiledPolicy> {
    const policy = await this.#compile()
    if (policy.hash !== this.#live) await this.#put(policy)
    return policy
  }
}

interface Options {
  readonly policy: string
  /** Undefined: the one in wrangler.toml. */
  readonly port: number | undefined
  readonly pace: string
  readonly state: string
}

/** @returns the code to end with where there is nothing to start. */
function readOptions(): Options | number {
  try {
    const { values } = parseArgs({
      options: {
        policy: { type: 'string', default: 'policies/consumer-chat.yaml' },
        port: { type: 'string' },
        pace: { type: 'string', default: '1' },
        state: { type: 'string', default: '.wrangler/state' },
        help: { type: 'boolean' },
      },
    })
    const { policy, port, pace, state, help } = values
    if (help) {
      console.log(usage)
      return exits.fine
    }
    if (!/^\d{1,5}$/.test(port ?? '0') || Number(port ?? '0') > 65_535) throw new UsageError(`"${port}" is no port`)
    if (!/^\d+(\.\d+)?$/.test(pace)) throw new UsageError(`"${pace}" is no pace`)
    return { policy, port: port === undefined ? undefined : Number(port), pace, state }
  } catch (error) {
    terminal.complain(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return exits.usage
  }
}

/** The health page does not say whose addresses are there; with a variable that is wrong it says nothing else. */
function configured({ upstream }: Health): string {
  return upstream === 'configured'
    ? 'what OPENAI_BASE_URL, ANTHROPIC_BASE_URL and GEMINI_BASE_URL name, each for its protocol'
    : 'none: the service is not configured as it should be'
}

async function greet(url: string, file: string, hash: string): Promise<void> {
  const health = (await (await fetch(`${url}/_sluice/health`)).json()) as Health
  const rehearsal = health.upstream === 'rehearsal'
  const content = 'Which card and address do you have on file?'
  const question = JSON.stringify({
    model: rehearsal ? 'rehearsal' : 'YOUR-MODEL',
    stream: true,
    messages: [{ role: 'user', content }],
  })
  console.log(`
  policy    ${file} ${hash.slice(0, 8)}; what you change there rules the next request
  upstream  ${rehearsal ? 'the rehearsal: scripted answers, no key needed; "help" lists them' : configured(health)}${judgeLines(health)}

Sluice is at ${url}

curl -N ${url}/v1/chat/completions -H 'content-type: application/json' -d '${question}'
`)
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** What is done when the process is told to end: at first there is nothing to put away. */
let end = (): void => process.exit(0)

/** A signal ends the process, and so does the end of npm, which passes on no signal to what it runs. */
function listenForTheEnd(): void {
  for (const signal of signals) process.on(signal, () => end())
  const parent = process.ppid
  if (process.env['npm_lifecycle_event'] === undefined) return
  setInterval(() => {
    if (process.ppid !== parent) end()
  }, 500).unref()
}

function asked(): Promise<0> {
  return new Promise((resolve) => {
    end = () => resolve(0)
    for (const signal of signals) {
      // The local store has listeners of its own, which would leave at once and let the service stand.
      process.removeAllListeners(signal)
      process.on(signal, () => end())
    }
  })
}

function show(line: string | undefined): void {
  if (line !== undefined) console.log(line)
}

function explain(error: unknown): string {
  if (error instanceof PolicyError) return error.problems.map((problem) => shownProblem(problem, terminal)).join('\n\n')
  if (error instanceof StartError || error instanceof CommandError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

listenForTheEnd()
try {
  process.exit(await main())
} catch (error) {
  terminal.complain(explain(error))
  process.exit(1)
}
