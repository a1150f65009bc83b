import type { DiskCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { deleteVolume, requestDirectDeletion } from '../operations/volumes/delete-volume.ts'
import { isResourceId } from '../planning/cids.ts'
import { waitForVolumeDeleted } from '../services/block-storage/volumes.ts'

/**
 * `delete_disk` (driver spec §7.11, contract §6.11). A disk that a director knows was made long ago: Cinder is asked at
 * once, and refuses where the volume has to be waited for or must stay; then we look why.
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
