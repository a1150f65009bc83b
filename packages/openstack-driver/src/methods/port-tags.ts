import type { DriverContext } from '../driver-context.ts'
import { collect } from '../http/service-client.ts'
import type { Port } from '../services/network/ports.ts'

/** The tag by which a port is found once its server is gone; Neutron allows 60 characters. */
export function serverTag(serverId: string): string {
  return `server:${serverId}`
}

/** The ports that were made for a server that need not exist any more. */
export function portsTaggedWith(ctx: DriverContext, serverId: string): Promise<Port[]> {
  return collect(ctx.services.network.ports.list({ tags: serverTag(serverId) }))
}
