/** Every string of a stream by the place where it stands, found without knowing what any of it means. */

export interface Leaf {
  /** `choices[0].delta.content`: list positions stand for themselves only where they are a choice's or a call's index. */
  readonly path: string
  readonly text: string
}

type Fields = Record<string, unknown>

/** The data of each event; the sentinel and comments are left out. */
export function eventsOf(bytes: Uint8Array): Fields[] {
  const blocks = new TextDecoder('utf-8', { fatal: true }).decode(bytes).split(/(?:\r\n|\n|\r(?!\n)){2}/)
  return blocks.flatMap((block) => {
    const lines = block.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data:'))
    const data = lines.map((line) => line.slice(5).trimStart()).join('\n')
    return data === '' || data === '[DONE]' ? [] : [JSON.parse(data) as Fields]
  })
}

export function leavesOf(value: unknown, path = ''): Leaf[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (typeof value !== 'object' || value === null) return []
  if (!Array.isArray(value))
    return Object.entries(value).flatMap(([key, member]) => leavesOf(member, path === '' ? key : `${path}.${key}`))
  return value.flatMap((member: unknown) => {
    const index = (member as Fields | null)?.['index']
    return leavesOf(member, `${path}[${typeof index === 'number' ? index : ''}]`)
  })
}
