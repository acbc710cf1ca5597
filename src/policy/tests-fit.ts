/** Tests that cannot be meant: of rules and judges that are not there, or do something else. */
import { saysOf } from '../judges/fields.ts'
import { answerSide } from '../terms/channel.ts'
import { nameAdvice, namesIn } from './across.ts'
import type { RuleDefinition } from './definition.ts'
import type { Path, PolicyDocument } from './document.ts'
import type { Stack } from './extend.ts'
import type { TestFile } from './schema.ts'
import { reservedIds } from './verify.ts'

const prompts = ['prompt', 'system'] as const

/** What a rule has to do for a test to expect it, in words; a rule that is asked about does what its judge agrees to. */
const deeds = {
  cut_by: { action: 'cut', does: 'cuts' },
  masked_by: { action: 'mask', does: 'masks' },
  flagged_by: { action: 'flag', does: 'flags' },
  blocked_by: { action: 'cut', does: 'refuses a prompt' },
} as const

type Deed = keyof typeof deeds

/** Problems are added to those of the policy's own document; tests of extended files are not run. */
export function fitTests(stack: Stack): void {
  const [document] = stack.documents
  if (document === undefined) return
  for (const [index, test] of (stack.file.tests ?? []).entries()) {
    if (test === undefined) continue
    const path = ['tests', index]
    texts(document, path, test)
    for (const deed of Object.keys(deeds) as Deed[]) rulesOf(stack, document, path, test, deed)
    judgesOf(stack, document, path, test)
  }
}

function texts(document: PolicyDocument, path: Path, test: TestFile): void {
  const [said, ...more] = answerSide.filter((name) => test[name] !== undefined)
  const asked = prompts.some((name) => test[name] !== undefined)
  if (said === undefined && !asked)
    document.problems.push(document.problem(path, 'value', 'this test has no text', 'give it an answer: or a prompt:'))
  for (const other of more)
    document.problems.push(
      document.problem([...path, other], 'key', `this test has two texts, ${said} and ${other}`, 'make two tests of it'),
    )
  if (test.blocked_by !== undefined && !asked)
    document.problems.push(
      document.problem(
        [...path, 'blocked_by'],
        'key',
        'blocked_by belongs to a prompt',
        'did you mean cut_by? what is cut is an answer',
      ),
    )
  if (test.cut_by !== undefined && said === undefined && asked)
    document.problems.push(
      document.problem(
        [...path, 'cut_by'],
        'key',
        'cut_by belongs to an answer',
        'did you mean blocked_by? what is cut in a prompt refuses it',
      ),
    )
}

function rulesOf({ rules, judges, documents }: Stack, document: PolicyDocument, path: Path, test: TestFile, deed: Deed): void {
  const given = test[deed]
  const written = namesIn(documents, 'id')
  for (const [index, id] of [given ?? []].flat().entries()) {
    const at = typeof given === 'string' ? [...path, deed] : [...path, deed, index]
    const rule = rules.get(id)?.definition
    // Limits cut as well, and judges that fail.
    const limit = deed !== 'masked_by' && (reservedIds.has(id) || judges.has(id))
    if (rule === undefined) {
      if (written.has(id) || limit) continue
      const advice = nameAdvice(id, [...written], 'rules', 'write the rule first')
      document.problems.push(document.problem(at, 'value', `there is no rule "${id}"`, advice))
    } else if (!does(rule, deed)) {
      const other = (Object.keys(deeds) as Deed[]).find((name) => does(rule, name))
      const unseen = deed === 'blocked_by' && other === 'cut_by'
      const advice =
        other === undefined
          ? 'expect another rule'
          : unseen
            ? 'give the rule channels: [prompt], or expect another'
            : `did you mean ${other}?`
      document.problems.push(document.problem(at, 'value', `rule "${id}" never ${deeds[deed].does}`, advice))
    }
  }
}

function does({ action, ask, channels, mode }: RuleDefinition, deed: Deed): boolean {
  const prompted = channels?.some((kind) => kind.startsWith('prompt')) === true
  if (deed === 'flagged_by' && mode === 'shadow' && action !== 'allow') return true
  if (deed === 'blocked_by' && !prompted) return false
  return (ask?.then ?? action) === deeds[deed].action
}

function judgesOf({ judges }: Stack, document: PolicyDocument, path: Path, { judge = {}, asked = [] }: TestFile): void {
  const names = [...judges.keys()]
  const unknown = (at: Path, part: 'key' | 'value', name: string) => {
    if (judges.has(name)) return
    const advice = nameAdvice(name, names, 'judges', 'define it under judges')
    document.problems.push(document.problem(at, part, `there is no judge "${name}"`, advice))
  }
  for (const [index, name] of asked.entries()) unknown([...path, 'asked', index], 'value', name)
  for (const [name, says] of Object.entries(judge)) {
    unknown([...path, 'judge', name], 'key', name)
    const definition = judges.get(name)?.definition
    if (definition === undefined || typeof says === 'string') continue
    const { categories } = saysOf(definition)
    for (const [index, opinion] of says.entries()) {
      const category = typeof opinion === 'string' ? opinion : opinion.category
      if (categories?.includes(category) !== false) continue
      const advice = nameAdvice(category, categories, 'categories', '')
      const at = [...path, 'judge', name, index, ...(typeof opinion === 'string' ? [] : ['category'])]
      document.problems.push(document.problem(at, 'value', `judge "${name}" has no category "${category}"`, advice))
    }
  }
}
