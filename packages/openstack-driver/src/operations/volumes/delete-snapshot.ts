import { CpiError } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined, hasStatus, isNotFound } from '../../http/openstack-error.ts'
import { done, waitFor, waiting } from '../../http/waiter.ts'
import { type Snapshot, waitForSnapshotDeleted } from '../../services/block-storage/snapshots.ts'
import { deleteEvenUnreadable } from './delete-volume.ts'

/**
 * Deletes a snapshot and returns when it is gone; a missing one is a success (driver spec §7.20). One that is still
 * being made is waited for: Cinder refuses to delete it.
 */
export async function deleteVolumeSnapshot(ctx: DriverContext, snapshotId: string): Promise<void> {
  const { snapshots } = ctx.services.blockStorage
  const found = await foundOrUndefined(snapshots.show(snapshotId))
  const snapshot = found === undefined ? undefined : await madeSnapshot(ctx, found)
  if (snapshot === undefined) return
  if (snapshot.status !== 'deleting') {
    if (snapshot.status !== 'available' && !snapshot.status.startsWith('error')) {
      throw new CpiError('CloudError', `Cannot delete snapshot \`${snapshotId}', state is ${snapshot.status}`)
    }
    await requestDeletion(ctx, snapshotId)
  }
  await waitForSnapshotDeleted(snapshots, snapshotId, ctx.pace)
}

/** Takes back the creation of a snapshot, even when Cinder does not let it be read. */
export async function discardSnapshot(ctx: DriverContext, snapshotId: string): Promise<void> {
  const { snapshots } = ctx.services.blockStorage
  await deleteEvenUnreadable(
    ctx,
    `Snapshot \`${snapshotId}'`,
    () => deleteVolumeSnapshot(ctx, snapshotId),
    () => snapshots.delete(snapshotId),
  )
}

async function requestDeletion(ctx: DriverContext, snapshotId: string): Promise<void> {
  const { snapshots } = ctx.services.blockStorage
  try {
    await snapshots.delete(snapshotId)
  } catch (error) {
    if (isNotFound(error)) return
    // Another process was faster, or our own first request, which got no response.
    const seen = hasStatus(error, 400) ? await foundOrUndefined(snapshots.show(snapshotId)) : undefined
    const isUnderWay = hasStatus(error, 400) && (seen === undefined || seen.status === 'deleting')
    if (!isUnderWay) throw error
  }
}

async function madeSnapshot(ctx: DriverContext, snapshot: Snapshot): Promise<Snapshot | undefined> {
  if (snapshot.status !== 'creating') return snapshot
  return await waitFor<Snapshot, Snapshot | undefined>(ctx.pace, {
    what: `Snapshot \`${snapshot.id}'`,
    target: 'created',
    poll: () => foundOrUndefined(ctx.services.blockStorage.snapshots.show(snapshot.id)),
    state: (seen) => seen.status,
    classify: (seen) => (seen.status === 'creating' ? waiting : done(seen)),
    whenGone: () => undefined,
  })
}
