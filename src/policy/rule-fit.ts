/** What each field of a rule allows for itself, but not together. */
import type { Path, PolicyDocument } from './document.ts'
import type { RuleFile } from './schema.ts'
import { replacementProblems, reservedIds } from './verify.ts'

type Say = (field: string, part: 'key' | 'value', message: string, advice: string) => void

const checks = ['words', 'pattern', 'number', 'judge'] as const

/** Problems are added to the document's. */
export function fitTogether(document: PolicyDocument, rule: RuleFile, path: Path): void {
  const say: Say = (field, part, message, advice) =>
    document.problems.push(document.problem([...path, field], part, message, advice))
  if (reservedIds.has(rule.id)) say('id', 'value', `"${rule.id}" is the name of a limit`, 'choose another id')
  const [check, ...others] = checks.filter((name) => rule[name] !== undefined)
  if (check === undefined) {
    const advice = "give it a check: words: { terms: [ … ] }, pattern: '…', number: payment_card or judge: NAME"
    say('id', 'value', `rule "${rule.id}" looks for nothing`, advice)
  }
  for (const other of others) {
    const advice =
      other === 'judge'
        ? 'to put only what is found to the judge: action: ask and ask: { judge, where, then }; else make two rules of it'
        : 'make two rules of it'
    say(other, 'key', `rule "${rule.id}" has two checks, ${check} and ${other}`, advice)
  }
  if (rule.most !== undefined && rule.pattern === undefined) say('most', 'key', 'most belongs to pattern', 'remove it')
  judgement(rule, others.length === 0 ? check : undefined, say)
  allowance(rule, say)
  replacement(rule, say)
}

/** What goes with judges. */
function judgement({ action, ask, judge, where }: RuleFile, check: string | undefined, say: Say): void {
  if (action === 'ask') {
    if (check === 'judge') {
      const advice = 'choose mask, cut or flag; or give the rule words, a pattern or a number, and name the judge inside ask'
      say('action', 'value', 'a judge that sees for itself is not asked', advice)
    } else if (ask === undefined)
      say(
        'action',
        'value',
        'action: ask needs ask, which judge decides and what then',
        'add ask: { judge: NAME, where: { category: … }, then: cut }',
      )
  } else if (ask !== undefined)
    say(
      'ask',
      'key',
      `ask goes with action: ask, not with action: ${action}`,
      `make the action ask, and say then: ${action === 'allow' ? 'flag' : action} inside ask`,
    )
  if (where !== undefined && judge === undefined) {
    const advice = action === 'ask' || ask !== undefined ? 'write it inside ask' : 'add judge: NAME, or remove it'
    say('where', 'key', 'where belongs to judge', advice)
  }
}

/** What goes with `action: allow`; which names it may lift is told once all files are there. */
function allowance({ action, lifts, judge, words }: RuleFile, say: Say): void {
  if (action !== 'allow') {
    if (lifts !== undefined) say('lifts', 'key', 'lifts belongs to action: allow', 'make the action allow, or remove it')
    return
  }
  if (lifts === undefined)
    say(
      'action',
      'value',
      'action: allow needs lifts, the rules whose findings it makes void',
      'add lifts: [ … ] with ids or tags of rules',
    )
  if (judge !== undefined) say('action', 'value', 'a judge cannot allow', 'give the rule words, a pattern or a number')
  if (words?.except !== undefined)
    say('words', 'value', 'except lifts findings, and an allowance has none', 'remove except; list only what is to be allowed')
}

/** What stands in place of what is masked. */
function replacement({ action, ask, with: given }: RuleFile, say: Say): void {
  const done = ask?.then ?? action
  for (const message of replacementProblems(done, given)) {
    if (given === undefined && action === 'ask')
      say(
        'ask',
        'key',
        'then: mask needs with, the text that stands in place of what is masked',
        'add one beside ask, such as with: "***"',
      )
    else if (given === undefined) say('action', 'value', message, 'add one, such as with: "***"')
    else if (done === 'mask') say('with', 'value', message, 'write the text that is to stand in place of what is masked')
    else say('with', 'key', message, action === 'ask' ? 'remove it, or say then: mask' : 'remove it, or make the action mask')
  }
}
