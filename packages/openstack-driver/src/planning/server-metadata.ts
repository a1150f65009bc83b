import type { Json, JsonObject } from '@openstack-cpi/cpi-core'
import { creationKey, creationMark } from './creation-mark.ts'

/** Nova's limits for one metadata item and for one tag. */
const maxItemCharacters = 255
const maxTagCharacters = 60

/** Who a server belongs to; what the clean-up of leftovers goes by. */
export interface Origin {
  readonly directorUuid: string
  readonly agentId: string
  /** Absent for callers that send none. */
  readonly requestId?: string
}

/** Metadata keys of what the CPI itself writes. */
export const metadataKey = {
  directorUuid: 'director_uuid',
  agentId: 'agent_id',
  requestId: 'cpi_request_id',
  /** Is the making of it over? See `creation-mark.ts`. */
  creation: creationKey,
  /** The name at creation of a server that is renamed for humans later; the Ruby CPI's key. */
  registryKey: 'registry_key',
  /** The group that was made on demand, to be removed with its last member. */
  serverGroup: 'server_group_id',
  /** Present on servers that boot from a volume. */
  bootVolume: 'boot_volume',
} as const

/**
 * Metadata that Nova takes: keys of `[a-zA-Z0-9-_:. ]{1,255}`, values cut to 255 characters, null skipped (driver spec
 * §7.8). Adapts rather than fails, for an error would destroy a fresh VM (contract §6.8).
 */
export function novaMetadata(metadata: JsonObject): Record<string, string> {
  const items = Object.entries(metadata).flatMap(([key, value]) => {
    const novaKey = cut(key.replace(/[^a-zA-Z0-9\-_:. ]/gu, '_'), maxItemCharacters)
    return value === null || novaKey === '' ? [] : [[novaKey, cut(plainText(value), maxItemCharacters)] as const]
  })
  return Object.fromEntries(items)
}

/** A text for anything; characters beyond the basic plane go, as databases refuse them or count them double. */
function plainText(value: Json): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).replace(/[\u{10000}-\u{10ffff}]/gu, '_')
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most)
}

/** What a server carries from its first moment on, so that it can be traced when its creation dies (driver spec §7.4). */
export function creationMetadata(input: {
  readonly origin: Origin
  readonly serverName: string
  readonly env: JsonObject
  readonly cloudProperties: JsonObject
  readonly humanReadableNames: boolean
}): { readonly ours: Record<string, string>; readonly operators: Record<string, string> } {
  const { origin } = input
  const operators = novaMetadata({ ...tagsOfEnv(input.env), ...input.cloudProperties })
  const ours = novaMetadata({
    [metadataKey.directorUuid]: origin.directorUuid,
    [metadataKey.agentId]: origin.agentId,
    ...(origin.requestId === undefined ? {} : { [metadataKey.requestId]: origin.requestId }),
    ...creationMark('unfinished'),
    ...(input.humanReadableNames ? { [metadataKey.registryKey]: input.serverName } : {}),
  })
  return { ours, operators }
}

/** `env.bosh.tags` (contract §8.3). */
export function tagsOfEnv(env: JsonObject): JsonObject {
  return hashAt(hashAt(env, 'bosh'), 'tags')
}

/** `env.bosh.group` (contract §8.3). */
export function groupOfEnv(env: JsonObject): string | undefined {
  const group = hashAt(env, 'bosh')['group']
  return typeof group === 'string' && group !== '' ? group : undefined
}

function hashAt(object: JsonObject, key: string): JsonObject {
  const value = object[key]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {} // no array, no null: an object
}

/** Keys that directors and the bosh CLI send with `set_vm_metadata`; all others are the operator's tags (contract §6.8). */
const directorsKeys = new Set<string>([
  creationKey,
  'director',
  'deployment',
  'id',
  'job',
  'instance_group',
  'index',
  'name',
  'created_at',
  'compiling',
])

/** What is left when the quota of metadata items does not allow the operator's tags (driver spec §7.8). */
export function withoutOperatorTags(metadata: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => directorsKeys.has(key)))
}

/** Tags that Nova and Neutron take: no `,` and no `/`, at most 60 characters, no doubles, no blanks around. */
export function resourceTags(tags: readonly string[]): string[] {
  const clean = tags.map((tag) => cut(tag.replace(/[,/]/gu, '_').trim(), maxTagCharacters))
  return [...new Set(clean)].filter((tag) => tag !== '')
}

/** The director's keys that help a human to tell whose port it is. */
const portTagKeys = ['director', 'deployment', 'instance_group', 'job', 'name', 'id', 'index', 'compiling'] as const

/** Tags for a server's ports, as `key:value` (driver spec §7.8). */
export function portTagsOf(metadata: Readonly<Record<string, string>>): string[] {
  return resourceTags(
    portTagKeys.flatMap((key) => {
      const value = metadata[key]
      return value === undefined || value === '' ? [] : [`${key}:${value}`]
    }),
  )
}

/** Is this one of the tags that `portTagsOf` writes? */
export const isMetadataTag = (tag: string): boolean => portTagKeys.some((key) => tag.startsWith(`${key}:`))
