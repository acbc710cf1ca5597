/** Before the tests in workerd: the policy is compiled where the Worker takes it from, and a provider is there to be asked. */
import type { TestProject } from 'vitest/node'
import { buildOpenaiModule } from '../../src/cli/openai-module.ts'
import { sluice } from '../../src/cli/sluice.ts'
import { standardTerminal } from '../../src/cli/terminal.ts'
import { startProvider } from './provider.ts'

declare module 'vitest' {
  interface ProvidedContext {
    provider: string
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const terminal = standardTerminal()
  const silent = { ...terminal, input: terminal.input, print: () => Promise.resolve() }
  const code = await sluice(['compile', 'policies/consumer-chat.yaml', '--out', '.wrangler/policy/bundled.plan'], silent)
  if (code !== 0) throw new Error('the default policy does not compile')
  await buildOpenaiModule()
  const provider = await startProvider()
  project.provide('provider', provider.url)
  return () => provider.close()
}
