import { CpiError, type CreateDisk, type DiskCid, diskCid, messageOf, type VmCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { firstPollsMs } from '../http/first-polls.ts'
import { foundOrUndefined, hasStatus, isNotFound, isQuota } from '../http/openstack-error.ts'
import { whenVisible } from '../operations/tolerant-request.ts'
import { createVolume } from '../operations/volumes/create-volume.ts'
import { finishPendingResult } from '../pending-results.ts'
import { basicPlane } from '../planning/basic-plane.ts'
import { isResourceId } from '../planning/cids.ts'
import { creationMark, unfinishedOriginOf } from '../planning/creation-marks.ts'
import { novaMetadata } from '../planning/metadata.ts'
import { type DiskCloudProperties, readDiskCloudProperties, toGiB } from '../planning/volumes.ts'
import { withRollback } from '../rollback.ts'
import { type VolumeCreate, waitForVolume } from '../services/block-storage/volumes.ts'

/** Of Cinder. https://docs.openstack.org/api-ref/block-storage/v3/#create-a-volume */
const maxDescriptionCharacters = 255

/** `create_disk` (driver spec §7.10, contract §6.10). Throws `NoDiskSpace`, not to be retried, when a quota is used up. */
export async function createDisk(ctx: DriverContext, request: CreateDisk): Promise<DiskCid> {
  const sizeGiB = toGiB(request.sizeMiB)
  const properties = readDiskCloudProperties(request.cloudProperties, ctx.log)
  const volumeType = properties.type ?? ctx.config.defaultVolumeType
  const zone = properties.availabilityZone ?? (await zoneOfServer(ctx, request.vm))
  const wanted: VolumeCreate = {
    name: `volume-${ctx.random.uuid()}`,
    // Volumes need names of their own: after a lost response a volume is looked up by its name.
    description: basicPlane(properties.name ?? '').slice(0, maxDescriptionCharacters),
    size: sizeGiB,
    ...(volumeType === undefined ? {} : { volume_type: volumeType }),
    ...(zone === undefined ? {} : { availability_zone: zone }),
    ...(ctx.config.tagResources ? { metadata: novaMetadata(unfinishedOriginOf(ctx.call)) } : {}),
  }
  return await withRollback(ctx, async (rollback) => {
    const { volumes } = ctx.services.blockStorage
    const volume = await createVolume(ctx, rollback, 'volume', wanted, properties.schedulerHints).catch(
      (error: unknown) => Promise.reject(explained(error, wanted, properties)),
    )
    await waitForVolume(volumes, volume.id, 'available', ctx.pace, {
      isJustMade: true,
      firstPollMs: firstPollsMs.volumeCreated,
    })
    // Marked by this call itself: if a later call did it, a disk with data might look unfinished.
    if (ctx.config.tagResources) {
      await finishPendingResult(ctx.pendingResults, { kind: 'volume', id: volume.id }, () =>
        whenVisible(ctx, `volume ${volume.id}`, () => volumes.setMetadata(volume.id, creationMark('finished'))),
      )
    }
    return diskCid(volume.id)
  })
}

/** The server's zone as a hint where the disk will be needed; none when the server is gone (contract §6.10). */
async function zoneOfServer(ctx: DriverContext, vm: VmCid | undefined): Promise<string | undefined> {
  if (vm === undefined || ctx.config.ignoreServerAvailabilityZone) return undefined
  const server = isResourceId(vm) ? await foundOrUndefined(ctx.services.compute.servers.show(vm)) : undefined
  if (server === undefined) ctx.log.info(`Server \`${vm}' not found: the disk is created without its availability zone`)
  return server?.['OS-EXT-AZ:availability_zone'] || undefined
}

function explained(error: unknown, wanted: VolumeCreate, properties: DiskCloudProperties): unknown {
  const text = messageOf(error)
  if (isQuota(error)) {
    return new CpiError('NoDiskSpace', `Cannot create a volume of ${wanted.size} GiB: ${text}`, {
      okToRetry: false,
      cause: error,
    })
  }
  if (isNotFound(error) && wanted.volume_type !== undefined) {
    return new CpiError('CloudError', `Volume type \`${wanted.volume_type}' not found: ${text}`, { cause: error })
  }
  if (hasStatus(error, 400) && /availability zone/i.test(text)) {
    const advice =
      properties.availabilityZone === undefined
        ? "The VM's zone is none of Cinder's: set \"openstack.ignore_server_availability_zone\", or name a zone of Cinder in the disk's cloud properties"
        : "Name one of Cinder's zones in the disk's cloud properties"
    return new CpiError('CloudError', `${text}. ${advice}`, { cause: error })
  }
  return error
}
