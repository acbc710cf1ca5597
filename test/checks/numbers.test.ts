/** Numbers and codes that prove themselves: found as written, with their checksums, and nothing that only looks like them. */
import { describe, expect, test } from 'vitest'
import { numberKind, numberNames } from '../../src/checks/numbers.ts'
import { compileNumber } from '../../src/checks/numbers-compile.ts'
import { patternMatcher } from '../../src/checks/pattern.ts'
import type { Matcher } from '../../src/terms/matcher.ts'
import type { PatternProgram } from '../../src/text/pattern/program.ts'

const compiled = new Map<string, { readonly program: PatternProgram; readonly matcher: Matcher }>()

function known(name: string) {
  let found = compiled.get(name)
  if (!found) {
    const program = compileNumber(name)
    found = { program, matcher: patternMatcher([{ rule: 0, effect: { holds: true, stops: false }, spec: program }]) }
    compiled.set(name, found)
  }
  return found
}

/** What a mask would cover, as the texts of the merged spans. */
function covered(name: string, pieces: readonly string[]): string[] {
  const run = known(name).matcher.open()
  for (const piece of pieces) run.push(piece)
  run.end()
  const spans: { start: number; end: number }[] = []
  for (const { start, end } of [...run.take()].sort((a, b) => a.start - b.start)) {
    const last = spans.at(-1)
    if (last && start < last.end) last.end = Math.max(last.end, end)
    else spans.push({ start, end })
  }
  const text = pieces.join('')
  return spans.map(({ start, end }) => text.slice(start, end))
}

const letters = (count: number) => 'aB3dE6gH9jK2mN5pQ8sT'.repeat(20).slice(0, count)
const hex = (count: number) => '0123456789abcdef9e7c5a381b6d'.repeat(8).slice(0, count)

type Row = readonly [name: string, text: string, ...found: string[]]

const rows: readonly Row[] = [
  ['payment_card', 'Pay with 4111 1111 1111 1111 today', '4111 1111 1111 1111'],
  ['payment_card', '4012888888881881 4012-8888-8888-1881', '4012888888881881', '4012-8888-8888-1881'],
  ['payment_card', 'amex 3782 822463 10005.', '3782 822463 10005'],
  ['payment_card', '卡号：6222 0210 0111 6245 702', '6222 0210 0111 6245 702'],
  ['payment_card', '卡号４１１１１１１１１１１１１１１１', '４１１１１１１１１１１１１１１１'],
  ['payment_card', '4111\u00a01111\u00a01111\u00a01111', '4111\u00a01111\u00a01111\u00a01111'],
  ['payment_card', '٤١١١١١١١١١١١١١١١', '٤١١١١١١١١١١١١١١١'],
  ['payment_card', '\u{1d7d2}\u{1d7cf}\u{1d7cf}\u{1d7cf}111111111111', '\u{1d7d2}\u{1d7cf}\u{1d7cf}\u{1d7cf}111111111111'],
  ['payment_card', '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1', '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1'],
  // The last group is not the card's; without it the sum holds.
  ['payment_card', '4111 1111 1111 1111 2345', '4111 1111 1111 1111'],
  // The first group is not the card's.
  ['payment_card', '123 4111 1111 1111 1111', '4111 1111 1111 1111'],
  ['payment_card', '4111 1111 1111 1112'],
  ['payment_card', '41111111111111111'],
  ['payment_card', 'ABC4111111111111111XYZ'],
  ['payment_card', '4111 1111-1111 1111'],
  ['payment_card', '0000000000000000 and 1 2 3 4 5 6 7 8 9 10 11 12 13'],
  // From 13 digits to 19, of every network; the last is UnionPay's newer range.
  ['payment_card', '4222222222222 30569309025904 6304000000000000', '4222222222222', '30569309025904', '6304000000000000'],
  ['payment_card', '3530111333300000, 8171999900000000021', '3530111333300000', '8171999900000000021'],
  ['payment_card', '4111 1111 1111 1111 4012 8888 8888 1881', '4111 1111 1111 1111', '4012 8888 8888 1881'],
  ['payment_card', 'card=4111111111111111&cvv 已绑定4111111111111111元', '4111111111111111', '4111111111111111'],
  ['payment_card', '41111111111111114012888888881881'],
  ['iban', 'to GB29 NWBK 6016 1331 9268 19, please', 'GB29 NWBK 6016 1331 9268 19'],
  ['iban', 'NL91ABNA0417164300', 'NL91ABNA0417164300'],
  ['iban', 'nl91abna0417164300', 'nl91abna0417164300'],
  ['iban', 'GB29 NWBK 6016 1331 9268 18'],
  ['iban', 'DK50 0040 0440 1162 4'],
  // Only so many signs are an account's; what follows is read too, and is not.
  ['iban', 'DE89 3704 0044 0532 0130 00 BIC COBA 12', 'DE89 3704 0044 0532 0130 00'],
  ['iban', '账号ＤＥ８９３７０４００４４０５３２０１３０００请', 'ＤＥ８９３７０４００４４０５３２０１３０００'],
  ['iban', 'MT84MALT011000012345MTLCAST001S', 'MT84MALT011000012345MTLCAST001S'],
  ['us_ssn', 'SSN 219-09-9999.', '219-09-9999'],
  ['us_ssn', '219 09 9999', '219 09 9999'],
  ['us_ssn', '219\u00a009\u00a09999 219–09–9999', '219\u00a009\u00a09999', '219–09–9999'],
  ['us_ssn', '000-12-3456 666-12-3456 912-34-5678 219-00-9999 219-09-0000 1219-09-9999 219-09-99991'],
  ['cn_resident_id', '身份证号码：11010119900307002X用于', '11010119900307002X'],
  ['cn_resident_id', '两个110101199001011237和110101199003077475', '110101199001011237', '110101199003077475'],
  ['cn_resident_id', '110101 19900101 1237', '110101 19900101 1237'],
  ['cn_resident_id', '１１０１０１１９９００１０１１２３７', '１１０１０１１９９００１０１１２３７'],
  ['cn_resident_id', '老证 110101900101123', '110101900101123'],
  ['cn_resident_id', '110101199001011234 110101199013011237 990101199001011237 1101011990010112371'],
  ['cn_mobile', '我的手机号是13812345678', '13812345678'],
  ['cn_mobile', '+86 138-1234-5678', '+86 138-1234-5678'],
  ['cn_mobile', '0086 13812345678 (+86)13812345678', '0086 13812345678', '13812345678'],
  ['cn_mobile', '138\u00a01234\u00a05678或１３８１２３４５６７８转8', '138\u00a01234\u00a05678', '１３８１２３４５６７８'],
  ['cn_mobile', '11111111111 12012345678 138123456789'],
  ['phone', 'call +1 415 555 0132 or +39 06 678 4343', '+1 415 555 0132', '+39 06 678 4343'],
  ['phone', '+44 (0)20 7946 0958', '+44 (0)20 7946 0958'],
  ['phone', '1+2345678 +0123456789 +12345'],
  ['ipv4', 'at 192.168.1.1, 10.0.0.0/8.', '192.168.1.1', '10.0.0.0/8'],
  ['ipv4', 'http://192.168.1.1/admin 10.0.0.1:80/', '192.168.1.1', '10.0.0.1'],
  // No network has 33 bits; the address is one all the same.
  ['ipv4', '10.0.0.4/33 10.0.0.5/24/x', '10.0.0.4', '10.0.0.5/24'],
  ['ipv4', '300.168.1.1 1.2.3.4.5 v1.2.3.4 256.1.1.1'],
  ['ipv6', 'my ip is 2400:c401::5054:ff:fe1b:b031', '2400:c401::5054:ff:fe1b:b031'],
  ['ipv6', 'ping 2001:db8::1: no route; 2001:db8::2/path', '2001:db8::1', '2001:db8::2'],
  ['ipv6', 'http://[2001:db8::1]:8080/ dead:beef::cafe', '2001:db8::1', 'dead:beef::cafe'],
  ['ipv6', '64:ff9b::192.0.2.33 2001:DB8:0:0:8:800:200C:417A', '64:ff9b::192.0.2.33', '2001:DB8:0:0:8:800:200C:417A'],
  ['ipv6', '1:2:3:4:5:6:7:8:9 1::2::3 12345::1 ::ffff:1.2.3.4.5'],
  ['ipv6', '[2001:db8::1] ::1 fe80::1%eth0/64 ::ffff:192.0.2.1', '2001:db8::1', '::1', 'fe80::1%eth0/64', '::ffff:192.0.2.1'],
  ['ipv6', 'Time 12:34:56 aa:bb:cc:dd:ee:ff std::add ::add 2001::db8::1 abc:def:ghi'],
  ['email', 'write to John.Doe+x@mail.example.co.uk.', 'John.Doe+x@mail.example.co.uk'],
  ['email', '发到a@d.co吧', 'a@d.co'],
  ['email', 'user@xn--80ak6aa92e.com', 'user@xn--80ak6aa92e.com'],
  ['email', 'josé.garcía@example.es, müller@straße.de', 'josé.garcía@example.es', 'müller@straße.de'],
  ['email', '@home a@b a@.com'],
  ['jwt', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc-_9', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc-_9'],
  ['jwt', 'eyXXXXXXXXXXXXXXXX.eyXXXXXXXXXXXXXX.abc'],
  [
    'private_key',
    'x -----BEGIN RSA PRIVATE KEY-----\nMIIE+/=\n-----END RSA PRIVATE KEY----- y',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE+/=\n-----END RSA PRIVATE KEY-----',
  ],
  ['private_key', '-----BEGIN PRIVATE KEY-----\nMII', '-----BEGIN PRIVATE KEY-----'],
  ['private_key', '-----BEGIN CERTIFICATE-----\nMII'],
  [
    'private_key',
    '-----BEGIN PGP PRIVATE KEY BLOCK-----\r\nVersion: GnuPG v1.4.11 (GNU/Linux)\r\n\r\nlQO+/\r\n=aBcd\r\n-----END PGP PRIVATE KEY BLOCK----- y',
    '-----BEGIN PGP PRIVATE KEY BLOCK-----\r\nVersion: GnuPG v1.4.11 (GNU/Linux)\r\n\r\nlQO+/\r\n=aBcd\r\n-----END PGP PRIVATE KEY BLOCK-----',
  ],
  // As a string of JSON, with headers and a last line that is short.
  [
    'private_key',
    `{"k":"-----BEGIN RSA PRIVATE KEY-----\\nProc-Type: 4,ENCRYPTED\\nDEK-Info: AES-128-CBC,AB12\\n\\n${letters(64)}\\n${letters(64)}\\nab+/==\\n-----END RSA PRIVATE KEY-----\\n"}`,
    `-----BEGIN RSA PRIVATE KEY-----\\nProc-Type: 4,ENCRYPTED\\nDEK-Info: AES-128-CBC,AB12\\n\\n${letters(64)}\\n${letters(64)}\\nab+/==\\n-----END RSA PRIVATE KEY-----`,
  ],
  // In the source of a program, and in a quotation.
  [
    'private_key',
    '"-----BEGIN EC PRIVATE KEY-----\\n" +\n  "MHcC\\n" +\n  "-----END EC PRIVATE KEY-----\\n"',
    '-----BEGIN EC PRIVATE KEY-----\\n" +\n  "MHcC\\n" +\n  "-----END EC PRIVATE KEY-----',
  ],
  [
    'private_key',
    '> -----BEGIN PRIVATE KEY-----\n> MIIE\n> -----END PRIVATE KEY-----\n',
    '-----BEGIN PRIVATE KEY-----\n> MIIE\n> -----END PRIVATE KEY-----',
  ],
  ['github_token', `x ghp_${letters(36)} y`, `ghp_${letters(36)}`],
  ['github_token', `ghp_${'a'.repeat(36)} ghp_${letters(35)}`],
  ['api_token', `sk-proj-${letters(40)} and AKIA2E5GHJKLMNQ7RSTU`, `sk-proj-${letters(40)}`, 'AKIA2E5GHJKLMNQ7RSTU'],
  ['twilio_key', `SK${hex(32)}`, `SK${hex(32)}`],
  ['aws_key', `key ABSK${letters(128)}=`, `ABSK${letters(128)}=`],
]

describe('finds', () => {
  test.each(rows.map((row) => [row[0], row[1], row] as const))(
    '%s in %j, at every split',
    (_name, text, [name, , ...found]) => {
      for (let at = 0; at <= text.length; at++) expect(covered(name, [text.slice(0, at), text.slice(at)])).toEqual(found)
    },
    60_000,
  )
})

describe('the list of numbers', () => {
  test('every one compiles, and has an end', () => {
    for (const name of numberNames) {
      const { program } = known(name)
      expect(program.longest || program.most, name).toBeGreaterThan(0)
      expect(program.check, name).toBe(numberKind(name)?.check)
    }
  }, 60_000)

  test('a name that is none is refused', () => {
    expect(numberKind('constructor')).toBeUndefined()
    expect(() => compileNumber('constructor')).toThrow(RangeError)
  })

  test('the head of a key in a sentence keeps nothing of the sentence back', () => {
    const run = known('private_key').matcher.open()
    const text = 'It begins with -----BEGIN PRIVATE KEY----- and goes on, (in lines of 64 letters), "as said", until its foot'
    run.push(text)
    expect(run.safeTo).toBe(text.length)
  })

  test('checksums can be followed through a run of digits too long for a table', () => {
    const run = known('payment_card').matcher.open()
    for (let i = 0; i < 2000; i++) run.push('1234 5678 9012 3456 '.slice(i % 20, (i % 20) + 1))
    run.push(' x 4111 1111 1111 1111.')
    run.end()
    expect(run.take().map(({ start, end }) => end - start)).toContain(19)
  })
})
