/** `npm run dev`: the service on this machine, obeying the policy file as it is edited. */
import { parseArgs } from 'node:util'
import { unstable_readConfig as readWranglerConfig } from 'wrangler'
import { type CompiledPolicy, PolicyError } from '../policy/index.ts'
import { shownLine } from './dev-lines.ts'
import { compileFile, FolderWatch, openLocalStore, writeBundled } from './dev-policy.ts'
import { isTaken, StartError, startWorker } from './dev-worker.ts'

const usage = `npm run dev -- [--policy FILE] [--port NUMBER] [--pace NUMBER]

  --policy FILE   the policy that rules (policies/consumer-chat.yaml); edits rule the next request
  --port NUMBER   where to listen, instead of the port in wrangler.toml; 0 for any free one
  --pace NUMBER   factor on the pauses of the rehearsal's answers: 0 is at once, 2 is slow`

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Under this name the edited policy is in the local store, whatever it calls itself. */
const edited = 'dev'

async function main(): Promise<number> {
  const options = readOptions()
  if (options === undefined) return 2
  const { policy: file, port, host, pace } = options
  if (port !== 0 && (await isTaken(port, host))) {
    console.error(
      `Port ${port} on ${host} is taken, perhaps by another \`npm run dev\`. Stop that, or take another port:\n\n  npm run dev -- --port ${port + 1}`,
    )
    return 1
  }
  let edits: Edits | undefined
  const watched = new FolderWatch(() => edits?.look())
  const policy = await compileFile(file, (read) => watched.beside(read))
  await writeBundled(policy)
  const store = await openLocalStore()
  await store.put(`policies/${edited}`, policy)
  edits = new Edits(
    policy.hash,
    () => compileFile(file, (read) => watched.beside(read)),
    (next) => store.put(`policies/${edited}`, next),
  )
  // A keep-alive every second: only with a write does wrangler's proxy notice that the client left.
  const variables = { REHEARSAL: 'true', REHEARSAL_PACE: pace, POLICY: edited, POLICY_CACHE_SECONDS: 0, KEEP_ALIVE_MS: 1000 }
  const worker = await startWorker({ port, variables, onLine: (line) => show(shownLine(line)) })
  edits.look()
  await greet(worker.url, file, policy.hash)
  const code = await Promise.race([worker.gone, asked()])
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
      console.error(`${explain(error)}\n\nThe policy before rules on.`)
    }
  }

  async #takeIn(): Promise<CompiledPolicy> {
    const policy = await this.#compile()
    if (policy.hash !== this.#live) await this.#put(policy)
    return policy
  }
}

function readOptions(): { policy: string; port: number; host: string; pace: string } | undefined {
  const { dev } = readWranglerConfig({ config: 'wrangler.toml' })
  try {
    const { values } = parseArgs({
      options: { policy: { type: 'string' }, port: { type: 'string' }, pace: { type: 'string' }, help: { type: 'boolean' } },
    })
    const { policy = 'policies/consumer-chat.yaml', port = String(dev.port ?? 8787), pace = '1', help } = values
    const wrong = !/^\d{1,5}$/.test(port) || !/^\d+(\.\d+)?$/.test(pace)
    if (!help && !wrong) return { policy, port: Number(port), host: dev.ip, pace }
    console.error(usage)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
  }
  return undefined
}

async function greet(url: string, file: string, hash: string): Promise<void> {
  const { upstream } = (await (await fetch(`${url}/_sluice/health`)).json()) as { upstream: string }
  const question = {
    model: 'rehearsal',
    stream: true,
    messages: [{ role: 'user', content: 'Which card and address do you have on file?' }],
  }
  console.log(`
  policy    ${file} ${hash.slice(0, 8)}; what you change there rules the next request
  upstream  ${upstream === 'rehearsal' ? 'the rehearsal: scripted answers, no key needed; "help" lists them' : 'the one in OPENAI_BASE_URL'}

Sluice is at ${url}

curl -N ${url}/v1/chat/completions -H 'content-type: application/json' -d '${JSON.stringify(question)}'
`)
}

/** Resolves when a person or a program asks the process to end; what is not ready for that is left by leaving. */
function asked(): Promise<number> {
  return new Promise((resolve) => {
    for (const signal of endings) {
      process.removeAllListeners(signal)
      process.once(signal, () => resolve(0))
    }
  })
}

function show(line: string | undefined): void {
  if (line !== undefined) console.log(line)
}

function explain(error: unknown): string {
  if (error instanceof PolicyError || error instanceof StartError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

for (const signal of endings) process.once(signal, () => process.exit(0))
try {
  process.exitCode = await main()
} catch (error) {
  console.error(explain(error))
  process.exitCode = 1
}
