import type { CpiCall } from '@openstack-cpi/cpi-core'
import { metadataKey } from './server-metadata.ts'

/**
 * Metadata by which the clean-up of leftovers tells whose image, volume or snapshot something is, and which call made it
 * (design invariant "traceable").
 */
export type Origin = Readonly<Record<string, string>>

/** The same keys as on servers. */
export function originOf(call: Pick<CpiCall, 'directorUuid' | 'requestId'>): Origin {
  return {
    [metadataKey.directorUuid]: call.directorUuid,
    ...(call.requestId === undefined ? {} : { [metadataKey.requestId]: call.requestId }),
  }
}
