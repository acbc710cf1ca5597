/** The line at which a cut ends its scope, through all its channels in their order of arrival. */
import type { Place } from './place.ts'
import type { Watch } from './watch.ts'

/** A position in a scope's order of arrival: so many units of the place with that index. */
interface Line {
  readonly index: number
  readonly units: number
}

/** The start of the earliest mask that lies across the line in any channel, as a line; masks are whole or not written. */
function maskAcross(places: readonly Place[], line: Line): Line | undefined {
  const checked = new Set<Watch>()
  let earliest: Line | undefined
  for (let index = line.index; index < places.length; index++) {
    const { watch, start, restates } = places[index] as Place
    if (watch === undefined || restates || checked.has(watch)) continue
    checked.add(watch)
    const offset = index === line.index ? start + line.units : start
    const maskStart = watch.masks.retreat(offset)
    if (maskStart === offset) continue
    const holder = places.findIndex((place) => place.watch === watch && place.start <= maskStart && maskStart < place.end)
    if (holder >= 0 && (earliest === undefined || holder < earliest.index)) {
      earliest = { index: holder, units: maskStart - (places[holder] as Place).start }
    }
  }
  return earliest
}

/** The tool call a place belongs to: its arguments, its name and its id are channels of their own, and leave together. */
export function callOf(channel: string): string {
  return channel.replace(/\/(?:name|id)$/, '')
}

/** The first place of a call that the line goes through, as a line; a call is whole or not at all. */
function callAcross(places: readonly Place[], line: Line): Line | undefined {
  const cut = new Set<string>()
  for (const { segment, watch } of places.slice(line.index)) if (watch?.channel.atomic) cut.add(callOf(segment.channel.name))
  if (cut.size === 0) return undefined
  const first = places.findIndex(({ segment, watch }) => watch?.channel.atomic && cut.has(callOf(segment.channel.name)))
  return first < line.index ? { index: first, units: 0 } : undefined
}

/**
 * Draws a cut's line through the places of its scope that have not left: from the first unit on that is not clear,
 * everything is taken out, in whatever channel it is. A mask across the line moves the line to its start.
 *
 * @param places in order of arrival.
 * @param refused the place of a text of its own that decided the cut.
 * @returns the place in which the line lies; undefined where nothing is taken out.
 */
export function drawLine(places: readonly Place[], refused: Place | undefined): Place | undefined {
  const first = places.findIndex((place) => place === refused || !place.settled)
  if (first < 0) return undefined
  let line: Line = { index: first, units: places[first] === refused ? 0 : (places[first] as Place).clearLength }
  const earlier = (from: Line): Line | undefined => callAcross(places, from) ?? maskAcross(places, from)
  for (let moved = earlier(line); moved !== undefined; moved = earlier(line)) line = moved
  for (const [index, place] of places.entries()) {
    if (index === line.index) place.kept = line.units
    else if (index > line.index) place.kept = 0
  }
  return places[line.index]
}
