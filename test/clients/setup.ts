/** Starts what all files of the suite read from: the Worker as it is deployed, and the rehearsal behind it. */
import type { TestProject } from 'vitest/node'
import { startWorkerd } from '../node/workerd.ts'
import { plainArtifact } from '../sdk/cases.ts'
import { startUpstream } from './upstream.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly sluice: string
  }
}

export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const upstream = await startUpstream()
  const worker = await startWorkerd(
    {
      OPENAI_BASE_URL: `${upstream.url}/v1`,
      ANTHROPIC_BASE_URL: `${upstream.url}/v1`,
      GEMINI_BASE_URL: `${upstream.url}/v1beta`,
    },
    plainArtifact,
  ).catch((error: unknown) => {
    upstream.close()
    throw error
  })
  provide('sluice', worker.url)
  return async () => {
    await worker.stop()
    upstream.close()
  }
}
