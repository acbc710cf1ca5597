/** Keys and tokens in the test data of two secret scanners: found where they stand, and what is let be. */
import { expect, test } from 'vitest'
import { compileNumber } from '../../src/checks/numbers-compile.ts'
import { patternMatcher } from '../../src/checks/pattern.ts'
import type { Matcher } from '../../src/terms/matcher.ts'
import { coveredBy } from './found.ts'
import { readRows } from './shared.ts'
import { Tally } from './tally.ts'

interface Row {
  readonly id: string
  readonly rule?: string
  readonly detector?: string
  readonly expected_match: boolean
  readonly parts: readonly string[]
  readonly secret_span_u16?: readonly [number, number]
}

/** Theirs by our names; what is not here, such as passwords by the word before them, is a pattern's affair. */
const claimed: Readonly<Record<string, string>> = {
  aws_key: 'aws_key',
  gitlab_token: 'gitlab_token',
  ip_public: 'ipv4',
  jwt: 'jwt',
  mailchimp_key: 'mailchimp_key',
  npm: 'npm_token',
  pypi_token: 'pypi_token',
  slack: 'slack_token',
  stripe_key: 'stripe_key',
  telegram_token: 'telegram_token',
  twilio: 'twilio_key',
  'anthropic-api-key': 'anthropic_key',
  'aws-access-token': 'aws_key',
  'aws-amazon-bedrock-api-key-long-lived': 'aws_key',
  'azure-ad-client-secret': 'azure_secret',
  'databricks-api-token': 'databricks_token',
  'gitlab-pat-routable': 'gitlab_token',
  'grafana-cloud-api-token': 'grafana_token',
  'huggingface-access-token': 'hugging_face_token',
  'huggingface-organization-api-token': 'hugging_face_token',
  'notion-api-token': 'notion_token',
  'openai-api-key': 'openai_key',
  'slack-bot-token': 'slack_token',
  'slack-user-token': 'slack_token',
  'slack-webhook-url': 'slack_webhook',
  'vault-service-token': 'vault_token',
}

const matchers = new Map<string, Matcher>()

function covered(name: string, pieces: readonly string[]): string[] {
  const rule = () => ({ rule: 0, effect: { holds: true, stops: false }, spec: compileNumber(name) })
  const matcher = matchers.get(name) ?? patternMatcher([rule()])
  matchers.set(name, matcher)
  const run = matcher.open()
  for (const piece of pieces) run.push(piece)
  run.end()
  return coveredBy(run.take())
}

test('keys in whole and in pieces: found to the unit, and placeholders let be', () => {
  const tally = new Tally('detect_secrets_cases and gitleaks_cases, of the kinds we claim')
  const rows = ['detect_secrets_cases', 'gitleaks_cases'].flatMap((file) => readRows<Row>(`data/secrets/${file}.jsonl`))
  for (const { id, rule, detector, expected_match, parts, secret_span_u16: span } of rows) {
    const name = claimed[rule ?? detector ?? '']
    if (name === undefined) continue
    const found = covered(name, parts)
    expect(covered(name, [parts.join('')]), id).toEqual(found)
    // Their span of a web hook begins at the scheme, and ours where it is one.
    const right = !expected_match
      ? found.length === 0
      : span === undefined || name === 'slack_webhook'
        ? found.length === 1
        : JSON.stringify(found) === JSON.stringify([span.join('-')])
    tally.count(`${name}, ${expected_match ? 'to be found' : 'not to be found'}`, right, id)
  }
  // Missed are placeholders (`AKIAZZZZ…`, `SKxxxx…`) and a token of two parts; too many are keys shorter than those in use.
  tally.expectAtLeast({
    'aws_key, to be found': 1 / 4,
    'gitlab_token, not to be found': 5 / 7,
    'jwt, to be found': 1 / 2,
    'twilio_key, to be found': 0,
    'notion_token, not to be found': 2 / 3,
    'slack_token, not to be found': 1 / 3,
    'aws_key, not to be found': 1,
    'gitlab_token, to be found': 1,
    'ipv4, to be found': 1,
    'ipv4, not to be found': 1,
    'jwt, not to be found': 1,
    'mailchimp_key, to be found': 1,
    'mailchimp_key, not to be found': 1,
    'npm_token, not to be found': 1,
    'pypi_token, to be found': 1,
    'slack_token, to be found': 1,
    'stripe_key, to be found': 1,
    'telegram_token, not to be found': 1,
    'anthropic_key, not to be found': 1,
    'azure_secret, to be found': 1,
    'azure_secret, not to be found': 1,
    'databricks_token, not to be found': 1,
    'grafana_token, not to be found': 1,
    'vault_token, not to be found': 1,
    'hugging_face_token, not to be found': 1,
    'notion_token, to be found': 1,
    'openai_key, to be found': 1,
    'slack_webhook, to be found': 1,
  })
})

test('nothing in ordinary text is taken for a key', () => {
  const found = ['en_prose', 'zh_prose', 'source_code', 'tool_calls'].flatMap((file) =>
    readRows<{ text?: string; tool_call_json?: string }>(`data/benign/${file}.jsonl`).flatMap((row) => {
      const text = row.text ?? row.tool_call_json ?? ''
      return covered('api_token', [text]).map((span) => text.slice(...(span.split('-').map(Number) as [number, number])))
    }),
  )
  expect(found).toEqual([])
})
