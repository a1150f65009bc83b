import type { Call } from '../../kernel/call.ts'
import type { ByRelease } from '../../kernel/release.ts'

/** What differs between Keystone's releases. Its words for a body that breaks a schema are in its dialect. */
interface IdentityRules {
  /** Methods that a refused login is told of. */
  readonly loginMethods: readonly string[]
  /** The schema of a resource describes the whole body; else only what is inside the key. */
  readonly checksWholeBody: (resource: string) => boolean
  /** Refusal of `enabled` lists words for yes and no, which are then no valid values all the same. */
  readonly listsBooleanWords: boolean
  /** Longest id of a region that the schema takes; undefined where only the database limits it. */
  readonly longestRegionId: number | undefined
}

const loginMethods = ['external', 'password', 'token', 'oauth1', 'mapped', 'application_credential']

const until2025: IdentityRules = {
  loginMethods,
  checksWholeBody: () => false,
  listsBooleanWords: false,
  longestRegionId: undefined,
}

const rules: ByRelease<IdentityRules> = {
  // Keystone 22
  zed: until2025,
  // Keystone 27
  '2025.1': { ...until2025, checksWholeBody: (resource) => resource !== 'region', listsBooleanWords: true },
  // Keystone 30
  '2026.2': {
    loginMethods: [...loginMethods, 'ec2credential'],
    checksWholeBody: () => true,
    listsBooleanWords: true,
    longestRegionId: 255,
  },
}

export const rulesOf = (call: Call): IdentityRules => rules[call.context.settings.release]
