/** What a candidate's text must pass beyond its pattern, by the name a rule asks for it. */

export type CandidateCheck = (text: string) => boolean

const checks: ReadonlyMap<string, CandidateCheck> = new Map()

/** @throws RangeError for a name there is no check of. */
export function candidateCheck(name: string, among = checks): CandidateCheck {
  const found = among.get(name)
  if (!found) throw new RangeError(`there is no check called ${name}`)
  return found
}
