import { CpiError, type StemcellCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined, isConflict } from '../http/openstack-error.ts'
import { isResourceId, parseStemcellCid } from '../planning/cids.ts'

/** `delete_stemcell` (driver spec §7.3, contract §6.3). The image of a light stemcell is the operator's and stays. */
export async function deleteStemcell(ctx: DriverContext, stemcell: StemcellCid): Promise<void> {
  const { imageId, isLight } = parseStemcellCid(stemcell)
  if (isLight) {
    ctx.log.info(`Image \`${imageId}' belongs to a light stemcell and is not deleted`)
    return
  }
  if (!isResourceId(imageId)) {
    ctx.log.info(`\`${imageId}' is no image id: nothing to delete`)
    return
  }
  try {
    await foundOrUndefined(ctx.services.image.images.delete(imageId))
  } catch (error) {
    if (!isConflict(error)) throw error
    throw new CpiError('CloudError', `Cannot delete image \`${imageId}', it is in use: ${error.message}`, {
      cause: error,
    })
  }
}
