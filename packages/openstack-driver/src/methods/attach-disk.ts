import { CpiError, type DiskCid, type DiskHint, devicePath, type VmCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { firstPollsMs } from '../http/first-polls.ts'
import { foundOrUndefined } from '../http/openstack-error.ts'
import { collect } from '../http/service-client.ts'
import { computedDevice, requestAttachment } from '../operations/volume-attachments/attach-volume.ts'
import { failOnSecondSighting, waitWhileTransient } from '../operations/volumes/wait-for-volume.ts'
import { diskNotFound, serverIdOf, vmNotFound, volumeIdOf } from '../planning/cids.ts'
import { diskHint } from '../planning/disk-names.ts'
import { describeUse, isAttachedTo, isBroken, isInUse } from '../planning/volumes.ts'
import { withRollback } from '../rollback.ts'
import { type Volume, waitForVolume } from '../services/block-storage/volumes.ts'
import type { VolumeAttachment } from '../services/compute/volume-attachments.ts'

/**
 * `attach_disk` (driver spec §7.13, contract §6.13). The hint names the volume by its id where the guest shows that,
 * else the device that Nova reports. Throws `VmNotFound`, `DiskNotFound`, and `CloudError` when another server has the
 * disk.
 */
export async function attachDisk(ctx: DriverContext, vm: VmCid, disk: DiskCid): Promise<DiskHint> {
  const serverId = serverIdOf(vm)
  const volumeId = volumeIdOf(disk)
  const { blockStorage, compute } = ctx.services
  const found = await foundOrUndefined(blockStorage.volumes.show(volumeId))
  // Of a free volume Nova tells all that is wrong when it is asked to attach it.
  if (found !== undefined && isFree(found)) return await attach(ctx, serverId, found)
  const attachments = await foundOrUndefined(collect(compute.volumeAttachments.list(serverId)))
  if (attachments === undefined) throw vmNotFound(serverId)
  const volume = found === undefined ? undefined : await waitWhileTransient(ctx, found)
  if (volume === undefined) throw diskNotFound(volumeId)
  if (volume.status === 'in-use' && isAttachedTo(volume, serverId)) {
    ctx.log.info(`Volume \`${volumeId}' is attached to server \`${serverId}' already`)
    return await reportedHint(ctx, serverId, volume, attachmentOf(attachments, volumeId))
  }
  refuseUnattachable(volume)
  return await attach(ctx, serverId, volume)
}

function isFree(volume: Volume): boolean {
  return volume.status === 'available' && !isInUse(volume)
}

async function attach(ctx: DriverContext, serverId: string, volume: Volume): Promise<DiskHint> {
  return await withRollback(ctx, async (rollback) => {
    await requestAttachment(ctx, rollback, serverId, volume)
    const attached = await waitForVolume(ctx.services.blockStorage.volumes, volume.id, 'in-use', ctx.pace, {
      firstPollMs: firstPollsMs.volumeAttached,
      isReady: (seen) => isAttachedTo(seen, serverId),
      isLost: failOnSecondSighting(
        (seen) => seen.status === 'available',
        `Server \`${serverId}' did not take the volume: its hypervisor refused to attach it`,
      ),
    })
    return await reportedHint(ctx, serverId, attached, undefined)
  })
}

function refuseUnattachable(volume: Volume): void {
  const refuse = (why: string): never => {
    throw new CpiError('CloudError', `Cannot attach volume \`${volume.id}': ${why}`)
  }
  if (isInUse(volume) && !volume.multiattach) refuse(describeUse(volume))
  if (isBroken(volume) || (volume.status !== 'available' && !isInUse(volume))) refuse(`its state is ${volume.status}`)
}

/** The hint from what Nova reports, else from Cinder's record of it, else computed. */
async function reportedHint(
  ctx: DriverContext,
  serverId: string,
  volume: Volume,
  known: VolumeAttachment | undefined,
): Promise<DiskHint> {
  const { volumeAttachments } = ctx.services.compute
  const attachment = known ?? (await foundOrUndefined(volumeAttachments.show(serverId, volume.id)))
  const recorded = volume.attachments.find(({ server_id }) => server_id === serverId)?.device
  const hintOf = (device: string | null | undefined) => diskHint(volume.id, device, ctx.config.diskHint)
  return devicePath(hintOf(attachment?.device) ?? hintOf(recorded) ?? (await computedDevice(ctx, serverId, volume.id)))
}

function attachmentOf(attachments: readonly VolumeAttachment[], volumeId: string): VolumeAttachment | undefined {
  return attachments.find((attachment) => attachment.volumeId === volumeId)
}
