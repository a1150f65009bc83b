import type { Port } from '../services/network/ports.ts'
import { metadataKey } from './creation-marks.ts'
import { resourceTags } from './metadata.ts'
import { isPoolRecordTag } from './pool-records.ts'

const serverTagPrefix = 'server:'

/** The tag by which a port is found once its server is gone; Neutron allows 60 characters. */
export function serverTag(serverId: string): string {
  return `${serverTagPrefix}${serverId}`
}

const groupTagPrefix = 'server_group:'

/** The tag by which a group made on demand is found once its last server is gone. */
export function groupTag(groupId: string): string {
  return `${groupTagPrefix}${groupId}`
}

const directorTagPrefix = `${metadataKey.directorUuid}:`

/** The tag that names the director that a port belongs to. */
export function directorTag(directorUuid: string): string {
  return `${directorTagPrefix}${directorUuid}`
}

/** Whether the CPI writes this tag on ports. */
export function isOwnPortTag(tag: string): boolean {
  const prefixes = [serverTagPrefix, groupTagPrefix, directorTagPrefix]
  return prefixes.some((prefix) => tag.startsWith(prefix)) || isPoolRecordTag(tag) || isMetadataTag(tag)
}

/** The groups that ports were tagged with. */
export function taggedGroups(ports: readonly Port[]): ReadonlySet<string> {
  const tags = ports.flatMap((port) => port.tags ?? [])
  return new Set(tags.filter((tag) => tag.startsWith(groupTagPrefix)).map((tag) => tag.slice(groupTagPrefix.length)))
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
const isMetadataTag = (tag: string): boolean => portTagKeys.some((key) => tag.startsWith(`${key}:`))
