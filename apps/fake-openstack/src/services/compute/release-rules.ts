import type { Call } from '../../kernel/call.ts'
import type { MicroversionRange } from '../../kernel/microversion.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import type { ByRelease, Release } from '../../kernel/release.ts'

/** What differs between Nova's releases. */
interface ComputeRules {
  readonly newestMicroversion: string
  /** Of the version v2.0 in the list of versions. */
  readonly v20Status: 'SUPPORTED' | 'DEPRECATED'
  /** A token without a project may not list servers; before, it got an empty list. */
  readonly refusesUnscopedTokens: boolean
  /** Listing the projects of a public flavor is for administrators only; before, it was 404 for all. */
  readonly refusesFlavorAccess: boolean
  /** From 2.98 on a server shows all properties that Nova keeps of its image, not only those that it knows. */
  readonly showsAllImageProperties: boolean
  /** Refusal of a key pair's name: Nova's own words, or those of its schema. */
  readonly keyNameWords: (name: string, isSince92: boolean) => string
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

const keyNameByHand = (_name: string, isSince92: boolean): string =>
  `An invalid 'name' value was provided. The name must be: Only expected characters: [${isSince92 ? '@._- ' : '_- '}0123456789${letters}]`

const keyNameBySchema = (name: string, isSince92: boolean): string =>
  `Invalid input for field/attribute name. Value: ${name}. ${pythonRepr(name)} does not match '${
    isSince92 ? '^[@\\\\._\\\\- a-zA-Z0-9]+$' : '^[_\\\\- a-zA-Z0-9]+$'
  }'`

const until2025: Omit<ComputeRules, 'newestMicroversion'> = {
  v20Status: 'SUPPORTED',
  refusesUnscopedTokens: false,
  refusesFlavorAccess: false,
  showsAllImageProperties: true,
  keyNameWords: keyNameByHand,
}

const rules: ByRelease<ComputeRules> = {
  // Nova 26
  zed: { ...until2025, newestMicroversion: '2.93' },
  // Nova 31
  '2025.1': { ...until2025, newestMicroversion: '2.100', refusesUnscopedTokens: true, refusesFlavorAccess: true },
  // Nova 34
  '2026.2': {
    newestMicroversion: '2.104',
    v20Status: 'DEPRECATED',
    refusesUnscopedTokens: true,
    refusesFlavorAccess: true,
    showsAllImageProperties: false,
    keyNameWords: keyNameBySchema,
  },
}

export const rulesOf = (call: Call): ComputeRules => rules[call.context.settings.release]

/** The same in all releases. */
export const oldestMicroversion = '2.1'

/** The microversions that the Nova of a release serves. */
export const microversions = (release: Release): MicroversionRange => ({
  min: oldestMicroversion,
  max: rules[release].newestMicroversion,
  name: 'compute',
  legacyHeader: 'X-OpenStack-Nova-API-Version',
})
