import type { DriverContext } from '../../driver-context.ts'
import { hasStatus } from '../../http/openstack-error.ts'
import { collect } from '../../http/service-client.ts'
import { isPoolRecordTag } from '../../planning/pool-records.ts'
import { isMetadataTag, metadataKey } from '../../planning/server-metadata.ts'
import type { Port } from '../../services/network/ports.ts'

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

/** The tag that says which director a port is of. */
export function directorTag(directorUuid: string): string {
  return `${directorTagPrefix}${directorUuid}`
}

/** Is this a tag that the CPI writes on ports? Any other is somebody's own. */
export function isOwnPortTag(tag: string): boolean {
  const prefixes = [serverTagPrefix, groupTagPrefix, directorTagPrefix]
  return prefixes.some((prefix) => tag.startsWith(prefix)) || isPoolRecordTag(tag) || isMetadataTag(tag)
}

/** The groups that ports were tagged with. */
export function taggedGroups(ports: readonly Port[]): ReadonlySet<string> {
  const tags = ports.flatMap((port) => port.tags ?? [])
  return new Set(tags.filter((tag) => tag.startsWith(groupTagPrefix)).map((tag) => tag.slice(groupTagPrefix.length)))
}

/** The ports that were made for a server that need not exist any more; none where Neutron has no tags. */
export async function portsTaggedWith(ctx: DriverContext, serverId: string): Promise<Port[]> {
  try {
    return await collect(ctx.services.network.ports.list({ tags: serverTag(serverId) }))
  } catch (error) {
    if (!hasStatus(error, 400) || !/filter/i.test(error.message)) throw error
    ctx.log.warn(
      `This Neutron cannot look for tags, so ports left by server \`${serverId}' are not found: ${error.message}`,
    )
    return []
  }
}
