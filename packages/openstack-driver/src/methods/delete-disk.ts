import type { DiskCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { isResourceId } from '../planning/resource-id.ts'
import { deleteVolume } from './volumes/delete-volume.ts'

/** `delete_disk` (driver spec §7.11, contract §6.11). */
export async function deleteDisk(ctx: DriverContext, disk: DiskCid): Promise<void> {
  if (isResourceId(disk)) await deleteVolume(ctx, disk)
  else ctx.log.info(`\`${disk}' is no volume id: nothing to delete`)
}
