import { CpiError } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined, hasStatus, isConflict } from '../../http/openstack-error.ts'
import { waitForServerDeleted, waitForServerPurged } from '../../services/compute/servers.ts'

/**
 * Deletes a server and waits until it is gone; a missing one is a success. Throws for a locked one. Where Nova keeps deleted
 * servers for a while (`reclaim_instance_interval`), the server is deleted for good, since it would keep its disks and
 * ports until then.
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

/** Deletes a soft-deleted server for good. https://docs.openstack.org/api-ref/compute/#force-delete-server-forcedelete-action */
export async function purgeServer(ctx: DriverContext, id: string): Promise<void> {
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
