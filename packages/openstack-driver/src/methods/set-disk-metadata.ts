import type { DiskCid, JsonObject } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { isNotFound } from '../http/openstack-error.ts'
import { diskNotFound, volumeIdOf } from '../planning/cids.ts'
import { creationMark } from '../planning/creation-marks.ts'
import { novaMetadata, withoutReservedKeys } from '../planning/metadata.ts'

/**
 * `set_disk_metadata` (driver spec §7.17, contract §6.17): merges, adapts what Cinder would refuse. Throws
 * `DiskNotFound`.
 */
export async function setDiskMetadata(ctx: DriverContext, disk: DiskCid, metadata: JsonObject): Promise<void> {
  const volumeId = volumeIdOf(disk)
  try {
    // Cinder's limits are Nova's. An empty set is sent as well: the answer tells whether the volume exists.
    await ctx.services.blockStorage.volumes.setMetadata(volumeId, {
      ...withoutReservedKeys(novaMetadata(metadata)),
      ...(ctx.config.tagResources ? creationMark('finished') : {}),
    })
  } catch (error) {
    throw isNotFound(error) ? diskNotFound(volumeId, error) : error
  }
}
