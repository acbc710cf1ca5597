#!/usr/bin/env node
/** The `sluice` program: the process's arguments in, its exit code out. */
import { exits } from './command.ts'
import { sluice } from './sluice.ts'
import { standardTerminal } from './terminal.ts'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(`sluice needs Node 22.12 or newer; this is ${process.version}\n`)
  process.exitCode = exits.usage
} else process.exitCode = await sluice(process.argv.slice(2), standardTerminal())
