import { CpiError } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined, hasStatus, isNotFound, OpenStackError } from '../../http/openstack-error.ts'
import { collect } from '../../http/service-client.ts'
import { isBroken, isInUse } from '../../planning/volumes.ts'
import { waitForVolumeDeleted } from '../../services/block-storage/volumes.ts'
import { waitWhileTransient } from './wait-for-volume.ts'

/**
 * Deletes a volume and returns when it is gone; a missing one is a success (driver spec §7.11). Waits first when it is
 * being created or detached. Throws `CloudError` when it is in use or has snapshots.
 */
export async function deleteVolume(ctx: DriverContext, volumeId: string): Promise<void> {
  const { volumes } = ctx.services.blockStorage
  const found = await foundOrUndefined(volumes.show(volumeId))
  const volume = found === undefined ? undefined : await waitWhileTransient(ctx, found)
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
  await deleteEvenUnreadable(
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
    // Another process was faster, or our own first request, which got no response.
    const seen = await foundOrUndefined(volumes.show(volumeId))
    if (seen === undefined || seen.status === 'deleting') return
    // Cinder's answer to any obstacle is one sentence with all possible ones.
    const listed = await collect(snapshots.list({ volume_id: volumeId }))
    const kept = listed.filter((snapshot) => snapshot.volume_id === volumeId)
    if (kept.length === 0) throw error
    const ids = kept.map((snapshot) => `\`${snapshot.id}'`).join(', ')
    throw new CpiError(
      'CloudError',
      `Cannot delete volume \`${volumeId}': it has dependent snapshots, delete them first: ${ids}`,
      { cause: error },
    )
  }
}

/**
 * Asks Cinder to delete something that was made whole. Not for what may still be `creating`: Cinder drops the record of
 * a volume that no backend has yet, even if the backend creates it afterwards.
 * @returns `refused` when its state does not allow it
 */
export async function requestDirectDeletion(request: () => Promise<void>): Promise<'accepted' | 'gone' | 'refused'> {
  try {
    await request()
    return 'accepted'
  } catch (error) {
    if (isNotFound(error)) return 'gone'
    if (hasStatus(error, 400)) return 'refused'
    throw error
  }
}

/**
 * Undoes a creation although the object may not be readable: what cannot be looked at can often be deleted all the same.
 * @param remove deletes with looking before and after
 * @param request sends nothing but the deletion
 */
export async function deleteEvenUnreadable(
  ctx: DriverContext,
  what: string,
  remove: () => Promise<void>,
  request: () => Promise<void>,
): Promise<void> {
  try {
    await remove()
  } catch (error) {
    if (!(error instanceof OpenStackError)) throw error
    ctx.log.warn(`${what} could not be watched while it is deleted: ${error.message}`)
    // The first error says more than that of the second attempt.
    await foundOrUndefined(request()).catch(() => Promise.reject(error))
  }
}
