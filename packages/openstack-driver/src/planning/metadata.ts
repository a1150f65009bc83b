import type { Json, JsonObject } from '@openstack-cpi/cpi-core'
import { jsonObjectOf } from '../json-object.ts'
import { basicPlaneText } from './basic-plane.ts'
import { creationKey, creationMark, metadataKey } from './creation-marks.ts'
import { isPoolMetadataKey } from './pool-records.ts'

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

/**
 * Metadata that Nova takes: keys of `[a-zA-Z0-9-_:. ]{1,255}`, values cut to 255 characters, null skipped (driver spec
 * §7.8). Adapts rather than fails, for an error would destroy a fresh VM (contract §6.8).
 */
export function novaMetadata(metadata: JsonObject): Record<string, string> {
  const items = Object.entries(metadata).flatMap(([key, value]) => {
    const novaKey = cut(key.replace(/[^a-zA-Z0-9\-_:. ]/gu, '_'), maxItemCharacters)
    return value === null || novaKey === '' ? [] : [[novaKey, cut(basicPlaneText(value), maxItemCharacters)] as const]
  })
  return Object.fromEntries(items)
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most)
}

const reservedKeys: ReadonlySet<string> = new Set<string>(Object.values(metadataKey))

/**
 * The metadata without the keys by which the CPI tells whose an object is, and what is removed with a server: a tag of the
 * operator must not take their place. Compared without case, as Nova's database does.
 */
export function withoutReservedKeys(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const isReserved = (key: string) => reservedKeys.has(key.toLowerCase()) || isPoolMetadataKey(key)
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !isReserved(key)))
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
  const operators = withoutReservedKeys(novaMetadata({ ...tagsOfEnv(input.env), ...input.cloudProperties }))
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
function tagsOfEnv(env: JsonObject): JsonObject {
  return jsonObjectOf(jsonObjectOf(env['bosh'])['tags'])
}

/** `env.bosh.group` (contract §8.3). */
export function groupOfEnv(env: JsonObject): string | undefined {
  const group = jsonObjectOf(env['bosh'])['group']
  return typeof group === 'string' && group !== '' ? group : undefined
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

const maxDescriptionCharacters = 255

/**
 * `deployment/job/index`, and where the disk is attached its device's last part, for example `cf/nats/0/vdb` (driver
 * spec §7.19). Any part can be missing.
 */
export function snapshotDescription(metadata: JsonObject, device: string | null | undefined): string {
  const parts = [metadata['deployment'], metadata['job'], metadata['index'], lastPart(device)].map(toText)
  return parts
    .filter((part) => part !== '')
    .join('/')
    .slice(0, maxDescriptionCharacters)
}

/**
 * The director's metadata under the names that volumes carry as well: `director_name` becomes `director`, `index`
 * `instance_index`, `job` with `instance_id` becomes `instance_name`; these three originals go (driver spec §7.19).
 * Cinder's limits are Nova's (contract §11).
 */
export function snapshotMetadata(metadata: JsonObject): Record<string, string> {
  const { director_name, index, job, ...kept } = metadata
  const instanceName = [job, metadata['instance_id']].map(toText).filter((part) => part !== '')
  return novaMetadata({
    ...kept,
    ...(toText(director_name) === '' ? {} : { director: toText(director_name) }),
    ...(toText(index) === '' ? {} : { instance_index: toText(index) }),
    ...(instanceName.length === 0 ? {} : { instance_name: instanceName.join('/') }),
  })
}

function lastPart(device: string | null | undefined): string {
  return device?.split('/').at(-1) ?? ''
}

function toText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return basicPlaneText(value)
}
