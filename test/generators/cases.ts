/** What a property is about: a policy and a text, or a policy and a chat stream. */
import fc from 'fast-check'
import { matches } from '../oracle/fates.ts'
import type { OraclePolicy } from '../oracle/policy.ts'
import { type ChatScript, someChat } from './chat.ts'
import { type Style, someStyle } from './frames.ts'
import { everyPolicy, somePolicy } from './policies.ts'
import { someText } from './texts.ts'

export interface TextCase {
  readonly policy: OraclePolicy
  readonly text: string
}

export function textCase(policies = somePolicy, most = 8): fc.Arbitrary<TextCase> {
  return policies.chain((policy) => fc.record({ policy: fc.constant(policy), text: someText(policy, most) }))
}

export interface ChatCase {
  readonly policy: OraclePolicy
  readonly chat: ChatScript
  readonly style: Style
  /** Where the network cuts the bytes. */
  readonly places: readonly number[]
}

/** Nothing of the policy is found in what streams carry beside their text: the name of the unknown field, a comment. */
function leavesNoise(policy: OraclePolicy): boolean {
  return policy.rules.every((rule) => ['mystery', '0'].every((noise) => matches(rule, noise).length === 0))
}

export function chatCase(policies: fc.Arbitrary<OraclePolicy> = somePolicy): fc.Arbitrary<ChatCase> {
  return policies.filter(leavesNoise).chain((policy) =>
    fc.record({
      policy: fc.constant(policy),
      chat: someChat(policy),
      style: someStyle,
      places: fc.array(fc.nat(100_000), { maxLength: 6 }),
    }),
  )
}

/** Of every kind of policy. */
export const someChatCase: fc.Arbitrary<ChatCase> = chatCase(everyPolicy)
