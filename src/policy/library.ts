/** Fetches the files a policy leans on: beside it, below it or, for what it extends, among the packs; never from elsewhere. */
import { nearest } from './nearest.ts'
import { Source } from './problem.ts'

/**
 * Reads a file named relative to where the policy's own `file` counts from. Bytes are read as UTF-8 and refused if they are not.
 * Throws or rejects where there is none.
 */
export type ReadFile = (path: string) => string | Uint8Array | Promise<string | Uint8Array>

/** Longest word list, in UTF-16 units. */
const mostUnits = 16_777_216

/** A file that could not be had, in words for the author of the line that names it. */
export interface Missing {
  readonly message: string
  readonly advice: string
  /** It is not there, as far as the reader of files can tell; otherwise it is, and something is wrong with it. */
  readonly absent?: true
}

export type Found = Source | Missing

export class Library {
  readonly #readFile: ReadFile
  readonly #files = new Map<string, Promise<Found>>()

  readonly #packs: string | undefined
  readonly #known: readonly string[]

  constructor(readFile: ReadFile, packs?: string, known: readonly string[] = []) {
    this.#readFile = readFile
    this.#packs = packs?.replace(/[\\/]*$/, '/')
    this.#known = known
  }

  /** The policy of a name: beside the file `from`, and otherwise among the packs. A file that takes a pack's name may extend it. */
  async policy(from: string, name: string): Promise<Found> {
    const own = beside(from, `${name}.yaml`)
    const found = await this.open(from, `${name}.yaml`)
    const settled = found instanceof Source ? own !== from : found.absent === undefined
    if (this.#packs === undefined || settled) return this.#advised(found, name)
    const pack = await this.open(this.#packs, `${name}.yaml`)
    return pack instanceof Source ? pack : this.#advised(found, name)
  }

  #advised(found: Found, name: string): Found {
    if (found instanceof Source) return found
    const meant = nearest(name, this.#known)
    return meant === undefined ? found : { ...found, advice: `did you mean ${meant}?` }
  }

  /** The file at `path`, as seen from the file `from`. */
  open(from: string, path: string): Promise<Found> {
    const target = beside(from, path)
    if (target === undefined) {
      return Promise.resolve({
        message: `"${path}" is outside the policy's folder`,
        advice: 'move the file beside the policy or below it, and name it by a relative path with / between folders',
      })
    }
    let found = this.#files.get(target)
    if (found === undefined) {
      found = this.#read(target)
      this.#files.set(target, found)
    }
    return found
  }

  async #read(path: string): Promise<Found> {
    let content: string | Uint8Array
    try {
      content = await this.#readFile(path)
    } catch {
      return {
        absent: true,
        message: `${path} cannot be read`,
        advice: 'see that the file exists; paths count from the folder of the policy that names them',
      }
    }
    const text = typeof content === 'string' ? content : decode(content)
    if (text === undefined) return { message: `${path} is not UTF-8 text`, advice: 'save the file as UTF-8' }
    if (text.length > mostUnits)
      return { message: `${path} is longer than ${mostUnits} units`, advice: 'divide it among several rules' }
    return new Source(path, text.replace(/^\ufeff/, ''))
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The path of a file named from another; undefined where it is not in that file's folder or below. */
function beside(from: string, path: string): string | undefined {
  if (path.includes('\\') || path.includes('\0') || path.startsWith('/') || /^[A-Za-z][\w+.-]*:/.test(path)) return undefined
  const steps: string[] = []
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue
    if (step !== '..') steps.push(step)
    else if (steps.pop() === undefined) return undefined
  }
  if (steps.length === 0) return undefined
  return from.slice(0, Math.max(from.lastIndexOf('/'), from.lastIndexOf('\\')) + 1) + steps.join('/')
}
