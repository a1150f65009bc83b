import { CpiError } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined, hasStatus, isNotFound } from '../../http/openstack-error.ts'
import { serverTag } from '../../planning/port-tags.ts'
import type { Problems } from '../../rollback.ts'
import { isServerGone } from '../../services/compute/servers.ts'
import type { Port } from '../../services/network/ports.ts'
import { forEachInParallel } from '../in-parallel.ts'

/**
 * Deletes a port; a missing one is a success. From OpenStack 2026.2 on tenants may not delete ports that are bound to a
 * server (403 PolicyNotAuthorized), though they may release them: such a port is released, then deleted, unless it was
 * attached to another server meanwhile.
 * https://docs.openstack.org/api-ref/network/v2/#update-port
 * @param serverId the server that the port was made for, where it is known
 */
export async function deletePort(ctx: DriverContext, id: string, serverId?: string): Promise<void> {
  const { ports } = ctx.services.network
  try {
    await ports.delete(id)
  } catch (error) {
    if (isNotFound(error)) return
    if (!hasStatus(error, 403)) throw error
    const port = await foundOrUndefined(ports.show(id))
    if (port === undefined) return
    if (await isOfOtherServer(ctx, port, serverId)) {
      throw new CpiError('CloudError', `Port ${id} is not deleted: it is attached to server ${port.device_id} now`, {
        cause: error,
      })
    }
    ctx.log.info(`Port ${id} may not be deleted while it is bound, releasing it: ${error.message}`)
    if ((await foundOrUndefined(ports.release(id))) === undefined) return
    await foundOrUndefined(ports.delete(id))
  }
}

/** Whether the port is bound to a server that exists and is another one than it was made for. */
async function isOfOtherServer(ctx: DriverContext, port: Port, serverId: string | undefined): Promise<boolean> {
  if (port.device_id === '' || port.device_id === serverId) return false
  const server = await foundOrUndefined(ctx.services.compute.servers.show(port.device_id))
  return server !== undefined && !isServerGone(server)
}

/**
 * Deletes ports side by side; those that Nova removed with the server are a success. Ports that cannot be deleted are
 * tagged with the server, so that the repeated call finds them: ports made by other CPIs have no such tag.
 * @param serverId for the tag; absent: nothing is tagged
 */
export async function deletePorts(
  ctx: DriverContext,
  ports: readonly Port[],
  problems: Problems,
  serverId?: string,
): Promise<void> {
  await forEachInParallel(ports, async (port) => {
    try {
      await deletePort(ctx, port.id, serverId)
    } catch (error) {
      problems.add('Removing ports', error)
      if (serverId !== undefined) await tagWithServer(ctx, serverId, port)
    }
  })
}

async function tagWithServer(ctx: DriverContext, serverId: string, { id, tags }: Port): Promise<void> {
  const tag = serverTag(serverId)
  if (tags?.includes(tag) === true) return
  try {
    await ctx.services.network.ports.setTags(id, [...(tags ?? []), tag])
  } catch (error) {
    ctx.log.warn(`Port ${id} could not be tagged with its server: ${String(error)}`)
  }
}
