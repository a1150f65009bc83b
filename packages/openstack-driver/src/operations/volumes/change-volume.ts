import { CpiError, messageOf } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { firstPollsMs } from '../../http/first-polls.ts'
import { foundOrUndefined, hasStatus, isNotFound, isQuota } from '../../http/openstack-error.ts'
import { isResourceId } from '../../planning/cids.ts'
import { describeUse, isInUse } from '../../planning/volumes.ts'
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
    if (isQuota(error)) {
      throw new CpiError(
        'NoDiskSpace',
        `Cannot extend volume \`${volume.id}' from ${volume.size} to ${newSizeGiB} GiB: ${error.message}`,
        { okToRetry: false, cause: error },
      )
    }
    // Another call for the same disk may have been faster.
    const seen = hasStatus(error, 400) ? await foundOrUndefined(volumes.show(volume.id)) : undefined
    if (seen === undefined || !(seen.status === 'extending' || hasNewSize(seen))) throw error
    ctx.log.info(`Volume \`${volume.id}' is extended by another call: ${messageOf(error)}`)
  }
  await waitForVolume(volumes, volume.id, 'available', ctx.pace, {
    firstPollMs: firstPollsMs.volumeExtended,
    isReady: hasNewSize,
    isLost: failOnSecondSighting(
      (seen) => seen.status === 'available',
      `Cinder gave up extending it: it still has ${volume.size} GiB instead of ${newSizeGiB} GiB`,
    ),
  })
}

/** Data may have to be copied to another backend: that takes longer than any other wait. */
const timeoutFactor = 12

/**
 * Changes the type of a detached volume, moving its data if need be (driver spec §7.16). Does nothing when it has the
 * type. Throws `NotSupported` when Cinder refuses the change, `NoDiskSpace` for a quota, and fails when the type is the
 * old one afterwards.
 * @param type name or id
 */
export async function retypeVolume(ctx: DriverContext, volume: Volume, type: string): Promise<void> {
  const { volumes } = ctx.services.blockStorage
  const typeName = await nameOfType(ctx, volume, type)
  if (volume.volume_type === typeName) return
  const hasNewType = (seen: Volume) => seen.volume_type === typeName
  try {
    await sendNonIdempotent(
      ctx,
      `retyping volume ${volume.id}`,
      () => volumes.retype(volume.id, type, 'on-demand'),
      async () => {
        const seen = await volumes.show(volume.id)
        return seen.status !== 'available' || hasNewType(seen)
      },
    )
  } catch (error) {
    throw explained(error, volume, type)
  }
  const pace = { ...ctx.pace, timeoutMs: ctx.pace.timeoutMs * timeoutFactor }
  await waitForVolume(volumes, volume.id, 'available', pace, {
    isReady: (seen) => hasNewType(seen) && !isMigrating(seen),
    isLost: failOnSecondSighting(
      (seen) => seen.status === 'available' && !isMigrating(seen),
      `The retype failed: its type is still '${volume.volume_type}' instead of '${typeName}'`,
    ),
  })
}

/** Volumes show their type's name only. */
async function nameOfType(ctx: DriverContext, volume: Volume, type: string): Promise<string> {
  if (volume.volume_type === type || !isResourceId(type)) return type
  const found = await foundOrUndefined(ctx.services.blockStorage.volumeTypes.show(type))
  return found?.name ?? type
}

function isMigrating(volume: Volume): boolean {
  return ['starting', 'migrating', 'completing'].includes(volume.migration_status ?? '')
}

function explained(error: unknown, volume: Volume, type: string): unknown {
  const message = `Cannot change volume \`${volume.id}' from type '${volume.volume_type}' to '${type}'`
  const text = messageOf(error)
  if (isQuota(error)) return new CpiError('NoDiskSpace', `${message}: ${text}`, { okToRetry: false, cause: error })
  if (isNotFound(error)) return new CpiError('CloudError', `${message}: ${text}`, { cause: error })
  if (!hasStatus(error, 400, 403)) return error
  return new CpiError('NotSupported', `${message}: ${text}`, { cause: error })
}
