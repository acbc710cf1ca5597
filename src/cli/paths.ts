/** Expands the patterns of file names that a shell has left alone: in quotes, and on Windows always. */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError } from './command.ts'

const special = /[*?[{]/

/**
 * The files that arguments name, each once, those of a pattern in alphabetical order: `*` and `?` inside a name, `[a-z]`,
 * `{a,b}`, and `**` for any folders. A file that is called like a pattern is that file; `-` stays `-`.
 *
 * @throws CommandError `no_match` for a pattern that nothing matches.
 */
export async function filesFrom(args: readonly string[]): Promise<string[]> {
  const files = new Set<string>()
  for (const arg of args) {
    if (!special.test(arg) || existsSync(arg)) files.add(arg)
    else {
      const found = (await Promise.all(alternatives(slashed(arg)).map(matching))).flat()
      if (found.length === 0) throw new CommandError(`${arg}: no file is called like that`, 'no_match')
      for (const file of found.sort()) files.add(file)
    }
  }
  return [...files]
}

/** Only Windows writes folders with `\\`; elsewhere it may be part of a name. */
function slashed(pattern: string): string {
  return process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern
}

/** `{a,b}` as the patterns it stands for. */
function alternatives(pattern: string): string[] {
  const group = /\{([^{}]*)\}/.exec(pattern)
  if (group?.[1] === undefined) return [pattern]
  const [before, after] = [pattern.slice(0, group.index), pattern.slice(group.index + group[0].length)]
  return group[1].split(',').flatMap((one) => alternatives(before + one + after))
}

async function matching(pattern: string): Promise<string[]> {
  if (!special.test(pattern)) return existsSync(pattern) ? [pattern] : []
  const [, root = '', rest = ''] = /^(\/|[A-Za-z]:\/)?(.*)$/s.exec(pattern) ?? []
  return await walk(root, rest.split('/'))
}

async function walk(folder: string, [step = '', ...steps]: readonly string[]): Promise<string[]> {
  if (step === '') return []
  const last = steps.length === 0
  if (step !== '**' && !special.test(step)) {
    const path = join(folder, step)
    if (!existsSync(path)) return []
    return last ? [path] : await walk(path, steps)
  }
  const entries = await readdir(folder === '' ? '.' : folder, { withFileTypes: true }).catch(() => [])
  if (step === '**') {
    const below = entries.filter((entry) => entry.isDirectory() && !hidden(entry.name) && entry.name !== 'node_modules')
    const deeper = await Promise.all(below.map(({ name }) => walk(join(folder, name), [step, ...steps])))
    return [...(last ? await walk(folder, ['*']) : await walk(folder, steps)), ...deeper.flat()]
  }
  const form = formOf(step)
  const named = entries.filter(({ name }) => form.test(name) && (!hidden(name) || step.startsWith('.')))
  if (last) return named.filter((entry) => !entry.isDirectory()).map(({ name }) => join(folder, name))
  return (await Promise.all(named.map(({ name }) => walk(join(folder, name), steps)))).flat()
}

function hidden(name: string): boolean {
  return name.startsWith('.')
}

function formOf(step: string): RegExp {
  const source = step.replace(/\[!?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === '*') return '.*'
    if (part === '?') return '.'
    if (part.length > 2)
      return `[${part[1] === '!' ? '^' : ''}${part.slice(part[1] === '!' ? 2 : 1, -1).replace(/[\\[^]/g, '\\$&')}]`
    return part.replace(/[.+^$()|{}\\[\]]/g, '\\$&')
  })
  return new RegExp(`^${source}$`, 'su')
}
