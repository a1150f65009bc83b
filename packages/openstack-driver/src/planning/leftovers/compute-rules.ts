import type { ServerGroup } from '../../services/compute/server-groups.ts'
import type { Server } from '../../services/compute/servers.ts'
import { isUnfinished, metadataKey, parseOriginText } from '../creation-marks.ts'
import { isOwnPortName } from '../server-names.ts'
import type { ProjectInventory } from './classification.ts'
import { type Classification, callName, checkOwnership, creationMarksOf, type Limits } from './classification.ts'

/**
 * A server is a leftover when the director that had it made never sent metadata: it does so right after every
 * `create_vm`, so it never got the CID. One with a persistent disk is never taken for a leftover.
 */
export function classifyServer(server: Server, limits: Limits): Classification {
  const isGone = ['DELETED', 'SOFT_DELETED', 'TERMINATED'].includes(server.status.toUpperCase())
  if (isGone || server['OS-EXT-STS:task_state'] === 'deleting') return { keep: 'it is being deleted' }
  if (!isUnfinished(server.metadata)) return { keep: 'a director took it over' }
  const disks = server['os-extended-volumes:volumes_attached']
  if (disks === undefined || disks === null) return { keep: 'Nova does not tell which disks are attached' }
  if (disks.some((disk) => disk.delete_on_termination !== true)) return { keep: 'a persistent disk is attached' }
  const outcome = checkOwnership(creationMarksOf(server.metadata, server.created), limits)
  if ('keep' in outcome) return outcome
  const why = `${callName('create_vm', outcome.owner)} ended before the director learned of it: it never sent its metadata`
  return { leftover: { kind: 'server', id: server.id, name: server.name, ...outcome.owner, why } }
}

/** The name that a server had when it was made, however it is called now. */
export function firstNameOf(server: Server): string {
  return server.metadata[metadataKey.registryKey] ?? server.name
}

/** Director uuids are version 4 UUIDs; the name of a group on demand begins with one. */
const groupNamePattern = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})-./u

/**
 * An empty group that is named after a director, while that director has nothing made that is not finished: Nova does not
 * tell a group's age. Groups that operators gave a name are theirs. A group whose members are leftovers goes with them.
 */
export function classifyServerGroup(
  group: ServerGroup,
  inventory: ProjectInventory,
  leftoverServers: ReadonlyMap<string, Server>,
  limits: Limits,
): Classification {
  const owner = groupOwner(group, limits)
  if (owner === undefined) return { keep: 'its name names no director' }
  const listed = { kind: 'server group', id: group.id, name: group.name, directorUuid: owner } as const
  const [firstMember] = group.members
  if (firstMember !== undefined) {
    const goesAlong = group.members.every(
      (id) => leftoverServers.get(id)?.metadata[metadataKey.serverGroup] === group.id,
    )
    if (!goesAlong) return { keep: 'it has members' }
    const why = `all its members are leftovers and go first: ${group.members.join(', ')}`
    return { leftover: { ...listed, why, goesWith: { kind: 'server', id: firstMember } } }
  }
  if (isDirectorBusy(owner, inventory, limits)) return { keep: 'a VM may be being made for it', isTooYoung: true }
  return { leftover: { ...listed, why: 'it is empty, and was made on demand for VMs of this director' } }
}

function groupOwner(group: ServerGroup, { directorUuid }: Limits): string | undefined {
  if (directorUuid !== undefined) return group.name.startsWith(`${directorUuid}-`) ? directorUuid : undefined
  return groupNamePattern.exec(group.name)?.[1]
}

function isDirectorBusy(directorUuid: string, { servers, ports }: ProjectInventory, limits: Limits): boolean {
  const isYoung = (marks: Readonly<Record<string, string>>, createdAt: string | undefined) => {
    const outcome = checkOwnership(creationMarksOf(marks, createdAt), { ...limits, directorUuid })
    return 'keep' in outcome && outcome.isTooYoung === true
  }
  return (
    servers.some((server) => isUnfinished(server.metadata) && isYoung(server.metadata, server.created)) ||
    ports.some(
      (port) =>
        port.device_id === '' &&
        isOwnPortName(port.name) &&
        isYoung(parseOriginText(port.description ?? ''), port.created_at),
    )
  )
}
