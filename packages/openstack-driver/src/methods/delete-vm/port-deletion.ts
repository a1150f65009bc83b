import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined } from '../../http/openstack-error.ts'
import type { Port } from '../../services/network/ports.ts'
import { forEachInParallel } from '../in-parallel.ts'
import type { Problems } from './problems.ts'

/** Whether a port is a server's, and not one that somebody else's service bound to it (driver spec §7.5). */
export function isServerPort({ device_owner: owner }: Port): boolean {
  return owner === '' || owner.startsWith('compute:')
}

/** Deletes ports side by side; those that Nova took away with the server are a success. */
export async function deletePorts(ctx: DriverContext, ports: readonly Port[], problems: Problems): Promise<void> {
  await forEachInParallel(ports, async ({ id }) => {
    try {
      await foundOrUndefined(ctx.services.network.ports.delete(id))
    } catch (error) {
      problems.add('Removing ports', error)
    }
  })
}
