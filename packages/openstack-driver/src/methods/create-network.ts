import { type CreatedNetwork, type NetworkDefinition, networkCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { firstPollsMs } from '../http/first-polls.ts'
import { foundOrUndefined, isConflict, OpenStackError } from '../http/openstack-error.ts'
import { collect } from '../http/service-client.ts'
import { done, waitFor, waiting } from '../http/waiter.ts'
import { createRecognisable, sendNonIdempotent } from '../operations/ambiguous-request.ts'
import { deleteWholeNetwork } from '../operations/delete-network.ts'
import { portsOnNetwork } from '../operations/ports/find-ports.ts'
import { whenVisible, withOptionalFields } from '../operations/tolerant-request.ts'
import { warnOfUnknownNetworkProperties } from '../operations/unknown-properties.ts'
import { finishPendingResult } from '../pending-results.ts'
import { isDescribed, originOf, originText, unfinishedOriginOf } from '../planning/creation-marks.ts'
import { describeManagedNetwork, planManagedNetwork } from '../planning/managed-network.ts'
import { isNamed, isOnNetwork } from '../planning/ownership.ts'
import { type Rollback, withRollback } from '../rollback.ts'
import type { NeutronNetwork, Subnet, SubnetCreate } from '../services/network/networks.ts'
import type { Port } from '../services/network/ports.ts'

/** How long Neutron's DHCP agents get to take their address: they do so a moment after the subnet is there. */
const dhcpPortTimeoutMs = 3000

/** Owners of the ports by which Neutron itself takes addresses for DHCP and metadata. */
const dhcpOwners = ['network:dhcp', 'network:distributed']

/** `create_network` (driver spec §7.21, contract §6.21). */
export async function createNetwork(ctx: DriverContext, definition: NetworkDefinition): Promise<CreatedNetwork> {
  warnOfUnknownNetworkProperties(ctx, definition.cloudProperties)
  const plan = planManagedNetwork(definition, ctx.config.useDhcp)
  const { networks, routers } = ctx.services.network
  const name = `bosh-${ctx.random.uuid()}`
  return await withRollback(ctx, async (rollback) => {
    const wanted = {
      name,
      ...(ctx.config.tagResources ? { description: originText(unfinishedOriginOf(ctx.call)) } : {}),
      ...(plan.portSecurityEnabled === undefined ? {} : { port_security_enabled: plan.portSecurityEnabled }),
    }
    const network = await createRecognisable<NeutronNetwork>(ctx, rollback, {
      what: `network ${name}`,
      label: ({ id }) => `network ${id}`,
      create: ({ services }) =>
        withOptionalFields(ctx, `network ${name}`, wanted, ['description'], (sent) =>
          services.network.networks.create(sent),
        ),
      find: async ({ services }) => (await collect(services.network.networks.list({ name }))).filter(isNamed(name)),
      // Removes the subnet and the router's interface as well.
      remove: (cleanup, { id }) => deleteWholeNetwork(cleanup, networkCid(id)),
    })
    const subnet = await createSubnet(ctx, rollback, { name, network_id: network.id, ...plan.subnet })
    const { routerId } = plan
    if (routerId !== undefined) {
      await sendNonIdempotent(
        ctx,
        `an interface of router ${routerId} in subnet ${subnet.id}`,
        () => routers.addInterface(routerId, subnet.id),
        async () => (await portsOnNetwork(ctx, network.id)).some((port) => port.device_id === routerId),
      )
    }
    const ports = await portsWithDhcp(ctx, network.id, subnet)
    if (ctx.config.tagResources && isDescribed(network)) {
      await finishPendingResult(ctx.pendingResults, { kind: 'network', id: network.id }, () =>
        whenVisible(ctx, `network ${network.id}`, () =>
          networks.update(network.id, { description: originText(originOf(ctx.call)) }),
        ),
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

function createSubnet(ctx: DriverContext, rollback: Rollback, wanted: SubnetCreate): Promise<Subnet> {
  const { name, network_id } = wanted
  return createRecognisable<Subnet>(ctx, rollback, {
    what: `subnet ${name}`,
    label: ({ id }) => `subnet ${id}`,
    create: ({ services }) => whenVisible(ctx, `network ${network_id}`, () => services.network.subnets.create(wanted)),
    find: async ({ services }) =>
      (await collect(services.network.subnets.list({ name, network_id })))
        .filter(isNamed(name))
        .filter(isOnNetwork(network_id)),
    remove: async (cleanup, { id }) => {
      try {
        await foundOrUndefined(cleanup.services.network.subnets.delete(id))
      } catch (error) {
        // A router has an interface in it, which is removed with the network.
        if (!isConflict(error)) throw error
        cleanup.log.info(`Subnet ${id} is still in use, it is removed with its network: ${error.message}`)
      }
    },
  })
}

/** All ports on the new network, once DHCP has its own; a cloud without DHCP agents never makes any. */
async function portsWithDhcp(ctx: DriverContext, networkId: string, subnet: Subnet): Promise<readonly Port[]> {
  if (!subnet.enable_dhcp) return await portsOnNetwork(ctx, networkId)
  let seen: readonly Port[] = []
  try {
    return await waitFor<readonly Port[], readonly Port[]>(
      { ...ctx.pace, timeoutMs: Math.min(dhcpPortTimeoutMs, ctx.pace.timeoutMs) },
      {
        what: `Network \`${networkId}'`,
        target: 'served by DHCP',
        firstPollMs: firstPollsMs.mayHoldAlready,
        poll: async () => {
          seen = await portsOnNetwork(ctx, networkId)
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
