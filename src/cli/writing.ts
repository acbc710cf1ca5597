/** Writes a file whole: whoever reads it meanwhile gets the one before or this one, never half of either. */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CommandError } from './command.ts'

/** @throws CommandError `out_unwritable`. */
export async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  const draft = `${file}.${process.pid}`
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(draft, content)
    await rename(draft, file)
  } catch {
    throw new CommandError(`${file} cannot be written`, 'out_unwritable')
  }
}
