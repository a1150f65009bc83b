import type { CpiCall } from '@openstack-cpi/cpi-core'

/** Key of the mark, in metadata and in descriptions. */
export const creationKey = 'cpi_creation'

/** Metadata keys of what the CPI itself writes. */
export const metadataKey = {
  directorUuid: 'director_uuid',
  agentId: 'agent_id',
  requestId: 'cpi_request_id',
  /** Whether its creation is finished: `CreationState`. */
  creation: creationKey,
  /** The name at creation of a server that is renamed for humans later; the Ruby CPI's key. */
  registryKey: 'registry_key',
  /** The group that was made on demand, to be removed with its last member. */
  serverGroup: 'server_group_id',
  /** Present on servers that boot from a volume. */
  bootVolume: 'boot_volume',
} as const

/**
 * Whether the creation of an object is finished. Everything that the CPI creates is `unfinished` from its first moment
 * on. It becomes `finished` by the last request of the method that creates it; a server by the director's next call,
 * which is sure to come immediately and proves that it knows the CID. What has no mark was made by something else, and
 * nothing is concluded from that.
 */
export type CreationState = 'unfinished' | 'finished'

/** The mark as metadata. */
export function creationMark(state: CreationState): Readonly<Record<string, string>> {
  return { [creationKey]: state }
}

/** Whether the metadata says that the creation was never finished. */
export function isUnfinished(metadata: Readonly<Record<string, string>>): boolean {
  return metadata[creationKey] === ('unfinished' satisfies CreationState)
}

/** Begins the unique tag of an image; the tag is there as long as the image is unfinished. */
export const uploadTagPrefix = 'bosh-upload-'

/** In descriptions: the name that a server has at its creation. */
export const serverKey = 'server'

const maxDescriptionCharacters = 255

/**
 * Metadata that tells the search for leftovers whose image, volume or snapshot something is, and which call made it
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

/** The same for what is not of use to the director yet: its mark is taken back when it is. */
export function unfinishedOriginOf(call: Pick<CpiCall, 'directorUuid' | 'requestId'>): Origin {
  return { ...originOf(call), ...creationMark('unfinished') }
}

/** An origin as a description, for resources without metadata; `parseOriginText` reads it. */
export function originText(origin: Origin): string {
  const words = Object.entries(origin).map(([key, value]) => `${key}:${value.replace(/\s/gu, '_')}`)
  return words.join(' ').slice(0, maxDescriptionCharacters)
}

/** Reads what `originText` wrote, also beside other text. */
export function parseOriginText(text: string): Origin {
  return Object.fromEntries([...text.matchAll(/(?:^|\s)([a-z_]+):(\S+)/gu)].map(([, key, value]) => [key, value]))
}

/** Whether the object has a description. Neutron may not know descriptions; then there is no mark to change. */
export function isDescribed({ description }: { readonly description?: string | null }): boolean {
  return (description ?? '') !== ''
}
