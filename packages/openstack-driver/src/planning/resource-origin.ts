import type { CpiCall } from '@openstack-cpi/cpi-core'
import { creationMark } from './creation-mark.ts'
import { metadataKey } from './server-metadata.ts'

/** In descriptions: the name that a server has at its creation. */
export const serverKey = 'server'

const maxDescriptionCharacters = 255

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

/** The same for what is not of use to the director yet: its mark is taken back when it is (`creation-mark.ts`). */
export function unfinishedOriginOf(call: Pick<CpiCall, 'directorUuid' | 'requestId'>): Origin {
  return { ...originOf(call), ...creationMark('unfinished') }
}

/** An origin as a description, for resources without metadata; `parseOriginText` reads it. */
export function originText(origin: Origin): string {
  const words = Object.entries(origin).map(([key, value]) => `${key}:${value.replace(/\s/gu, '_')}`)
  return words.join(' ').slice(0, maxDescriptionCharacters)
}

/** What `originText` wrote, whatever else stands beside it. */
export function parseOriginText(text: string): Origin {
  return Object.fromEntries([...text.matchAll(/(?:^|\s)([a-z_]+):(\S+)/gu)].map(([, key, value]) => [key, value]))
}
