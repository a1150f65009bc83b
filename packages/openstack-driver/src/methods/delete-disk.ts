import type { DiskCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { deleteVolume, requestDirectDeletion } from '../operations/volumes/delete-volume.ts'
import { isResourceId } from '../planning/cids.ts'
import { waitForVolumeDeleted } from '../services/block-storage/volumes.ts'

/**
 * `delete_disk` (driver spec §7.11, contract §6.11). Sends the deletion first, as a disk that a
 * director knows is usually deletable, and looks for the reason only if Cinder refuses.
 */
export async function deleteDisk(ctx: DriverContext, disk: DiskCid): Promise<void> {
  if (!isResourceId(disk)) {
    ctx.log.info(`\`${disk}' is no volume id: nothing to delete`)
    return
  }
  const { volumes } = ctx.services.blockStorage
  const outcome = await requestDirectDeletion(() => volumes.delete(disk))
  if (outcome === 'refused') await deleteVolume(ctx, disk)
  else if (outcome === 'accepted') await waitForVolumeDeleted(volumes, disk, ctx.pace)
}
