/** Fifty patterns such as policies have: addresses, numbers of people, tokens by their published formats. */

export interface BenchPattern {
  readonly id: string
  readonly source: string
  /** Longest span looked for, where the pattern has no end of its own. */
  readonly most?: number
  /** Something it finds. */
  readonly example: string
  /** The same without what RE2 refuses (look-arounds; counts above 1,000), for the peers that have to do without. */
  readonly plain?: string
}

export const benchPatterns: readonly BenchPattern[] = [
  {
    id: 'email',
    source: String.raw`\b[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}\b`,
    example: 'name.surname@mail.example.org',
    most: 254,
  },
  {
    id: 'url-credentials',
    source: String.raw`\b[a-z][a-z0-9+.-]*://[^\s/:@]+:[^\s/:@]+@[^\s/]+`,
    example: 'ftp://user:secret@files.example.org/x',
    most: 300,
  },
  {
    id: 'ipv4',
    source: String.raw`\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b`,
    example: '192.168.10.254',
  },
  {
    id: 'ipv6',
    source: String.raw`\b(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}\b`,
    example: '2001:0db8:85a3:0000:0000:8a2e:0370:7334',
  },
  { id: 'ipv6-short', source: String.raw`\b(?:[0-9A-Fa-f]{1,4}:){1,6}:[0-9A-Fa-f]{1,4}\b`, example: '2001:db8::1' },
  { id: 'mac', source: String.raw`\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b`, example: '00:1a:2b:3c:4d:5e' },
  {
    id: 'card',
    source: String.raw`(?<!\d)(?:4\d{3}|5[1-5]\d\d|6011)[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?!\d)`,
    example: '4111 1111 1111 1111',
    plain: String.raw`(?:4\d{3}|5[1-5]\d\d|6011)[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}`,
  },
  {
    id: 'card-amex',
    source: String.raw`(?<!\d)3[47]\d\d[ -]?\d{6}[ -]?\d{5}(?!\d)`,
    example: '3782 822463 10005',
    plain: String.raw`3[47]\d\d[ -]?\d{6}[ -]?\d{5}`,
  },
  {
    id: 'iban',
    source: String.raw`\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b`,
    example: 'DE89 3704 0044 0532 0130 00',
  },
  {
    id: 'ssn',
    source: String.raw`\b(?!000|666)\d{3}-\d{2}-\d{4}\b`,
    example: '219-09-9999',
    plain: String.raw`\b\d{3}-\d{2}-\d{4}\b`,
  },
  {
    id: 'phone-us',
    source: String.raw`(?<![\d(])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b`,
    example: '(212) 555-0123',
    plain: String.raw`\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b`,
  },
  {
    id: 'phone-international',
    source: String.raw`(?<!\d)\+\d{1,3}(?:[ -]?\d{2,4}){2,5}\b`,
    example: '+44 20 7946 0958',
    plain: String.raw`\+\d{1,3}(?:[ -]?\d{2,4}){2,5}\b`,
  },
  { id: 'phone-cn', source: String.raw`(?<!\d)1[3-9]\d{9}(?!\d)`, example: '13912345678', plain: String.raw`1[3-9]\d{9}` },
  {
    id: 'landline-cn',
    source: String.raw`(?<!\d)0\d{2,3}-\d{7,8}(?!\d)`,
    example: '010-12345678',
    plain: String.raw`0\d{2,3}-\d{7,8}`,
  },
  {
    id: 'resident-id-cn',
    source: String.raw`(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)`,
    example: '11010519491231002X',
    plain: String.raw`[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]`,
  },
  { id: 'passport-cn', source: String.raw`\b[EG]\d{8}\b`, example: 'E12345678' },
  {
    id: 'plate-cn',
    source: '[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][A-HJ-NP-Z0-9]{5}',
    example: '京A12345',
  },
  { id: 'qq', source: String.raw`[Qq]{2}[:：号 ]{1,3}[1-9]\d{4,10}`, example: 'QQ:1234567' },
  { id: 'wechat', source: '(?:微信|[Vv]信|加我)[:：号 ]{0,3}[A-Za-z][A-Za-z0-9_-]{5,19}', example: '微信：abc_12345' },
  {
    id: 'date-of-birth',
    source: String.raw`(?:born on|date of birth:?|DOB:?) \d{1,2}[/.-]\d{1,2}[/.-]\d{4}`,
    example: 'born on 1/2/1990',
  },
  { id: 'openai-key', source: String.raw`\bsk-(?:proj-)?[A-Za-z0-9_-]{20,200}`, example: `sk-proj-${'a1'.repeat(12)}` },
  { id: 'anthropic-key', source: String.raw`\bsk-ant-[A-Za-z0-9_-]{20,200}`, example: `sk-ant-${'a1'.repeat(12)}` },
  { id: 'github-token', source: String.raw`\bgh[pousr]_[A-Za-z0-9]{36}\b`, example: `ghp_${'a1'.repeat(18)}` },
  { id: 'github-fine-token', source: String.raw`\bgithub_pat_[A-Za-z0-9_]{82}\b`, example: `github_pat_${'a1'.repeat(41)}` },
  { id: 'gitlab-token', source: String.raw`\bglpat-[A-Za-z0-9_-]{20}\b`, example: `glpat-${'a1'.repeat(10)}` },
  { id: 'slack-token', source: String.raw`\bxox[baprs]-[A-Za-z0-9-]{10,72}`, example: `xoxb-${'1'.repeat(12)}` },
  {
    id: 'slack-hook',
    source: String.raw`https://hooks\.slack\.com/services/T[A-Z0-9]{8,11}/B[A-Z0-9]{8,11}/[A-Za-z0-9]{24}`,
    example: `https://hooks.slack.com/services/T${'A1'.repeat(4)}/B${'A1'.repeat(4)}/${'a1'.repeat(12)}`,
  },
  { id: 'aws-key', source: String.raw`\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b`, example: `AKIA${'A1'.repeat(8)}` },
  {
    id: 'aws-secret',
    source: `(?:aws|AWS)_?(?:secret|SECRET)[A-Za-z_]{0,20}["' :=]{1,4}[A-Za-z0-9/+]{40}`,
    example: `aws_secret_access_key = ${'a1'.repeat(20)}`,
  },
  { id: 'google-key', source: String.raw`\bAIza[A-Za-z0-9_-]{35}`, example: `AIza${'a1'.repeat(17)}b` },
  { id: 'google-oauth', source: String.raw`\bya29\.[A-Za-z0-9_-]{20,200}`, example: `ya29.${'a1'.repeat(12)}` },
  { id: 'npm-token', source: String.raw`\bnpm_[A-Za-z0-9]{36}\b`, example: `npm_${'a1'.repeat(18)}` },
  {
    id: 'pypi-token',
    source: String.raw`\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,200}`,
    example: `pypi-AgEIcHlwaS5vcmc${'a1'.repeat(30)}`,
  },
  { id: 'hugging-face-token', source: String.raw`\bhf_[A-Za-z0-9]{34}\b`, example: `hf_${'a1'.repeat(17)}` },
  { id: 'stripe-key', source: String.raw`\b[rs]k_(?:live|test)_[A-Za-z0-9]{24,99}\b`, example: `rk_live_${'a1'.repeat(12)}` },
  {
    id: 'sendgrid-key',
    source: String.raw`\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}`,
    example: `SG.${'a1'.repeat(11)}.${'a1'.repeat(21)}b`,
  },
  { id: 'twilio-key', source: String.raw`\bSK[0-9a-f]{32}\b`, example: `SK${'a1'.repeat(16)}` },
  { id: 'telegram-token', source: String.raw`\b\d{8,10}:[A-Za-z0-9_-]{35}`, example: `123456789:${'a1'.repeat(17)}b` },
  {
    id: 'discord-token',
    source: String.raw`\b[MN][A-Za-z0-9]{23}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27}`,
    example: `M${'a1'.repeat(11)}b.${'a1'.repeat(3)}.${'a1'.repeat(13)}b`,
  },
  { id: 'digitalocean-token', source: String.raw`\bdo[opr]_v1_[0-9a-f]{64}\b`, example: `dop_v1_${'a1'.repeat(32)}` },
  { id: 'shopify-token', source: String.raw`\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b`, example: `shpat_${'a1'.repeat(16)}` },
  {
    id: 'jwt',
    source: String.raw`\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}`,
    example: `eyJ${'a1'.repeat(8)}.eyJ${'a1'.repeat(8)}.${'a1'.repeat(8)}`,
    most: 2048,
  },
  {
    id: 'private-key',
    source: '-----BEGIN (?:RSA |EC |OPENSSH |DSA |PGP )?PRIVATE KEY(?: BLOCK)?-----',
    example: ['-----BEGIN', 'RSA', 'PRIVATE KEY-----'].join(' '),
  },
  { id: 'bearer', source: String.raw`\b[Bb]earer [A-Za-z0-9._~+/-]{20,200}`, example: `Bearer ${'a1'.repeat(12)}` },
  {
    id: 'basic-auth',
    source: String.raw`\bAuthorization: Basic [A-Za-z0-9+/]{8,200}={0,2}`,
    example: `Authorization: Basic ${'a1'.repeat(8)}=`,
  },
  { id: 'azure-key', source: 'AccountKey=[A-Za-z0-9+/]{86}==', example: `AccountKey=${'a1'.repeat(43)}==` },
  {
    id: 'uuid',
    source: String.raw`\b[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b`,
    example: '123e4567-e89b-12d3-a456-426614174000',
  },
  {
    id: 'bitcoin',
    source: String.raw`\b(?:bc1[ac-hj-np-z02-9]{25,59}|[13][1-9A-HJ-NP-Za-km-z]{25,34})\b`,
    example: `1${'a2'.repeat(15)}`,
  },
  { id: 'ethereum', source: String.raw`\b0x[0-9a-fA-F]{40}\b`, example: `0x${'a1'.repeat(20)}` },
  {
    id: 'password-said',
    source: String.raw`(?:password|passwd|pwd|密码)(?: is|[:：=是]) ?["']?[^\s"']{6,40}`,
    example: 'password: hunter2x',
  },
]
