import { CpiError } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined, hasStatus, isNotFound } from '../../http/openstack-error.ts'
import { collect } from '../../http/service-client.ts'
import { isBroken, isInUse } from '../../planning/volume-state.ts'
import { waitForVolumeDeleted } from '../../services/block-storage/volumes.ts'
import { deleteEvenUnseen } from './delete-unseen.ts'
import { settledVolume } from './volume-waits.ts'

/**
 * Deletes a volume and returns when it is gone; a missing one is a success (driver spec §7.11). Waits first when it is
 * being created or detached. Throws `CloudError` when it is in use or has snapshots.
 */
export async function deleteVolume(ctx: DriverContext, volumeId: string): Promise<void> {
  const { volumes } = ctx.services.blockStorage
  const found = await foundOrUndefined(volumes.show(volumeId))
  const volume = found === undefined ? undefined : await settledVolume(ctx, found)
  if (volume === undefined) return
  if (volume.status !== 'deleting') {
    const isDeletable = volume.status === 'available' ? !isInUse(volume) : isBroken(volume)
    if (!isDeletable) throw new CpiError('CloudError', `Cannot delete volume \`${volumeId}', state is ${volume.status}`)
    await requestDeletion(ctx, volumeId)
  }
  await waitForVolumeDeleted(volumes, volumeId, ctx.pace)
}

/** Takes back the creation of a volume, even when Cinder does not let it be read. */
export async function discardVolume(ctx: DriverContext, volumeId: string): Promise<void> {
  const { volumes } = ctx.services.blockStorage
  await deleteEvenUnseen(
    ctx,
    `Volume \`${volumeId}'`,
    () => deleteVolume(ctx, volumeId),
    () => volumes.delete(volumeId),
  )
}

async function requestDeletion(ctx: DriverContext, volumeId: string): Promise<void> {
  const { snapshots, volumes } = ctx.services.blockStorage
  try {
    await volumes.delete(volumeId)
  } catch (error) {
    if (isNotFound(error)) return
    if (!hasStatus(error, 400)) throw error
    // Somebody else was quicker, or our own request after its answer was lost.
    const seen = await foundOrUndefined(volumes.show(volumeId))
    if (seen === undefined || seen.status === 'deleting') return
    // Cinder's answer to any obstacle is one sentence with all possible ones.
    const kept = await collect(snapshots.list({ volume_id: volumeId }))
    if (kept.length === 0) throw error
    const ids = kept.map((snapshot) => `\`${snapshot.id}'`).join(', ')
    throw new CpiError(
      'CloudError',
      `Cannot delete volume \`${volumeId}': it has dependent snapshots, delete them first: ${ids}`,
      { cause: error },
    )
  }
}
