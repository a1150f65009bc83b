import type { SnapshotCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { deleteVolumeSnapshot } from '../operations/volumes/delete-snapshot.ts'
import { requestDirectDeletion } from '../operations/volumes/delete-volume.ts'
import { isResourceId } from '../planning/cids.ts'
import { waitForSnapshotDeleted } from '../services/block-storage/snapshots.ts'

/**
 * `delete_snapshot` (driver spec §7.20, contract §6.20). Sends the deletion first, and looks for the reason only if
 * Cinder refuses.
 */
export async function deleteSnapshot(ctx: DriverContext, snapshot: SnapshotCid): Promise<void> {
  if (!isResourceId(snapshot)) {
    ctx.log.info(`\`${snapshot}' is no snapshot id: nothing to delete`)
    return
  }
  const { snapshots } = ctx.services.blockStorage
  const outcome = await requestDirectDeletion(() => snapshots.delete(snapshot))
  if (outcome === 'refused') await deleteVolumeSnapshot(ctx, snapshot)
  else if (outcome === 'accepted') await waitForSnapshotDeleted(snapshots, snapshot, ctx.pace)
}
