import type { SnapshotCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { isResourceId } from '../planning/resource-id.ts'
import { deleteVolumeSnapshot } from './volumes/delete-volume-snapshot.ts'

/** `delete_snapshot` (driver spec §7.20, contract §6.20). */
export async function deleteSnapshot(ctx: DriverContext, snapshot: SnapshotCid): Promise<void> {
  if (isResourceId(snapshot)) await deleteVolumeSnapshot(ctx, snapshot)
  else ctx.log.info(`\`${snapshot}' is no snapshot id: nothing to delete`)
}
