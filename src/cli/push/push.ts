/** `sluice push`: changes which policies rule without a deploy, tries the next one on a share or in the shadow, and rolls back. */
import { parseArgs } from 'node:util'
import { type Problem, packPlan } from '../../policy/index.ts'
import { type Manifest, settled } from '../../policy/manifest.ts'
import { type Command, CommandError, type ExitCode, exits, UsageError } from '../command.ts'
import { filesFrom } from '../paths.ts'
import { type PolicySource, readArtifact, readPolicy, shownProblem } from '../policy-file.ts'
import type { Terminal } from '../terminal.ts'
import { testsHold } from '../testing/test.ts'
import { openStore, type StoreOptions } from './push-place.ts'
import {
  type Artifact,
  artifactIn,
  findArtifact,
  manifestOf,
  putArtifact,
  putManifest,
  type WritableStore,
} from './push-store.ts'
import { listPolicies, manifestLines } from './push-view.ts'
import { readWish, type Wish } from './push-wish.ts'

export const push: Command = {
  usage: `sluice push [--as NAME] [--canary SHARE [--by client|request] | --shadow] POLICY…
sluice push --as NAME --rollback HASH|previous|bundled
sluice push --as NAME --end
sluice push --list

Puts policies (YAML or compiled) into the key-value store from which the Worker takes them: new requests obey within
POLICY_CACHE_SECONDS and the store's own delay (about a minute), running answers keep the policy they began with. The
policy's tests are run before.

  --as NAME        under which name it rules: POLICY of the Worker, or what a route names; the policy's own unless given
  --canary SHARE   it rules a share only, such as 5%; the rest stays as it is
  --by WHAT        the share is drawn by client (by its key, always alike; the default) or by request
  --shadow         it rules nobody: what it would have done is in the trail beside what was done
  --end            ends canary and shadow
  --rollback HASH  what ruled before rules again: the beginning of its hash, "previous", or "bundled" for the deployed one
  --untested       pushes a policy although one of its tests fails
  --list           what is in force, what was before, and what is kept
  --local          the local store, which a Worker that runs on this machine reads; else the one of deployed Workers
  --state FOLDER   with --local: where it is kept (.wrangler/state)
  --config FILE    wrangler's configuration (wrangler.toml)
  --binding NAME   the store's name there (POLICIES)
  --namespace ID   the store's id, where there is no configuration to take it from
  --json           one object a line

The deployed store is reached over Cloudflare's API with CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID or, without them,
through wrangler and its login. Exits with 1 if something is wrong; what was in force stays then.`,

  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        as: { type: 'string' },
        canary: { type: 'string' },
        by: { type: 'string' },
        shadow: { type: 'boolean' },
        end: { type: 'boolean' },
        rollback: { type: 'string' },
        list: { type: 'boolean' },
        local: { type: 'boolean' },
        state: { type: 'string' },
        config: { type: 'string' },
        binding: { type: 'string' },
        namespace: { type: 'string' },
        untested: { type: 'boolean' },
        json: { type: 'boolean' },
      },
      allowPositionals: true,
    })
    const wish = readWish(values, positionals)
    // What is wrong with a policy is told before anything is asked of the store.
    const artifacts: Artifact[] = []
    const warned = (warning: Problem): void => terminal.complain(`${shownProblem(warning, terminal)}\n`)
    for (const file of await filesFrom(positionals)) {
      const source = file.endsWith('.plan') ? undefined : await readPolicy(file, terminal, warned)
      const artifact = artifactIn(source === undefined ? await readArtifact(file, terminal) : packPlan(source.policy))
      // The later one would rule, and the other would be what ruled before.
      if (artifacts.some(({ name }) => name === artifact.name)) throw new UsageError(`two policies are called ${artifact.name}`)
      artifacts.push(artifact)
      if (!values.untested && source !== undefined) await demandTests(source, terminal)
    }
    const store = await openStore(values as StoreOptions)
    try {
      await act({ store, terminal, json: values.json === true }, wish, artifacts)
    } finally {
      await store.close()
    }
    return exits.fine
  },
}

/** @throws CommandError `tests_failed` where a test of the policy does not hold. */
async function demandTests(source: PolicySource, terminal: Terminal): Promise<void> {
  const lines: string[] = []
  const quiet = Object.create(terminal, { print: { value: async (line: string) => void lines.push(line) } }) as Terminal
  if (await testsHold(source, quiet)) return
  for (const line of lines) terminal.complain(line)
  throw new CommandError(
    `${source.file}: nothing was pushed, because a test does not hold; --untested pushes it all the same`,
    'tests_failed',
  )
}

interface Desk {
  readonly store: WritableStore
  readonly terminal: Terminal
  readonly json: boolean
}

async function act(desk: Desk, wish: Wish, artifacts: readonly Artifact[]): Promise<void> {
  const { store, terminal, json } = desk
  if (wish.kind === 'list') return await listPolicies(store, wish.name, terminal, json)
  if (wish.kind === 'rollback' || wish.kind === 'end') {
    const before = await manifestOf(store, wish.name)
    if (before === undefined)
      throw new CommandError(`${store.place} has nothing that rules as "${wish.name}"`, 'nothing_in_force')
    const { canary: _canary, shadow: _shadow, ...rest } = before
    const next = wish.kind === 'end' ? rest : settled(before, await rolledBack(store, before, wish.to))
    return await change(desk, wish.name, before, next)
  }
  for (const artifact of artifacts) {
    const name = wish.name ?? artifact.name
    const before = await manifestOf(store, name)
    await putArtifact(store, artifact)
    await change(desk, name, before, manifestAfter(wish, before, artifact.hash))
  }
}

function manifestAfter(
  wish: Extract<Wish, { kind: 'current' | 'shadow' | 'canary' }>,
  before: Manifest | undefined,
  hash: string,
): Manifest {
  const kept = before ?? { current: undefined, previous: [] }
  if (wish.kind === 'canary') return { ...kept, canary: { hash, share: wish.share, by: wish.by } }
  if (wish.kind === 'shadow') return { ...kept, shadow: { hash } }
  return settled(before, hash)
}

async function rolledBack(store: WritableStore, { previous }: Manifest, to: string): Promise<string | undefined> {
  if (to === 'bundled') return undefined
  if (to !== 'previous') return await findArtifact(store, to)
  const [latest] = previous
  if (latest === undefined)
    throw new CommandError('nothing of the store has ruled before; "bundled" is the deployed policy', 'nothing_in_force')
  return await findArtifact(store, latest)
}

async function change(
  { store, terminal, json }: Desk,
  name: string,
  before: Manifest | undefined,
  next: Manifest,
): Promise<void> {
  await putManifest(store, name, next)
  if (json) await terminal.print(JSON.stringify({ name, ...next, current: next.current ?? null }))
  else for (const line of manifestLines(name, next, before)) await terminal.print(line)
}
