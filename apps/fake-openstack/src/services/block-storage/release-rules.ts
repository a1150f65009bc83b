import type { Call } from '../../kernel/call.ts'
import type { MicroversionRange } from '../../kernel/microversion.ts'
import type { ByRelease, Release } from '../../kernel/release.ts'

/** What differs between Cinder's releases. */
interface BlockStorageRules {
  readonly newestMicroversion: string
  /** When the newest microversion appeared, as the version document says. */
  readonly updated: string
  /** Any caller that knows the id may read an attachment: Cinder does not ask for the project. */
  readonly showsAttachmentsOfOthers: boolean
  /** Where the database of that time sorts underscores: its default collation has changed with MariaDB 11. */
  readonly underscores: 'before letters' | 'behind letters'
}

const rules: ByRelease<BlockStorageRules> = {
  // Cinder 21
  zed: {
    newestMicroversion: '3.70',
    updated: '2022-08-31T00:00:00Z',
    showsAttachmentsOfOthers: true,
    underscores: 'behind letters',
  },
  // Cinder 26
  '2025.1': {
    newestMicroversion: '3.71',
    updated: '2022-08-31T00:00:00Z',
    showsAttachmentsOfOthers: true,
    underscores: 'before letters',
  },
  // Cinder 29
  '2026.2': {
    newestMicroversion: '3.71',
    updated: '2022-08-31T00:00:00Z',
    showsAttachmentsOfOthers: false,
    underscores: 'before letters',
  },
}

export const rulesOf = (call: Call): BlockStorageRules => rules[call.context.settings.release]

/** The same in all releases. */
export const oldestMicroversion = '3.0'

/** The microversions that the Cinder of a release serves. */
export const microversions = (release: Release): MicroversionRange => ({
  min: oldestMicroversion,
  max: rules[release].newestMicroversion,
  name: 'volume',
})
