/** `sluice key-hash`: makes of a client's key the hash by which a route knows it. */
import { parseArgs } from 'node:util'
import { sha256 } from '../policy/hash.ts'
import { type Command, type ExitCode, exits, UsageError } from './command.ts'

export const keyHash: Command = {
  usage: `sluice key-hash < FILE

Reads a key from standard input and prints its SHA-256, for "key" in POLICY_ROUTES. Keys are not taken from the command
line, where other users of the machine could read them.`,

  async run(args, terminal): Promise<ExitCode> {
    parseArgs({ args: [...args], options: {} })
    const pieces: Uint8Array[] = []
    for await (const piece of terminal.input) pieces.push(piece)
    const key = Buffer.concat(pieces).toString().trim()
    if (key === '' || /\s/.test(key)) throw new UsageError('standard input has to be one key')
    await terminal.print(sha256(new TextEncoder().encode(key)))
    return exits.fine
  },
}
