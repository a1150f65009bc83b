import type { DriverContext } from '../../driver-context.ts'
import { firstPollsMs } from '../../http/first-polls.ts'
import { hasStatus } from '../../http/openstack-error.ts'
import { type BootMapping, bootMapping } from '../../planning/boot-source.ts'
import { metadataKey, originOf } from '../../planning/creation-marks.ts'
import { invalidVm } from '../../planning/invalid-vm.ts'
import { novaMetadata } from '../../planning/metadata.ts'
import type { VmPlan } from '../../planning/vm-plan.ts'
import type { Rollback } from '../../rollback.ts'
import { waitForVolume } from '../../services/block-storage/volumes.ts'
import { createVolume } from '../volumes/create-volume.ts'

/** Lets Nova choose the type of the volume it makes. */
const mappingTypeMicroversion = '2.67'

/** What the root disk adds to `POST /servers`. */
export interface BootDisk {
  /** Undefined: the server boots from the image. */
  readonly mapping: BootMapping[] | undefined
  readonly microversion: string | undefined
}

/**
 * Prepares the root disk (driver spec §8.2). Clouds older than Nova 2.67 cannot give the boot volume a type: there the
 * volume is made beforehand, and removed again if the server does not come to life.
 */
export async function prepareBootDisk(
  ctx: DriverContext,
  rollback: Rollback,
  vmPlan: VmPlan,
  zone: string | undefined,
): Promise<BootDisk> {
  const { bootSource, image } = vmPlan
  if (bootSource.kind === 'image') return { mapping: undefined, microversion: undefined }
  const { sizeGiB, volumeType } = bootSource
  if (volumeType === undefined) {
    return { mapping: bootMapping({ imageId: image.id, sizeGiB }), microversion: undefined }
  }
  if (await ctx.services.compute.supports(mappingTypeMicroversion)) {
    return { mapping: bootMapping({ imageId: image.id, sizeGiB, volumeType }), microversion: mappingTypeMicroversion }
  }
  const volumeId = await createBootVolume(ctx, rollback, vmPlan, { sizeGiB, volumeType, zone })
  return { mapping: bootMapping({ volumeId }), microversion: undefined }
}

async function createBootVolume(
  ctx: DriverContext,
  rollback: Rollback,
  { serverName, image, request }: VmPlan,
  disk: { readonly sizeGiB: number; readonly volumeType: string; readonly zone: string | undefined },
): Promise<string> {
  const { volumes } = ctx.services.blockStorage
  const zone = ctx.config.ignoreServerAvailabilityZone ? undefined : disk.zone?.split(':', 1)[0]
  const wanted = {
    // Retries in other zones make further volumes; each needs a name of its own.
    name: `${serverName}-root-${ctx.random.uuid()}`,
    size: disk.sizeGiB,
    imageRef: image.id,
    volume_type: disk.volumeType,
    ...(zone === undefined ? {} : { availability_zone: zone }),
    metadata: novaMetadata({ ...originOf(ctx.call), [metadataKey.agentId]: request.agentId }),
  }
  const volume = await createVolume(ctx, rollback, 'boot volume', wanted).catch((error: unknown) => {
    if (hasStatus(error, 404)) {
      throw invalidVm(`Volume type '${disk.volumeType}' of the boot volume not found: ${error.message}`)
    }
    throw error
  })
  await waitForVolume(volumes, volume.id, 'available', ctx.pace, {
    isJustMade: true,
    firstPollMs: firstPollsMs.volumeCreatedFromImage,
  })
  return volume.id
}
