import type { VmCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined } from '../http/openstack-error.ts'
import { collect } from '../http/service-client.ts'
import { inParallel } from '../operations/in-parallel.ts'
import { leavePools, leavePoolsOfPorts } from '../operations/pools/leave-pools.ts'
import { deletePorts, isServerPort } from '../operations/ports/delete-ports.ts'
import { portsTaggedWith, taggedGroups } from '../operations/ports/port-tags.ts'
import { deleteServerGroupIfEmpty } from '../operations/server-group.ts'
import { removeServer } from '../operations/servers/remove-server.ts'
import { volumesOfServer } from '../operations/servers/volumes-of-server.ts'
import { waitForFreeVolumes } from '../operations/volume-attachments/wait-for-detach.ts'
import { isResourceId } from '../planning/resource-id.ts'
import { metadataKey } from '../planning/server-metadata.ts'
import { Problems } from '../rollback/cleanup-problems.ts'
import { isServerDeleted, type Server } from '../services/compute/servers.ts'
import type { Port } from '../services/network/ports.ts'

/**
 * Removes a VM with its ports and pool memberships, and returns when its volumes can be attached elsewhere (driver spec
 * §7.5). A VM that is gone is a success; what an earlier, failed call left of it is removed then. Errors are collected:
 * one failure does not keep the rest from being removed.
 */
export async function deleteVm(ctx: DriverContext, vm: VmCid): Promise<void> {
  if (!isResourceId(vm)) {
    ctx.log.warn(`'${vm}' is no id of a server: nothing to delete`)
    return
  }
  // Once the server is gone Nova has unbound its ports, and nothing leads from the one to the other.
  const { servers } = ctx.services.compute
  const [seen, bound] = await inParallel([
    () => foundOrUndefined(servers.show(vm)),
    () => collect(ctx.services.network.ports.list({ device_id: vm })),
  ])
  // A false "gone" would lose track of the server for ever; bound ports speak against it.
  const server = seen === undefined && bound.length > 0 ? await foundOrUndefined(servers.show(vm)) : seen
  const isGone = server === undefined || isServerDeleted(server)
  const ports = [...bound.filter(isServerPort), ...(isGone || isInTrouble(server) ? await unboundPorts(ctx, vm) : [])]
  const problems = new Problems()
  if (isGone) await deleteRemains(ctx, vm, ports, problems)
  else await deleteWhole(ctx, server, ports, problems)
  problems.raise()
}

/** A server that is being deleted, or whose build or deletion failed, has let go of its ports perhaps. */
function isInTrouble(server: Server): boolean {
  return server.status === 'ERROR' || server['OS-EXT-STS:task_state'] !== null
}

async function unboundPorts(ctx: DriverContext, vm: VmCid): Promise<Port[]> {
  return (await portsTaggedWith(ctx, vm)).filter(({ device_id }) => device_id === '')
}

async function deleteRemains(ctx: DriverContext, vm: VmCid, ports: readonly Port[], problems: Problems): Promise<void> {
  ctx.log.info(`Server \`${vm}' is gone, removing what it left: ${ports.length} ports`)
  const freed = await leavePoolsOfPorts(ctx, ports, problems)
  await deletePorts(ctx, freed, problems, vm)
  for (const groupId of taggedGroups(freed)) await removeGroup(ctx, groupId, vm)
}

async function deleteWhole(
  ctx: DriverContext,
  server: Server,
  ports: readonly Port[],
  problems: Problems,
): Promise<void> {
  const attached = await volumesOfServer(ctx, server)
  const kept = await leavePools(ctx, server, ports, problems)
  try {
    await removeServer(ctx, server.id)
  } catch (error) {
    // The ports stay bound, so that the repeated call finds them.
    problems.add('Wait for server deletion', error)
    return
  }
  const groupId = server.metadata[metadataKey.serverGroup]
  await inParallel([
    () =>
      deletePorts(
        ctx,
        ports.filter(({ id }) => !kept.has(id)),
        problems,
        server.id,
      ),
    () => waitForFreeVolumes(ctx, server, attached, problems),
    () => (groupId === undefined ? Promise.resolve() : removeGroup(ctx, groupId, server.id)),
  ])
}

/** Nothing names the group once the server is gone, so a failure is not left at one try. It costs nothing but its name. */
async function removeGroup(ctx: DriverContext, id: string, deletedServerId: string): Promise<void> {
  try {
    await deleteServerGroupIfEmpty(ctx, id, deletedServerId).catch(() =>
      deleteServerGroupIfEmpty(ctx, id, deletedServerId),
    )
  } catch (error) {
    ctx.log.warn(`Server group ${id} could not be removed: ${String(error)}`)
  }
}
