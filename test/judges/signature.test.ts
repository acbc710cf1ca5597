/** Signing, in both runtimes: against published values, for a signature that is wrong is only noticed by the other side. */
import { describe, expect, it } from 'vitest'
import { sign } from '../../src/judges/services/alibaba.ts'
import { hmac, signed } from '../../src/judges/services/signature.ts'

describe('HMAC-SHA-256', () => {
  it('is that of RFC 4231, test case 2', async () => {
    expect(await hmac('Jefe', 'what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
  })

  it('is over the timestamp, a full stop and the body, in UTF-8', async () => {
    const headers = await signed('s3cret', '{"text":"水闸"}', 1_700_000_000_999)
    expect(headers).toEqual({
      'x-sluice-timestamp': '1700000000',
      'x-sluice-signature': `v1=${await hmac('s3cret', '1700000000.{"text":"水闸"}')}`,
    })
  })
})

describe('ACS3-HMAC-SHA256', () => {
  it("gives the signature of the documentation's example", async () => {
    const { headers } = await sign(
      {
        address:
          'https://ecs.cn-shanghai.aliyuncs.com/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai',
        body: '',
        headers: {
          'x-acs-action': 'RunInstances',
          'x-acs-version': '2014-05-26',
          'x-acs-date': '2023-10-26T10:22:32Z',
          'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
        },
      },
      'YourAccessKeyId',
      'YourAccessKeySecret',
    )
    expect(headers['authorization']).toBe(
      'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    )
  })
})
