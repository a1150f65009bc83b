import { CpiError, type NetworkCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined, isConflict } from '../http/openstack-error.ts'
import { portsOnNetwork } from './ports/find-ports.ts'

/** Ports and floating IPs of deleted servers go with a delay; the director does not ask twice (contract §6.22). */
const inUseTimeoutMs = 60_000
const pauseMs = 5000

/** Owners of the ports by which plain, distributed and highly available routers are in a subnet. */
const routerInterfaceOwners: ReadonlySet<string> = new Set([
  'network:router_interface',
  'network:router_interface_distributed',
  'network:ha_router_replicated_interface',
])

/**
 * Deletes a network with its subnets and the interfaces that routers have in it; a missing one is a success (driver spec
 * §7.21). Neutron removes its own DHCP ports. Throws `CloudError` when other ports or a floating IP stay for a minute.
 */
export async function deleteWholeNetwork(ctx: DriverContext, networkId: NetworkCid): Promise<void> {
  const startMs = ctx.clock.monotonicMs()
  for (;;) {
    try {
      await removeRouterInterfaces(ctx, networkId)
      await foundOrUndefined(ctx.services.network.networks.delete(networkId))
      return
    } catch (error) {
      if (!isConflict(error)) throw error
      if (ctx.clock.monotonicMs() - startMs >= inUseTimeoutMs) {
        throw new CpiError('CloudError', `Cannot delete network \`${networkId}', it is in use: ${error.message}`, {
          cause: error,
        })
      }
      ctx.log.info(`Network \`${networkId}' is still in use: ${error.message}`)
      await ctx.clock.sleep(pauseMs, ctx.signal)
    }
  }
}

async function removeRouterInterfaces(ctx: DriverContext, networkId: string): Promise<void> {
  const { routers } = ctx.services.network
  const ports = await portsOnNetwork(ctx, networkId)
  // While other ports are on it Neutron refuses the deletion, and without the router their servers would be cut off.
  if (ports.some(({ device_owner }) => !device_owner.startsWith('network:'))) return
  for (const port of ports) {
    if (!routerInterfaceOwners.has(port.device_owner)) continue
    for (const { subnet_id } of port.fixed_ips) {
      await foundOrUndefined(routers.removeInterface(port.device_id, subnet_id))
    }
  }
}
