import type { Call } from '../../kernel/call.ts'
import type { ByRelease } from '../../kernel/release.ts'

/** What differs between Keystone's releases. Its words for a body that breaks a schema are in its dialect. */
interface IdentityRules {
  /** Methods that a refused login is told of. */
  readonly loginMethods: readonly string[]
}

const until2025: IdentityRules = {
  loginMethods: ['external', 'password', 'token', 'oauth1', 'mapped', 'application_credential'],
}

const rules: ByRelease<IdentityRules> = {
  // Keystone 22
  zed: until2025,
  // Keystone 27
  '2025.1': until2025,
  // Keystone 30
  '2026.2': { loginMethods: [...until2025.loginMethods, 'ec2credential'] },
}

export const rulesOf = (call: Call): IdentityRules => rules[call.context.settings.release]
