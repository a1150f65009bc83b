import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined, hasStatus, isNotFound } from '../../http/openstack-error.ts'
import { serverTag } from '../../planning/port-tags.ts'
import type { Problems } from '../../rollback.ts'
import type { Port } from '../../services/network/ports.ts'
import { forEachInParallel } from '../in-parallel.ts'

/**
 * Deletes a port; a missing one is a success. From OpenStack 2026.2 on tenants may not delete ports that are bound to a
 * server (403 PolicyNotAuthorized), though they may release them: such a port is released, then deleted.
 * https://docs.openstack.org/api-ref/network/v2/#update-port
 */
export async function deletePort(ctx: DriverContext, id: string): Promise<void> {
  const { ports } = ctx.services.network
  try {
    await ports.delete(id)
  } catch (error) {
    if (isNotFound(error)) return
    if (!hasStatus(error, 403)) throw error
    ctx.log.info(`Port ${id} may not be deleted while it is bound, releasing it: ${error.message}`)
    if ((await foundOrUndefined(ports.release(id))) === undefined) return
    await foundOrUndefined(ports.delete(id))
  }
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
      await deletePort(ctx, port.id)
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
