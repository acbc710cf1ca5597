/** Fetches the files a policy leans on: beside it or below it, never from elsewhere. */
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
}

export type Found = Source | Missing

export class Library {
  readonly #readFile: ReadFile
  readonly #files = new Map<string, Promise<Found>>()

  constructor(readFile: ReadFile) {
    this.#readFile = readFile
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
