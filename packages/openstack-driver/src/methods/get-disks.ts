import { type DiskCid, diskCid, type VmCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined } from '../http/openstack-error.ts'
import { collect } from '../http/service-client.ts'
import { deviceLetter } from '../planning/device-letter.ts'
import { serverIdOf, vmNotFound } from '../planning/resource-id.ts'

/**
 * `get_disks` (driver spec §7.18, contract §6.18): the attached volumes without the boot volume. A server whose image
 * Nova does not name was booted from a volume; that one sits at the root device. Throws `VmNotFound`.
 */
export async function getDisks(ctx: DriverContext, vm: VmCid): Promise<readonly DiskCid[]> {
  const serverId = serverIdOf(vm)
  const { servers, volumeAttachments } = ctx.services.compute
  const [server, attachments] = await Promise.all([
    foundOrUndefined(servers.show(serverId)),
    foundOrUndefined(collect(volumeAttachments.list(serverId))),
  ])
  if (server === undefined || attachments === undefined) throw vmNotFound(serverId)
  const bootVolumes = new Set(
    server['os-extended-volumes:volumes_attached']
      .filter((volume) => volume.delete_on_termination === true)
      .map((volume) => volume.id),
  )
  const rootLetter = deviceLetter(server['OS-EXT-SRV-ATTR:root_device_name']) ?? 'a'
  const isRoot = (device: string | null | undefined) => server.image === '' && deviceLetter(device) === rootLetter
  return attachments
    .filter(({ volumeId, device }) => !bootVolumes.has(volumeId) && !isRoot(device))
    .map(({ volumeId }) => diskCid(volumeId))
}
