import type { VmCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined } from '../http/openstack-error.ts'
import { isResourceId } from '../planning/cids.ts'
import { isServerDeleted } from '../services/compute/servers.ts'

/** True for every state but deleted, `ERROR` included (driver spec §7.6). Throws when the cloud cannot tell. */
export async function hasVm(ctx: DriverContext, vm: VmCid): Promise<boolean> {
  if (!isResourceId(vm)) return false
  const server = await foundOrUndefined(ctx.services.compute.servers.show(vm))
  return server !== undefined && !isServerDeleted(server)
}
