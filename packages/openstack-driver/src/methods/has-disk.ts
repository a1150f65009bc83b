import type { DiskCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined } from '../http/openstack-error.ts'
import { isResourceId } from '../planning/cids.ts'

/** `has_disk` (driver spec §7.12, contract §6.12). What is no volume id is no disk. */
export async function hasDisk(ctx: DriverContext, disk: DiskCid): Promise<boolean> {
  if (!isResourceId(disk)) return false
  return (await foundOrUndefined(ctx.services.blockStorage.volumes.show(disk))) !== undefined
}
