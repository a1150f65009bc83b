import type { VmCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { deleteServerWhole } from '../operations/servers/delete-server.ts'
import { isResourceId } from '../planning/cids.ts'

/** `delete_vm` (driver spec §7.5, contract §6.5). A VM that is gone is a success. */
export async function deleteVm(ctx: DriverContext, vm: VmCid): Promise<void> {
  if (isResourceId(vm)) await deleteServerWhole(ctx, vm)
  else ctx.log.warn(`'${vm}' is not the id of a server: nothing to delete`)
}
