/** `sluice explain`: tells why a text is masked, cut or flagged, and by which words of which file. */
import { parseArgs } from 'node:util'
import { loadPlan, packPlan } from '../policy/index.ts'
import { type Channel, type ChannelKind, channelKinds } from '../terms/channel.ts'
import { type Command, exits, UsageError } from './command.ts'
import { explanationLines } from './explain-report.ts'
import { type Explanation, explainFindings, explainLifted } from './explanation.ts'
import { HeardText } from './heard-text.ts'
import { declare, judgingFrom, judgingUsage } from './judging.ts'
import { readRulebook, textFrom } from './policy-file.ts'

export const explain: Command = {
  usage: `sluice explain --policy FILE [--channel KIND] [--judges HOW] [--json] TEXT | INPUT

  --policy FILE    the policy file
  --channel KIND   what the text is: ${channelKinds.join(', ')}; answer unless given
${judgingUsage}
  --json           one object: {"policy","hash","input","channel","verdict","by","reads","cut_at","findings":[{"rule",
                   "action","mode","start","end","file","line","written","folded","terms"|"pattern"|"number"|"judge"}],
                   "lifted","inquiries"}

INPUT is a file of text, or - for standard input; what is no file's name is the text itself. Offsets are UTF-16 units.
After a cut nothing more is read, so what would have been found behind it is not told.

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
    const kind = channelOf(values.channel ?? 'answer')
    const judging = await judgingFrom(values.judges)
    const rulebook = await readRulebook(values.policy, terminal)
    const plan = loadPlan(packPlan(rulebook.policy))
    const { input, text } = await textFrom(given, terminal.input)
    const channel: Channel = { name: kind, scope: '0', kind, ...(kind === 'tool_input' && { json: true, atomic: true }) }
    const heard = new HeardText(plan, judging.askers(plan), channel)
    const reads = (await heard.push(text)) + (await heard.end())
    const { watch } = heard.gate
    const findings = watch.findings.list()
    const masked = findings.some(({ rule }) => plan.rules[rule]?.action === 'mask' && plan.rules[rule]?.mode === 'enforce')
    const cut = kind.startsWith('prompt') ? 'block' : 'cut'
    const explanation: Explanation = {
      policy: plan.name,
      hash: plan.hash,
      input,
      channel: kind,
      verdict: watch.cut !== undefined ? cut : masked || reads !== text ? 'mask' : 'clear',
      by: watch.cut?.by ?? [],
      reads,
      cut_at: watch.cut === undefined ? null : watch.clear,
      findings: explainFindings(rulebook, plan, text, findings),
      lifted: explainLifted(rulebook, text.slice(0, watch.cut?.decided), kind, findings),
      inquiries: heard.inquiries,
    }
    declare(plan, judging, terminal)
    if (values.json === true) await terminal.print(JSON.stringify(explanation))
    else for (const line of explanationLines(explanation, text, terminal)) await terminal.print(line)
    return exits.fine
  },
}

function channelOf(name: string): ChannelKind {
  const kind = channelKinds.find((one) => one === name)
  if (kind === undefined) throw new UsageError(`--channel takes ${channelKinds.join(', ')}, not "${name}"`)
  return kind
}
