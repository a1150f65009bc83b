import { type DiskCid, diskCid, type VmCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined } from '../http/openstack-error.ts'
import { collect } from '../http/service-client.ts'
import { deviceLetter } from '../planning/device-letter.ts'
import { serverIdOf, vmNotFound } from '../planning/resource-id.ts'
import type { Server } from '../services/compute/servers.ts'

/**
 * `get_disks` (driver spec §7.18, contract §6.18): the attached volumes without the boot volume. A server whose image
 * Nova does not name was booted from a volume; that one sits at the root device. Throws `VmNotFound`.
 */
export async function getDisks(ctx: DriverContext, vm: VmCid): Promise<readonly DiskCid[]> {
  const serverId = serverIdOf(vm)
  const server = await foundOrUndefined(ctx.services.compute.servers.show(serverId))
  if (server === undefined) throw vmNotFound(serverId)
  const others = server['os-extended-volumes:volumes_attached'].filter(
    (volume) => volume.delete_on_termination !== true,
  )
  // Devices matter only when one of the volumes may be the root.
  const root = server.image === '' && others.length > 0 ? await rootVolumes(ctx, server) : new Set<string>()
  return others.filter(({ id }) => !root.has(id)).map(({ id }) => diskCid(id))
}

async function rootVolumes(ctx: DriverContext, server: Server): Promise<ReadonlySet<string>> {
  const attachments = await foundOrUndefined(collect(ctx.services.compute.volumeAttachments.list(server.id)))
  if (attachments === undefined) throw vmNotFound(server.id)
  const rootLetter = deviceLetter(server['OS-EXT-SRV-ATTR:root_device_name']) ?? 'a'
  return new Set(
    attachments.filter(({ device }) => deviceLetter(device) === rootLetter).map(({ volumeId }) => volumeId),
  )
}
