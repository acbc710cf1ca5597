/** Turns what the running service writes into lines a person can follow; the records have no text, so neither have these. */
import type { Trail } from '../../terms/trail.ts'

/** @returns the line to show; undefined for what nobody needs to see. */
export function shownLine(line: string): string | undefined {
  const record = recordIn(line)
  if (record === undefined) return isNoise(line) ? undefined : line
  switch (record['sluice']) {
    case 'trail':
      return trailLine(record as unknown as Trail)
    case 'policy_refused':
      return refusedLine(record)
    default:
      return `The service reports ${String(record['sluice'])}: ${String(record['detail'] ?? record['code'] ?? record['error'])}`
  }
}

function refusedLine({ name, part, detail }: Record<string, unknown>): string {
  const what = part === 'canary' ? 'The canary of' : part === 'shadow' ? 'What should look on beside' : 'What the store has for'
  return `${what} "${String(name)}" is refused, the policy before rules on: ${String(detail)}`
}

/** The service's own records stand on a line of their own, or behind wrangler's mark for errors. */
export function recordIn(line: string): Record<string, unknown> | undefined {
  const at = line.indexOf('{"sluice":')
  if (at < 0) return undefined
  try {
    return JSON.parse(line.slice(at)) as Record<string, unknown>
  } catch {
    return undefined
  }
}

/** Requests are told of by their trails. */
function isNoise(line: string): boolean {
  return line.trim() === '' || /^\[wrangler:info\]|^⎔/.test(line)
}

function trailLine(trail: Trail): string {
  const { verdict, exit, units, held, ms, cuts, faults, findings, policy, shadow, judges } = trail
  const by = [...new Set([...cuts.flatMap((cut) => cut.by), ...findings.map((finding) => finding.rule)])]
  const parts = [
    exit === 'done' ? verdict : `${verdict} (${exit.replace('_', ' ')})`,
    by.length > 0 ? `by ${by.join(', ')}` : '',
    `${units.released} of ${units.received} units sent`,
    held.max > 0 ? `at most ${held.max} held` : 'nothing held',
    policy.part === 'canary' ? `canary ${policy.hash.slice(0, 8)}` : '',
    shadow ? `in the shadow ${shadow.verdict} by ${shadow.policy.hash.slice(0, 8)}` : '',
    askedLine(judges),
    faults.map((fault) => `${fault.code}: ${fault.detail}`).join('; '),
    `${ms.total} ms`,
    trail.id,
  ]
  return parts.filter(Boolean).join(' · ')
}

/** @returns how often judges were asked, and how long that took; nothing where nobody was. */
function askedLine({ each }: Trail['judges']): string {
  return Object.entries(each)
    .map(
      ([name, { inquiries, waited_ms }]) => `asked ${name} ${inquiries === 1 ? 'once' : `${inquiries} times`}, ${waited_ms} ms`,
    )
    .join(', ')
}

/** As much of the health page as is told at the start. */
export interface Health {
  readonly upstream: string
  readonly judges?: Readonly<Record<string, Readonly<Record<string, 'ready' | 'rehearsal' | { readonly missing: string }>>>>
}

/** Who is asked; nothing where the policies have no judges. */
export function judgeLines({ judges = {} }: Health): string {
  const lines = Object.values(judges).flatMap((named) =>
    Object.entries(named).map(([name, state]) => {
      if (state === 'ready') return `${name}, which is set up`
      return state === 'rehearsal' ? `${name}: the rehearsal stands in for it, and knows two phrases` : state.missing
    }),
  )
  return lines.map((line, index) => `\n  ${index === 0 ? 'judges  ' : '        '}  ${line}`).join('')
}
