import { CpiError, type DiskCid, type VmCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined } from '../http/openstack-error.ts'
import { collect } from '../http/service-client.ts'
import {
  detachVolume,
  requestDetachment,
  requestDetachmentOfAttached,
  waitUntilDetached,
} from '../operations/volume-attachments/detach-volume.ts'
import { isResourceId, serverIdOf, vmNotFound } from '../planning/cids.ts'
import type { Volume } from '../services/block-storage/volumes.ts'

/**
 * `detach_disk` (driver spec §7.14, contract §6.14). A missing disk and one that is not attached to this VM are
 * successes. Throws `VmNotFound`, but `CloudError` when the VM is gone and another one has the disk.
 */
export async function detachDisk(ctx: DriverContext, vm: VmCid, disk: DiskCid): Promise<void> {
  const serverId = serverIdOf(vm)
  // Nova takes the request only for a disk of this VM. Where it refuses, the reason is looked up.
  if (isResourceId(disk) && (await requestDetachment(ctx, serverId, disk)) === undefined) {
    await waitUntilDetached(ctx, serverId, disk, () => requestDetachmentOfAttached(ctx, serverId, disk))
    return
  }
  const [attachments, volume] = await Promise.all([
    foundOrUndefined(collect(ctx.services.compute.volumeAttachments.list(serverId))),
    isResourceId(disk) ? foundOrUndefined(ctx.services.blockStorage.volumes.show(disk)) : undefined,
  ])
  if (attachments === undefined) throw goneServer(serverId, volume)
  if (volume === undefined) {
    ctx.log.info(`Volume \`${disk}' not found: nothing to detach`)
    return
  }
  if (attachments.some(({ volumeId }) => volumeId === volume.id)) await detachVolume(ctx, serverId, volume.id)
  else if (volume.status === 'detaching') await waitUntilDetached(ctx, serverId, volume.id, async () => undefined)
  else ctx.log.info(`Volume \`${volume.id}' is not attached to server \`${serverId}': nothing to detach`)
}

function goneServer(serverId: string, volume: Volume | undefined): CpiError {
  const others = (volume?.attachments ?? []).map(({ server_id }) => server_id).filter((id) => id !== serverId)
  if (others.length === 0) return vmNotFound(serverId)
  const holders = others.map((id) => `\`${id}'`).join(', ')
  return new CpiError(
    'CloudError',
    `Server \`${serverId}' not found, and volume \`${volume?.id}' is attached to server ${holders}`,
  )
}
