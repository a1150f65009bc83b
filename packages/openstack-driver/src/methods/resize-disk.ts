import type { DiskCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined } from '../http/openstack-error.ts'
import { detachedVolume, extendVolume } from '../operations/volumes/change-volume.ts'
import { diskNotFound, volumeIdOf } from '../planning/cids.ts'
import { planResize, toGiB } from '../planning/volumes.ts'

/** `resize_disk` (driver spec §7.15, contract §6.15). Throws `NotSupported` for a smaller size, `DiskNotFound`. */
export async function resizeDisk(ctx: DriverContext, disk: DiskCid, newSizeMiB: number): Promise<void> {
  const volumeId = volumeIdOf(disk)
  const found = await foundOrUndefined(ctx.services.blockStorage.volumes.show(volumeId))
  if (found === undefined) throw diskNotFound(volumeId)
  if (planResize(found, newSizeMiB) === 'keep') {
    ctx.log.info(`Volume \`${volumeId}' has ${found.size} GiB already`)
    return
  }
  const volume = await detachedVolume(ctx, found)
  if (volume === undefined) throw diskNotFound(volumeId)
  // An earlier call that did not answer may have extended it meanwhile.
  if (planResize(volume, newSizeMiB) === 'keep') return
  await extendVolume(ctx, volume, toGiB(newSizeMiB))
}
