import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined } from '../../http/openstack-error.ts'
import type { Problems } from '../../rollback/cleanup-problems.ts'
import type { Port } from '../../services/network/ports.ts'
import { forEachInParallel } from '../in-parallel.ts'
import { serverTag } from './port-tags.ts'

/** Whether a port is a server's, and not one that somebody else's service bound to it (driver spec §7.5). */
export function isServerPort({ device_owner: owner }: Port): boolean {
  return owner === '' || owner.startsWith('compute:')
}

/**
 * Deletes ports side by side; those that Nova took away with the server are a success. What fails is marked with the
 * server, so that the repeated call finds it: servers made by other CPIs have ports without such a mark.
 * @param serverId for the mark; nothing is marked without
 */
export async function deletePorts(
  ctx: DriverContext,
  ports: readonly Port[],
  problems: Problems,
  serverId?: string,
): Promise<void> {
  await forEachInParallel(ports, async (port) => {
    try {
      await foundOrUndefined(ctx.services.network.ports.delete(port.id))
    } catch (error) {
      problems.add('Removing ports', error)
      if (serverId !== undefined) await mark(ctx, serverId, port)
    }
  })
}

async function mark(ctx: DriverContext, serverId: string, { id, tags = [] }: Port): Promise<void> {
  const tag = serverTag(serverId)
  if (tags.includes(tag)) return
  try {
    await ctx.services.network.ports.setTags(id, [...tags, tag])
  } catch (error) {
    ctx.log.warn(`Port ${id} could not be tagged with its server: ${String(error)}`)
  }
}
