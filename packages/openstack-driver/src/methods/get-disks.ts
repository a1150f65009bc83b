import { type DiskCid, diskCid, type VmCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined } from '../http/openstack-error.ts'
import { collect } from '../http/service-client.ts'
import { volumesOfServer } from '../operations/servers/volumes-of-server.ts'
import { serverIdOf, vmNotFound } from '../planning/cids.ts'
import { deviceLetter } from '../planning/disk-names.ts'
import { isServerDeleted, type Server } from '../services/compute/servers.ts'

/** From this microversion on Nova shows which volumes are deleted with a server. */
const ownVolumesMicroversion = '2.3'

/**
 * `get_disks` (driver spec §7.18, contract §6.18): the attached volumes without the boot volume. A server whose image
 * Nova does not name was booted from a volume. Throws `VmNotFound`.
 */
export async function getDisks(ctx: DriverContext, vm: VmCid): Promise<readonly DiskCid[]> {
  const serverId = serverIdOf(vm)
  const server = await foundOrUndefined(ctx.services.compute.servers.show(serverId))
  if (server === undefined || isServerDeleted(server)) throw vmNotFound(serverId)
  const attached = (await volumesOfServer(ctx, server)).map(({ id }) => id)
  const boot = server.image === '' && attached.length > 0 ? await bootVolumes(ctx, server) : new Set<string>()
  return attached.filter((id) => !boot.has(id)).map(diskCid)
}

/** The volume that goes with the server; where there is none, or Nova cannot tell, the one at the root device. */
async function bootVolumes(ctx: DriverContext, server: Server): Promise<ReadonlySet<string>> {
  const { compute } = ctx.services
  if (await compute.supports(ownVolumesMicroversion)) {
    const again = await foundOrUndefined(compute.servers.showWithVolumes(server.id))
    if (again === undefined) throw vmNotFound(server.id)
    const own = (await volumesOfServer(ctx, again)).filter(
      ({ delete_on_termination }) => delete_on_termination === true,
    )
    if (own.length > 0) return new Set(own.map(({ id }) => id))
  }
  const attachments = await foundOrUndefined(collect(compute.volumeAttachments.list(server.id)))
  if (attachments === undefined) throw vmNotFound(server.id)
  const rootLetter = deviceLetter(server['OS-EXT-SRV-ATTR:root_device_name']) ?? 'a'
  return new Set(
    attachments.filter(({ device }) => deviceLetter(device) === rootLetter).map(({ volumeId }) => volumeId),
  )
}
