/** Shows what is in force in a store and what a push has changed. */
import { artifactKey, type Manifest } from '../../policy/manifest.ts'
import type { Terminal } from '../terminal.ts'
import { manifestOf, ruledNames, type WritableStore } from './push-store.ts'

const short = (hash: string): string => hash.slice(0, 12)

/** What rules under a name, and what is no longer tried there. */
export function manifestLines(name: string, { current, canary, shadow, previous }: Manifest, before?: Manifest): string[] {
  const ended = [
    ...(before?.canary && canary === undefined ? [`the canary ${short(before.canary.hash)} is over`] : []),
    ...(before?.shadow && shadow === undefined ? [`${short(before.shadow.hash)} no longer looks on`] : []),
  ]
  const lines = [
    `rules     ${current === undefined ? 'the bundled policy' : short(current)}`,
    ...(canary
      ? [
          `canary    ${short(canary.hash)}, ${Number((canary.share * 100).toPrecision(6))} % of ${canary.by === 'client' ? 'clients' : 'requests'}`,
        ]
      : []),
    ...(shadow ? [`shadow    ${short(shadow.hash)}`] : []),
    ...(previous.length > 0 ? [`before    ${previous.map(short).join(', ')}`] : []),
    ...ended.map((each) => `ended     ${each}`),
  ]
  return [name, ...lines.map((line) => `  ${line}`)]
}

export async function listPolicies(
  store: WritableStore,
  only: string | undefined,
  terminal: Terminal,
  json: boolean,
): Promise<void> {
  const names = only === undefined ? await ruledNames(store) : [only]
  const kept = (await store.list(artifactKey(''))).map(({ name, label }) => ({
    hash: name.slice(artifactKey('').length),
    ...label,
  }))
  const shown = new Set<string>()
  for (const name of names) {
    const manifest = await manifestOf(store, name)
    if (manifest === undefined) continue
    for (const hash of [manifest.current, manifest.canary?.hash, manifest.shadow?.hash]) if (hash) shown.add(hash)
    if (json) await terminal.print(JSON.stringify({ name, ...manifest, current: manifest.current ?? null }))
    else for (const line of manifestLines(name, manifest)) await terminal.print(line)
  }
  if (json) {
    for (const artifact of kept) await terminal.print(JSON.stringify(artifact))
    return
  }
  if (names.length === 0) await terminal.print(`${store.place} has no policies: the bundled one rules`)
  for (const { hash, name = '?', pushed = '' } of kept.sort((a, b) => (b.pushed ?? '').localeCompare(a.pushed ?? ''))) {
    await terminal.print(
      `${short(hash)}  ${pushed.slice(0, 16).replace('T', ' ')}  ${name}${shown.has(hash) ? '  in force' : ''}`,
    )
  }
}
