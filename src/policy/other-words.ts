/** Words that people bring along from other tools, and how the same is said here. */

import { otherKinds } from '../judges/fields.ts'

type Advice = Readonly<Record<string, string>>

function all(words: string, advice: string): Advice {
  return Object.fromEntries(words.split(' ').map((word) => [word, advice]))
}

const note = 'write notes as comments, after a #'
const whichRule = 'who reads text is said rule by rule: give each rule its channels: [ … ]'

const mediaWords = {
  ...all('allow keep forward', 'did you mean pass? '),
  ...all('hide remove strip redact', 'did you mean drop? '),
  ...all('block stop', 'did you mean cut? '),
}

/** Keys, by the part of the file in which somebody writes them. */
export const otherKeys: Readonly<Record<string, Advice>> = {
  policy: {
    ...all('description desc comment notes about', note),
    ...all('$schema', 'write it as a comment: # yaml-language-server: $schema=./policy.schema.json'),
    ...all('version apiVersion schema', 'remove it; a policy is known by its name and by a hash of what it says'),
    ...all('title id', 'did you mean name?'),
    ...all('include includes import imports inherit inherits base bases parent packs', 'did you mean extends?'),
    ...all('models moderation providers llm guards', 'did you mean judges?'),
    ...all('notice', 'did you mean on_cut: { notice: … }?'),
    ...all('message', 'did you mean on_block: { message: … }?'),
    ...all('settings options config', 'remove it, and write what stands below it one step to the left'),
    ...all('on_fault on_error timeout timeout_ms', 'each judge has its own: write it in its entry under judges'),
    ...all('lists words patterns blocklist denylist', 'give the terms to a rule: words: { terms: [ … ] } or { list: … }'),
    ...all('channels', whichRule),
    ...all('shadow dry_run dryrun', 'did you mean mode: shadow?'),
    ...all('enabled', 'a policy that is there is on; mode: shadow makes it find and record only'),
  },
  rule: {
    ...all('description desc comment notes note reason about', note),
    ...all('name title key', 'did you mean id?'),
    ...all('regex regexp re regular_expression match matches', 'did you mean pattern?'),
    ...all('keyword keywords phrases word blocklist denylist', 'did you mean words: { terms: [ … ] }?'),
    ...all('file wordlist', 'did you mean words: { list: … }?'),
    ...all('replacement replace replace_with substitute mask_with redact_with', 'did you mean with?'),
    ...all('type kind detector entity pii', 'a rule is of the kind of its check: words, pattern, number or judge'),
    ...all('threshold score min_score confidence', 'did you mean where: { at_least: … }, beside judge?'),
    ...all('exceptions exclude excludes ignore whitelist allowlist', 'did you mean words: { except: [ … ] }?'),
    ...all('scope on in applies_to apply_to target targets direction', 'did you mean channels?'),
    ...all('enabled disabled active', 'a rule that is there is on; mode: shadow makes it find and record only'),
    ...all('shadow dry_run dryrun', 'did you mean mode: shadow?'),
    ...all('flags', 'write (?i) at the start of the pattern to make case not matter'),
    ...all('case_sensitive', 'did you mean words: { fold: none }? fold: case makes case not matter'),
    ...all('ignore_case case_insensitive', 'did you mean words: { fold: case }? a pattern takes (?i) at its start'),
    ...all('whole_word whole_words word_boundary', 'did you mean words: { boundary: word }?'),
    ...all('message notice', 'what the reader is told is the same for all rules: on_cut: { notice: … }'),
    ...all('llm model guard moderation', 'define it under judges, and name it here: judge: NAME'),
    ...all('priority order', 'remove it; all rules look at all text, and what one cuts no other one lets pass'),
    ...all('tag label labels', 'did you mean tags: [ … ]?'),
    ...all('max max_length most_chars', 'did you mean most?'),
    ...all('level', 'did you mean severity?'),
    ...all('allow allows', 'did you mean lifts, with action: allow?'),
  },
  words: {
    ...all('words word phrases values keywords', 'did you mean terms?'),
    ...all('file path', 'did you mean list?'),
    ...all('whole_word whole_words word_boundary', 'did you mean boundary: word?'),
    ...all('case_sensitive', 'did you mean fold: none? fold: case makes case not matter'),
    ...all('ignore_case case_insensitive', 'did you mean fold: case?'),
    ...all('exceptions exclude excludes ignore whitelist allow allowlist', 'did you mean except?'),
  },
  judge: {
    ...all('description desc comment notes', note),
    ...all('type provider', 'did you mean kind?'),
    ...all('timeout deadline', 'did you mean timeout_ms, in milliseconds?'),
    ...all('url endpoint base address host', 'did you mean base_url? it takes the name of a variable'),
    ...all('key apikey token auth api_token', 'did you mean api_key? it takes the name of a variable'),
    ...all('on_error fallback fail_open fail_closed', 'did you mean on_fault: cut, forward or flag?'),
    ...all('on_timeout', 'did you mean on_fault: { timeout: cut }?'),
    ...all(
      'threshold thresholds at_least category severity_at_least where',
      'the rule says what counts: where: { … } beside judge',
    ),
    ...all('action then', 'the rule says what is done: judge: NAME and action: cut'),
    ...all('name id', 'remove it; the name of a judge is the key before it'),
    ...all('window chunk chunk_size first grow_to context', 'did you mean stretch: { first: …, grow_to: …, context: … }?'),
    ...all('retries attempts', 'did you mean retry: true or false?'),
    ...all('concurrency max_concurrency parallel', 'did you mean most_open?'),
    ...all('channels', whichRule),
  },
  ask: {
    ...all('action do', 'did you mean then?'),
    ...all('category at_least severity_at_least', 'did you mean where: { … }?'),
    ...all('with', 'write it beside action, not inside ask'),
  },
  where: {
    ...all('categories label labels', 'did you mean category? it takes one or several'),
    ...all('threshold score min_score confidence above', 'did you mean at_least?'),
    ...all('severity level', 'did you mean severity_at_least?'),
  },
  test: {
    ...all('description title', 'did you mean name?'),
    ...all('text input assistant response completion', 'did you mean answer?'),
    ...all('user question', 'did you mean prompt?'),
    ...all('output expect expected expects read result', 'did you mean reads?'),
    ...all('judges opinions', 'did you mean judge: { NAME: [ … ] }?'),
    ...all('cut', 'did you mean cut_by?'),
    ...all('masked mask', 'did you mean masked_by?'),
    ...all('flagged flag', 'did you mean flagged_by?'),
    ...all('blocked block', 'did you mean blocked_by?'),
    ...all('verdict action', 'say which rule acts: cut_by, masked_by, flagged_by or blocked_by'),
  },
}

/** Values, by the key that has them. */
export const otherValues: Readonly<Record<string, Advice>> = {
  action: {
    ...all('block deny reject refuse ban forbid', 'did you mean cut? on a prompt it refuses the request; '),
    ...all('stop terminate end abort halt drop', 'did you mean cut? '),
    ...all('redact replace hide censor anonymize anonymise sanitize obfuscate remove', 'did you mean mask? '),
    ...all('log record report monitor warn alert detect notify audit tag', 'did you mean flag? '),
    ...all('pass permit ignore skip whitelist exempt', 'did you mean allow? it lifts what other rules find; '),
    ...all('judge review escalate check', 'did you mean ask? a rule with judge itself takes flag, mask or cut; '),
    ...all('shadow', 'that is a mode: write mode: shadow, and the action the rule is to have one day; '),
    ...all('none off', 'a rule has no off: write mode: shadow, and the action the rule is to have one day; '),
  },
  mode: {
    ...all('off disabled dry-run dry_run dryrun monitor log audit test observe false', 'did you mean shadow? '),
    ...all('on enabled active live block true', 'did you mean enforce? '),
  },
  channels: {
    ...all('output response assistant completion text content model', 'did you mean answer? '),
    ...all('input user question request', 'did you mean prompt? '),
    ...all('system', 'did you mean prompt.system? '),
    ...all('thinking thoughts thought', 'did you mean reasoning? '),
    ...all('tools tool tool_calls tool_call function functions arguments', 'did you mean tool_input? '),
    ...all('all any both', 'to look at all the model says, leave channels out; '),
  },
  fold: {
    ...all('lower lowercase ignorecase insensitive ignore_case', 'did you mean case? '),
    ...all('exact strict off sensitive', 'did you mean none? '),
    ...all('fuzzy leet leetspeak normalize unicode all', 'did you mean loose? '),
  },
  boundary: {
    ...all('words whole whole_word full true', 'did you mean word? '),
    ...all('any inside substring anywhere false', 'did you mean none? '),
  },
  wait: { ...all('async background parallel', 'did you mean trail? '), ...all('block sync buffer', 'did you mean hold? ') },
  on_fault: {
    ...all('block deny fail closed fail_closed fail-closed stop', 'did you mean cut? '),
    ...all('allow pass ignore open fail_open fail-open skip', 'did you mean forward? '),
    ...all('log report record', 'did you mean flag? '),
  },
  release: {
    ...all('word char character token immediately immediate', 'did you mean exact? '),
    ...all('sentences line paragraph', 'did you mean sentence? '),
  },
  reasoning: { ...all('drop remove', 'did you mean hold? it drops the block that is found; ') },
  unknown: {
    ...all('pass allow ignore forward keep', 'strings nobody looks at are a way round every rule; '),
    ...all('block cut', 'did you mean refuse? '),
  },
  image: mediaWords,
  audio: mediaWords,
  file: mediaWords,
  severity: {
    ...all('info minor 1', 'did you mean low? '),
    ...all('warning warn moderate 2', 'did you mean medium? '),
    ...all('severe error major 3', 'did you mean high? '),
    ...all('fatal 4 5', 'did you mean critical? '),
  },
  kind: otherKinds,
  number: {
    ...all('ssn', 'did you mean us_ssn? '),
    ...all('ip ip_address', 'did you mean ipv4 or ipv6? '),
    ...all('id_card 身份证 身份证号 idcard', 'did you mean cn_resident_id? '),
    ...all('手机 手机号 mobile', 'did you mean cn_mobile? '),
    ...all('telephone tel phone_number', 'did you mean phone? '),
    ...all('api_key secret key token', 'did you mean api_token? '),
  },
}
