#!/usr/bin/env node
/** The `sluice` program: the process's arguments in, its exit code out. */
import { sluice } from './sluice.ts'
import { standardTerminal } from './terminal.ts'

process.exitCode = await sluice(process.argv.slice(2), standardTerminal())
