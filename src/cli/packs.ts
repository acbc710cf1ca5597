/** The policies that come with Sluice, and those that stand beside a file: what it may extend by name. */
import { readdirSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CompileOptions } from '../policy/index.ts'

const folder = fileURLToPath(new URL('../../policies', import.meta.url))

export function surroundings(file: string): Required<Pick<CompileOptions, 'packs' | 'known'>> {
  // As one sees it from where one stands, so that problems in a pack are told with a path that can be followed.
  const packs = relative(process.cwd(), folder) || '.'
  return { packs, known: [...policiesIn(dirname(file)), ...policiesIn(packs)] }
}

function policiesIn(folder: string): string[] {
  try {
    return readdirSync(folder).flatMap((name) => (name.endsWith('.yaml') ? [name.slice(0, -'.yaml'.length)] : []))
  } catch {
    return []
  }
}
