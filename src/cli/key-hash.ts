/** `sluice key-hash`: makes of a client's key the hash by which a route knows it. */
import { sha256 } from '../policy/hash.ts'
import { type Command, type ExitCode, exits, UsageError } from './command.ts'

export const keyHash: Command = {
  usage: `sluice key-hash < FILE

Reads a key from standard input and prints its SHA-256, for "key" in POLICY_ROUTES. Keys are not taken from the command
line, where other users of the machine could read them.`,

  async run(args, terminal): Promise<ExitCode> {
    // What stands there may be a key, and what parsers say of it would repeat it.
    if (args.length > 0) throw new UsageError('this takes no arguments: the key comes from standard input')
    const pieces: Uint8Array[] = []
    for await (const piece of terminal.input) pieces.push(piece)
    const key = Buffer.concat(pieces).toString().trim()
    if (key === '' || /\s/.test(key)) throw new UsageError('standard input has to be one key')
    await terminal.print(sha256(new TextEncoder().encode(key)))
    return exits.fine
  },
}
