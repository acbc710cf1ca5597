/** How a rule's `number:` is written in a policy. */
import * as v from 'valibot'
import { numberNames } from './numbers.ts'

export const numberSchema = v.pipe(
  v.picklist(numberNames, (issue) => `there is no number called ${String(issue.input)}; known are ${numberNames.join(', ')}`),
  v.description('A number or code of a known form, with its checksum where it has one.'),
)
