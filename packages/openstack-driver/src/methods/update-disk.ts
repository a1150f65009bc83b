import { CpiError, type DiskCid, type JsonObject } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined } from '../http/openstack-error.ts'
import { detachedVolume, extendVolume, retypeVolume } from '../operations/volumes/change-volume.ts'
import { diskNotFound, volumeIdOf } from '../planning/cids.ts'
import { planResize, readDiskCloudProperties, toGiB } from '../planning/volumes.ts'

/**
 * `update_disk` (driver spec §7.16, contract §6.16): changes a detached volume's type, then its size, in place. The type
 * comes first, because it may be refused, and "copy instead" (`NotSupported`) is only honest while nothing was changed.
 * @returns undefined: the disk keeps its CID
 */
export async function updateDisk(
  ctx: DriverContext,
  disk: DiskCid,
  newSizeMiB: number,
  cloudProperties: JsonObject,
): Promise<DiskCid | undefined> {
  const volumeId = volumeIdOf(disk)
  const properties = readDiskCloudProperties(cloudProperties, ctx.log)
  const found = await foundOrUndefined(ctx.services.blockStorage.volumes.show(volumeId))
  const volume = found === undefined ? undefined : await detachedVolume(ctx, found)
  if (volume === undefined) throw diskNotFound(volumeId)
  const sizeChange = planResize(volume, newSizeMiB)
  const zone = properties.availabilityZone
  if (zone !== undefined && volume.availability_zone !== undefined && zone !== volume.availability_zone) {
    throw new CpiError(
      'NotSupported',
      `Cannot move volume \`${volumeId}' from availability zone '${volume.availability_zone}' to '${zone}'`,
    )
  }
  const wantedType = properties.type ?? ctx.config.defaultVolumeType
  if (wantedType !== undefined) await retypeVolume(ctx, volume, wantedType)
  if (sizeChange === 'extend') await extendVolume(ctx, volume, toGiB(newSizeMiB))
  return undefined
}
