import type { DriverContext } from '../../driver-context.ts'
import { hasStatus } from '../../http/openstack-error.ts'
import { collect } from '../../http/service-client.ts'
import { fixedIpFilter } from '../../planning/address.ts'
import { hasAddress, isMadeFor, isNicOf, isOnNetwork, isReleasedNicOf } from '../../planning/ownership.ts'
import { serverTag } from '../../planning/port-tags.ts'
import type { Port } from '../../services/network/ports.ts'

/** The NICs of a server (driver spec §7.5). */
export async function nicsOf(ctx: DriverContext, serverId: string): Promise<Port[]> {
  return (await collect(ctx.services.network.ports.list({ device_id: serverId }))).filter(isNicOf(serverId))
}

/** The same without ports that an operator made and attached by hand. */
export async function madeNicsOf(ctx: DriverContext, serverId: string): Promise<Port[]> {
  return (await nicsOf(ctx, serverId)).filter(isMadeFor(serverId))
}

/** The unbound ports that were made for a server, which need not exist any more; none where Neutron has no tags. */
export async function releasedNicsOf(ctx: DriverContext, serverId: string): Promise<Port[]> {
  try {
    const tagged = await collect(ctx.services.network.ports.list({ tags: serverTag(serverId) }))
    return tagged.filter(isReleasedNicOf(serverId))
  } catch (error) {
    if (!hasStatus(error, 400) || !/filter/i.test(error.message)) throw error
    ctx.log.warn(
      `This Neutron cannot filter by tags, so ports left by server \`${serverId}' are not found: ${error.message}`,
    )
    return []
  }
}

/** All ports on a network, of any owner. */
export async function portsOnNetwork(ctx: DriverContext, networkId: string): Promise<Port[]> {
  return (await collect(ctx.services.network.ports.list({ network_id: networkId }))).filter(isOnNetwork(networkId))
}

/** The ports that have an address, of any owner; in one network or in all. */
export async function portsWithAddress(ctx: DriverContext, address: string, networkId?: string): Promise<Port[]> {
  const query = { ...(networkId === undefined ? {} : { network_id: networkId }), fixed_ips: fixedIpFilter(address) }
  const found = await collect(ctx.services.network.ports.list(query))
  return found.filter((port) => hasAddress(port, address) && (networkId === undefined || isOnNetwork(networkId)(port)))
}
