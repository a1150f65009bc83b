import { CpiError } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { isQuota } from '../../http/openstack-error.ts'
import { describeUse, isInUse } from '../../planning/volume-state.ts'
import { type Volume, waitForVolume } from '../../services/block-storage/volumes.ts'
import { sendNonIdempotent } from '../ambiguous-request.ts'
import { failOnSecondSighting, waitWhileTransient } from './wait-for-volume.ts'

/**
 * The volume, ready to be changed: in no transient state and unattached. Throws `CloudError` when it is in use.
 * @returns undefined when it went away
 */
export async function detachedVolume(ctx: DriverContext, found: Volume): Promise<Volume | undefined> {
  const volume = await waitWhileTransient(ctx, found)
  if (volume === undefined) return undefined
  if (isInUse(volume)) {
    throw new CpiError('CloudError', `Cannot change volume \`${volume.id}': ${describeUse(volume)}`)
  }
  if (volume.status !== 'available') {
    throw new CpiError('CloudError', `Cannot change volume \`${volume.id}', state is ${volume.status}`)
  }
  return volume
}

/** Makes a detached volume bigger and checks that it is (driver spec §7.15). Throws `NoDiskSpace` for a quota. */
export async function extendVolume(ctx: DriverContext, volume: Volume, newSizeGiB: number): Promise<void> {
  const { volumes } = ctx.services.blockStorage
  const hasNewSize = (seen: Volume) => seen.size === newSizeGiB
  try {
    await sendNonIdempotent(
      ctx,
      `extending volume ${volume.id}`,
      () => volumes.extend(volume.id, newSizeGiB),
      async () => {
        const seen = await volumes.show(volume.id)
        return seen.status !== 'available' || hasNewSize(seen)
      },
    )
  } catch (error) {
    if (!isQuota(error)) throw error
    throw new CpiError(
      'NoDiskSpace',
      `Cannot extend volume \`${volume.id}' from ${volume.size} to ${newSizeGiB} GiB: ${error.message}`,
      { okToRetry: false, cause: error },
    )
  }
  await waitForVolume(volumes, volume.id, 'available', ctx.pace, {
    isReady: hasNewSize,
    isLost: failOnSecondSighting(
      (seen) => seen.status === 'available',
      `Cinder gave up extending it: it still has ${volume.size} GiB instead of ${newSizeGiB} GiB`,
    ),
  })
}
