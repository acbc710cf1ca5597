/** `sluice explain`: tells why a text is masked, cut or flagged, and by which words of which file. */
import { parseArgs } from 'node:util'
import type { Rulebook } from '../../policy/compile.ts'
import { loadPlan, packPlan } from '../../policy/index.ts'
import { channelKinds } from '../../terms/channel.ts'
import type { JudgeAskers } from '../../terms/judge.ts'
import type { Plan } from '../../terms/plan.ts'
import { type Command, choice, exits, UsageError } from '../command.ts'
import { HeardText } from '../judging/heard-text.ts'
import { declare, judgingFrom, judgingUsage } from '../judging/judging.ts'
import { readRulebook } from '../policy-file.ts'
import { ruling } from '../replay/replay-record.ts'
import { type GivenText, textsOf } from '../texts.ts'
import { explanationLines } from './explain-report.ts'
import { type Explanation, explainFindings, explainLifted } from './explanation.ts'

export const explain: Command = {
  usage: `sluice explain --policy FILE [--channel KIND] [--judges HOW] [--json] TEXT | INPUT

  --policy FILE    the policy file
  --channel KIND   what the text is: ${channelKinds.join(', ')}; answer unless given
${judgingUsage}
  --json           one object a text: {"policy","hash","input","channel","verdict","by","reads","cut_at","findings":[{"rule",
                   "action","mode","start","end","file","line","written","folded","terms"|"pattern"|"number"|"judge"}],
                   "lifted","inquiries"}

INPUT is a file of text, - for standard input, rows of texts (.jsonl), or a recorded response (.sse, .json …), of which
each channel is explained by itself; what is no file's name is the text. Offsets are UTF-16 units. After a cut nothing
more is read, so what would have been found behind it is not told.

Exits with 0, whatever was found.`,

  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        policy: { type: 'string' },
        channel: { type: 'string' },
        judges: { type: 'string' },
        json: { type: 'boolean' },
      },
      allowPositionals: true,
    })
    if (values.policy === undefined) throw new UsageError('name a policy with --policy FILE')
    const [given, ...more] = positionals
    if (given === undefined || more.length > 0)
      throw new UsageError('give one text in quotes, the name of a file with it, or - for standard input')
    const kind = choice('--channel', values.channel ?? 'answer', channelKinds)
    const judging = await judgingFrom(values.judges)
    const rulebook = await readRulebook(values.policy, terminal)
    const plan = loadPlan(packPlan(rulebook.policy))
    const askers = judging.askers(plan)
    declare(plan, judging, terminal)
    for await (const one of textsOf(given, kind, terminal.input)) {
      const explanation = await explained(rulebook, plan, one, askers)
      if (values.json === true) await terminal.print(JSON.stringify(explanation))
      else for (const line of explanationLines(explanation, one.text, terminal)) await terminal.print(line)
    }
    return exits.fine
  },
}

async function explained(
  rulebook: Rulebook,
  plan: Plan,
  { input, channel, text }: GivenText,
  askers: JudgeAskers,
): Promise<Explanation> {
  const heard = new HeardText(plan, askers, channel)
  const reads = (await heard.push(text)) + (await heard.end())
  const { watch } = heard.gate
  const findings = watch.findings.list()
  const found = findings.flatMap(({ rule }) => plan.rules[rule]?.id ?? [])
  const { verdict, by } = ruling(plan, found, watch.cut?.by, { broken: [], judged: [] })
  const cut = channel.kind.startsWith('prompt') ? 'block' : 'cut'
  return {
    policy: plan.name,
    hash: plan.hash,
    input,
    channel: channel.name,
    verdict: verdict === 'cut' ? cut : verdict === 'mask' || reads !== text ? 'mask' : 'clear',
    by,
    reads,
    cut_at: watch.cut === undefined ? null : watch.clear,
    findings: explainFindings(rulebook, plan, text, findings),
    lifted: explainLifted(rulebook, text.slice(0, watch.cut?.decided), channel.kind, findings),
    inquiries: heard.inquiries,
  }
}
