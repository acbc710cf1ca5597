/** Before the tests in workerd: the policy is compiled where the Worker takes it from, and a provider is there to be asked. */
import type { TestProject } from 'vitest/node'
import { compileFile, writeBundled } from '../../src/cli/dev-policy.ts'
import { startProvider } from './provider.ts'

declare module 'vitest' {
  interface ProvidedContext {
    provider: string
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await writeBundled(await compileFile('policies/consumer-chat.yaml', () => {}))
  const provider = await startProvider()
  project.provide('provider', provider.url)
  return () => provider.close()
}
