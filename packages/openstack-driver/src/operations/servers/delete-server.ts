import { CpiError } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined, hasStatus, isConflict } from '../../http/openstack-error.ts'
import { metadataKey } from '../../planning/creation-marks.ts'
import { isMadeFor } from '../../planning/ownership.ts'
import { taggedGroups } from '../../planning/port-tags.ts'
import { Problems } from '../../rollback.ts'
import {
  isServerGone,
  isServerSoftDeleted,
  type Server,
  taskOf,
  waitForServerDeleted,
  waitForServerPurged,
} from '../../services/compute/servers.ts'
import type { Port } from '../../services/network/ports.ts'
import { inParallel } from '../in-parallel.ts'
import { leavePools, leavePoolsOfGoneServer, leavePoolsOfPorts } from '../pools/leave-pools.ts'
import { deletePorts } from '../ports/delete-ports.ts'
import { nicsOf, releasedNicsOf } from '../ports/find-ports.ts'
import { deleteServerGroupIfEmpty } from '../server-group.ts'
import { waitForFreeVolumes } from '../volume-attachments/detach-volume.ts'
import { volumesOfServer } from './volumes-of-server.ts'

/**
 * Deletes a server with its ports, pool memberships and its empty server group, and returns when its volumes can be
 * attached elsewhere (driver spec §7.5). A server that is gone is a success; what an earlier, failed call left of it is
 * removed then. Errors are collected: one failure does not keep the rest from being removed.
 */
export async function deleteServerWhole(ctx: DriverContext, serverId: string): Promise<void> {
  // Once the server is gone Nova has unbound its ports, and nothing leads from the one to the other.
  const { servers } = ctx.services.compute
  const [seen, bound] = await inParallel([() => foundOrUndefined(servers.show(serverId)), () => nicsOf(ctx, serverId)])
  // A false "gone" would lose track of the server for ever; bound ports speak against it.
  const server = seen === undefined && bound.length > 0 ? await foundOrUndefined(servers.show(serverId)) : seen
  const isGone = server === undefined || isServerGone(server)
  const isOwn = isMadeFor(serverId)
  for (const { id, name } of bound.filter((port) => !isOwn(port))) {
    ctx.log.info(`Port ${id} '${name}' was not made for server \`${serverId}': it is not deleted`)
  }
  const ports = [...bound.filter(isOwn), ...(isGone || isInTrouble(server) ? await releasedNicsOf(ctx, serverId) : [])]
  const problems = new Problems()
  if (isGone) await deleteRemains(ctx, serverId, ports, problems)
  else await deleteWithPorts(ctx, server, ports, problems)
  problems.raise()
}

/** Nova may already have unbound the ports of a server that is being deleted, or whose build or deletion failed. */
function isInTrouble(server: Server): boolean {
  return server.status === 'ERROR' || isServerSoftDeleted(server) || taskOf(server) !== undefined
}

async function deleteRemains(
  ctx: DriverContext,
  serverId: string,
  ports: readonly Port[],
  problems: Problems,
): Promise<void> {
  ctx.log.info(`Server \`${serverId}' is gone, removing what it left: ${ports.length} ports`)
  const freed = await leavePoolsOfPorts(ctx, ports, problems)
  await leavePoolsOfGoneServer(ctx, serverId, problems)
  for (const groupId of taggedGroups(freed)) await removeGroup(ctx, groupId, serverId)
  await deletePorts(ctx, freed, problems, serverId)
}

async function deleteWithPorts(
  ctx: DriverContext,
  server: Server,
  ports: readonly Port[],
  problems: Problems,
): Promise<void> {
  const kept = await leavePools(ctx, server, ports, problems)
  const attached = await volumesOfServer(ctx, server)
  try {
    if (isServerSoftDeleted(server)) await purgeServer(ctx, server.id)
    else await removeServer(ctx, server.id)
  } catch (error) {
    // The ports stay bound, so that the repeated call finds them.
    problems.add('Wait for server deletion', error)
    return
  }
  const groupId = server.metadata[metadataKey.serverGroup]
  const released = ports.filter(({ id }) => !kept.has(id))
  await inParallel([
    async () => {
      // The tags of the ports name the group, so they go last: a call that is killed before can be repeated.
      if (groupId !== undefined) await removeGroup(ctx, groupId, server.id)
      await deletePorts(ctx, released, problems, server.id)
    },
    () => waitForFreeVolumes(ctx, server.id, attached, problems),
  ])
}

/** Nothing names the group once server and ports are gone, so a failure is tried once more. All it costs is its name. */
async function removeGroup(ctx: DriverContext, id: string, deletedServerId: string): Promise<void> {
  try {
    await deleteServerGroupIfEmpty(ctx, id, deletedServerId).catch(() =>
      deleteServerGroupIfEmpty(ctx, id, deletedServerId),
    )
  } catch (error) {
    ctx.log.warn(`Server group ${id} could not be removed: ${String(error)}`)
  }
}

/**
 * Deletes a server and waits until it is gone; a missing one is a success. Throws for a locked one. Where Nova keeps
 * deleted servers for a while (`reclaim_instance_interval`), the server is deleted for good, since it would keep its
 * disks and ports until then.
 */
export async function removeServer(ctx: DriverContext, id: string): Promise<void> {
  const { servers } = ctx.services.compute
  try {
    await foundOrUndefined(servers.delete(id))
  } catch (error) {
    if (isConflict(error) && /locked/i.test(error.fault?.message ?? '')) {
      throw new CpiError('CloudError', `Server '${id}' is locked: unlock it, then repeat. ${error.message}`, {
        cause: error,
      })
    }
    throw error
  }
  if ((await waitForServerDeleted(servers, id, ctx.pace)) === 'soft-deleted') await purgeServer(ctx, id)
}

/**
 * Deletes a soft-deleted server for good.
 * https://docs.openstack.org/api-ref/compute/#force-delete-server-forcedelete-action
 */
async function purgeServer(ctx: DriverContext, id: string): Promise<void> {
  const { servers } = ctx.services.compute
  ctx.log.info(`Server \`${id}' is soft-deleted: deleting it for good`)
  try {
    await foundOrUndefined(servers.forceDelete(id))
  } catch (error) {
    if (!hasStatus(error, 400, 403, 409)) throw error
    throw new CpiError(
      'CloudError',
      `Server \`${id}' is soft-deleted (Nova's reclaim_instance_interval) and keeps its ports and disks until Nova ` +
        `reclaims it. The CPI may not delete it for good: allow its user os_compute_api:os-deferred-delete:force, or run ` +
        `'openstack server delete --force ${id}'. ${error.message}`,
      { cause: error },
    )
  }
  await waitForServerPurged(servers, id, ctx.pace)
}
