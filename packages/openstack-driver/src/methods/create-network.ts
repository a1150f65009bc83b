import { type CreatedNetwork, type NetworkDefinition, networkCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { OpenStackError } from '../http/openstack-error.ts'
import { collect } from '../http/service-client.ts'
import { done, waitFor, waiting } from '../http/waiter.ts'
import { actOnce } from '../operations/act-once.ts'
import { deleteWholeNetwork } from '../operations/delete-network.ts'
import { finishUnanswered } from '../operations/finish-unanswered.ts'
import { describeManagedNetwork, planManagedNetwork } from '../planning/managed-network.ts'
import { originOf, originText, unfinishedOriginOf } from '../planning/resource-origin.ts'
import { withRollback } from '../rollback/rollback.ts'
import type { Port } from '../services/network/ports.ts'
import type { Subnet } from '../services/network/subnets.ts'

/** How long Neutron's DHCP agents get to take their address: they do so a moment after the subnet is there. */
const dhcpPortTimeoutMs = 3000

/** Owners of the ports by which Neutron itself takes addresses for DHCP and metadata. */
const dhcpOwners = ['network:dhcp', 'network:distributed']

/** `create_network` (driver spec §7.21, contract §6.21). */
export async function createNetwork(ctx: DriverContext, definition: NetworkDefinition): Promise<CreatedNetwork> {
  const plan = planManagedNetwork(definition, ctx.config.useDhcp)
  const { networks, routers, subnets } = ctx.services.network
  const name = `bosh-${ctx.random.uuid()}`
  return await withRollback(ctx, async (rollback) => {
    const network = await networks.create({
      name,
      ...(ctx.config.tagResources ? { description: originText(unfinishedOriginOf(ctx.call)) } : {}),
      ...(plan.portSecurityEnabled === undefined ? {} : { port_security_enabled: plan.portSecurityEnabled }),
    })
    // Removes the subnet and the router's interface as well.
    rollback.add(`network ${network.id}`, (cleanup) => deleteWholeNetwork(cleanup, networkCid(network.id)))
    const subnet = await subnets.create({ name, network_id: network.id, ...plan.subnet })
    const { routerId } = plan
    if (routerId !== undefined) {
      await actOnce(
        ctx,
        `an interface of router ${routerId} in subnet ${subnet.id}`,
        () => routers.addInterface(routerId, subnet.id),
        async () => (await portsOf(ctx, network.id)).some((port) => port.device_id === routerId),
      )
    }
    const ports = await portsWithDhcp(ctx, network.id, subnet)
    if (ctx.config.tagResources) {
      await finishUnanswered(ctx, { kind: 'network', id: network.id }, () =>
        networks.update(network.id, { description: originText(originOf(ctx.call)) }),
      )
    }
    return describeManagedNetwork({
      networkId: network.id,
      cidr: subnet.cidr,
      gatewayIp: subnet.gateway_ip,
      usedAddresses: ports.flatMap((port) => port.fixed_ips.map((fixedIp) => fixedIp.ip_address)),
      cloudProperties: definition.cloudProperties,
    })
  })
}

/** All ports on the new network, once DHCP has its own; a cloud without DHCP agents never makes any. */
async function portsWithDhcp(ctx: DriverContext, networkId: string, subnet: Subnet): Promise<readonly Port[]> {
  if (!subnet.enable_dhcp) return await portsOf(ctx, networkId)
  let seen: readonly Port[] = []
  try {
    return await waitFor<readonly Port[], readonly Port[]>(
      { ...ctx.pace, timeoutMs: Math.min(dhcpPortTimeoutMs, ctx.pace.timeoutMs) },
      {
        what: `Network \`${networkId}'`,
        target: 'served by DHCP',
        mayHoldAlready: true,
        poll: async () => {
          seen = await portsOf(ctx, networkId)
          return seen
        },
        state: (ports) => `with ${ports.length} ports`,
        classify: (ports) => (ports.some((port) => dhcpOwners.includes(port.device_owner)) ? done(ports) : waiting),
      },
    )
  } catch (error) {
    if (!(error instanceof OpenStackError) || error.kind !== 'wait-timeout') throw error
    ctx.log.info(`No DHCP port appears on network \`${networkId}'`)
    return seen
  }
}

function portsOf(ctx: DriverContext, networkId: string): Promise<Port[]> {
  return collect(ctx.services.network.ports.list({ network_id: networkId }))
}
