import { CpiError } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined, isConflict } from '../../http/openstack-error.ts'
import { waitForServerDeleted } from '../../services/compute/servers.ts'

/** Deletes a server and waits until it is gone; one that is gone already is a success. Throws for a locked one. */
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
  await waitForServerDeleted(servers, id, ctx.pace)
}
