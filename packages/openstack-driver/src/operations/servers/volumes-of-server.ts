import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined } from '../../http/openstack-error.ts'
import { collect } from '../../http/service-client.ts'
import type { AttachedVolume, Server } from '../../services/compute/servers.ts'

/**
 * The volumes attached to a server, boot volume included. Where the cloud lacks the extension that shows them with the
 * server, the attachments are listed: no disk must be overlooked. None when the server is gone meanwhile.
 */
export async function volumesOfServer(ctx: DriverContext, server: Server): Promise<readonly AttachedVolume[]> {
  const shown = server['os-extended-volumes:volumes_attached'] ?? undefined
  if (shown !== undefined) return shown
  const listed = await foundOrUndefined(collect(ctx.services.compute.volumeAttachments.list(server.id)))
  return (listed ?? []).map(({ volumeId }) => ({ id: volumeId }))
}
