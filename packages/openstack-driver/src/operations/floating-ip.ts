import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined, hasStatus, isConflict } from '../http/openstack-error.ts'
import { collect } from '../http/service-client.ts'
import { ipVersion, isSameAddress } from '../planning/address.ts'
import {
  isDescribed,
  isUnfinished,
  originOf,
  originText,
  parseOriginText,
  serverKey,
  unfinishedOriginOf,
} from '../planning/creation-marks.ts'
import { invalidVm } from '../planning/invalid-vm.ts'
import { ipv4Of, type VipPlan } from '../planning/network-plan.ts'
import { isAllocatedAs, isOfAnotherProject, isOnNetwork } from '../planning/ownership.ts'
import type { VmPlan } from '../planning/vm-plan.ts'
import type { Rollback } from '../rollback.ts'
import type { FloatingIp, FloatingIpCreate } from '../services/network/floating-ips.ts'
import type { Port } from '../services/network/ports.ts'
import { createRecognisable } from './ambiguous-request.ts'
import type { Nic } from './ports/create-ports.ts'
import { nicsOf } from './ports/find-ports.ts'
import { withOptionalFields } from './tolerant-request.ts'

const reachableWithinMs = 15_000
const pauseMs = 1_000

/**
 * The floating IP with the vip network's address (driver spec §6.5). Undefined when it is to be allocated. Throws
 * `VmCreationFailed`, not to be retried, when the project has none or several.
 */
export async function findFloatingIp(ctx: DriverContext, vip: VipPlan): Promise<FloatingIp | undefined> {
  const found = await collect(ctx.services.network.floatingIps.list({ floating_ip_address: vip.ip }))
  // An administrator sees the addresses of all projects.
  const { projectId } = await ctx.services.identity.whoAmI()
  const same = found.filter(
    (floatingIp) => isSameAddress(floatingIp.floating_ip_address, vip.ip) && !isOfAnotherProject(floatingIp, projectId),
  )
  if (same.length > 1) {
    const networks = same.map(({ floating_network_id }) => floating_network_id).join(', ')
    throw invalidVm(`Floating IP '${vip.ip}' found in multiple networks: ${networks}`)
  }
  if (same[0] === undefined && vip.allocateFrom === undefined) throw invalidVm(`Floating IP '${vip.ip}' not allocated`)
  return same[0]
}

/** Maps the vip network's address to its NIC, from wherever it was, with one request (driver spec §6.5). */
export async function assignFloatingIp(
  ctx: DriverContext,
  rollback: Rollback,
  vmPlan: VmPlan,
  nics: readonly Nic[],
  serverId: string,
): Promise<void> {
  const { vip } = vmPlan.networks
  if (vip === undefined) return
  const floatingIp =
    vmPlan.floatingIp === undefined
      ? await allocate(ctx, rollback, vip, vmPlan.serverName)
      : await whereItIsNow(ctx, vip, vmPlan.floatingIp)
  // One that a dead call allocated is taken over by this one.
  const isOurs =
    isUnfinished(parseOriginText(floatingIp.description ?? '')) ||
    (vmPlan.floatingIp === undefined && isDescribed(floatingIp))
  const description = isOurs ? allocationText(ctx, vmPlan.serverName) : undefined
  const port = await portOf(ctx, vip, nics, serverId)
  const { floatingIps } = ctx.services.network
  const previousPort = floatingIp.port_id
  if (previousPort !== null) {
    ctx.log.info(`Moving floating IP ${vip.ip} from port ${previousPort} to port ${port.id}`)
    rollback.add(`floating IP ${vip.ip} from our port`, async (cleanup) => {
      const { floatingIps } = cleanup.services.network
      // Gone is gone: neither an address nor a port that was deleted meanwhile can be had back.
      const now = await foundOrUndefined(floatingIps.show(floatingIp.id))
      if (now?.port_id !== port.id) return
      await foundOrUndefined(
        floatingIps.associate(floatingIp.id, previousPort, floatingIp.fixed_ip_address ?? undefined),
      )
    })
  }
  await whileNotReachable(ctx, vip.ip, () =>
    floatingIps.associate(floatingIp.id, port.id, fixedAddress(vip, port), description),
  )
}

/** The server took its time to boot: the address may have moved since it was looked for (driver spec §6.5). */
async function whereItIsNow(ctx: DriverContext, vip: VipPlan, seen: FloatingIp): Promise<FloatingIp> {
  const now = await foundOrUndefined(ctx.services.network.floatingIps.show(seen.id))
  if (now === undefined) throw invalidVm(`Floating IP '${vip.ip}' not allocated any more`)
  if (now.port_id !== null && now.port_id !== seen.port_id) {
    ctx.log.warn(`Floating IP ${vip.ip} was mapped to port ${now.port_id} meanwhile: two VMs have this address`)
  }
  return now
}

/** On a dual-stack port Neutron must be told which address is meant. */
function fixedAddress(vip: VipPlan, port: Port): string | undefined {
  if (port.fixed_ips.length < 2) return undefined
  const planned = vip.nic.kind === 'port' ? ipv4Of(vip.nic) : undefined
  return planned ?? port.fixed_ips.map(({ ip_address }) => ip_address).find((address) => ipVersion(address) === 4)
}

/** Whose address it is and which server it was allocated for. The mark goes when the address is mapped. */
function allocationText(ctx: DriverContext, serverName: string, mark?: 'unfinished'): string {
  const origin = mark === undefined ? originOf(ctx.call) : unfinishedOriginOf(ctx.call)
  return originText({ [serverKey]: serverName, ...origin })
}

async function allocate(ctx: DriverContext, rollback: Rollback, vip: VipPlan, serverName: string): Promise<FloatingIp> {
  const wanted = vip.allocateFrom ?? ''
  const external = await collect(ctx.services.network.networks.list({ 'router:external': true }))
  const network =
    external.find(({ id }) => id === wanted) ??
    external.find((network) => network.name === wanted && network['router:external'] !== false)
  if (network === undefined) throw invalidVm(`External network '${wanted}' of network '${vip.network}' not found`)
  const requested: FloatingIpCreate = {
    floating_network_id: network.id,
    floating_ip_address: vip.ip,
    description: allocationText(ctx, serverName, 'unfinished'),
  }
  return await createFloatingIp(ctx, rollback, requested).catch((error: unknown) => {
    if (!hasStatus(error, 403) || error.fault?.type !== 'PolicyNotAuthorized') throw error
    throw invalidVm(
      `This cloud does not let the project choose the address ${vip.ip} of a floating IP: allocate it beforehand. ${error.message}`,
    )
  })
}

function createFloatingIp(ctx: DriverContext, rollback: Rollback, requested: FloatingIpCreate): Promise<FloatingIp> {
  const { floating_network_id, floating_ip_address } = requested
  const what = `floating IP ${floating_ip_address ?? ''}`
  let sent = requested
  return createRecognisable<FloatingIp>(ctx, rollback, {
    what,
    label: () => what,
    create: ({ services }) =>
      withOptionalFields(ctx, what, requested, ['description'], (body) => {
        sent = body
        return services.network.floatingIps.create(body)
      }),
    find: async ({ services }) => {
      const { projectId } = await services.identity.whoAmI()
      const query = {
        floating_network_id,
        ...(sent.description === undefined ? {} : { description: sent.description }),
      }
      const listed = await collect(services.network.floatingIps.list(query))
      return listed.filter(isAllocatedAs(sent)).filter((found) => !isOfAnotherProject(found, projectId))
    },
    remove: async (cleanup, { id }) => {
      await foundOrUndefined(cleanup.services.network.floatingIps.delete(id))
    },
  })
}

async function portOf(ctx: DriverContext, vip: VipPlan, nics: readonly Nic[], serverId: string): Promise<Port> {
  const known = nics.find(({ plan }) => plan === vip.nic)?.port
  if (known !== undefined) return known
  const { networkId } = vip.nic
  // Nova made this NIC's port: it is none of those that this call made, which may be on the same network.
  const bound = (await nicsOf(ctx, serverId)).filter(({ id }) => nics.every(({ port }) => port?.id !== id))
  const port = networkId === undefined ? bound[0] : bound.find(isOnNetwork(networkId))
  if (port === undefined) throw invalidVm(`Server has no port in network '${networkId ?? vip.nic.networks[0]}'`)
  return port
}

/** Ports become visible to Neutron's routers late (driver spec §6.5). */
async function whileNotReachable<R>(ctx: DriverContext, address: string, associate: () => Promise<R>): Promise<R> {
  const deadlineMs = ctx.clock.monotonicMs() + reachableWithinMs
  for (;;) {
    try {
      return await associate()
    } catch (error) {
      const mayPass =
        hasStatus(error, 404) || (isConflict(error) && error.fault?.type !== 'FloatingIPPortAlreadyAssociated')
      if (!mayPass || ctx.clock.monotonicMs() >= deadlineMs) throw error
      ctx.log.info(`Floating IP ${address} cannot be mapped yet: ${error.message}`)
      await ctx.clock.sleep(pauseMs, ctx.signal)
    }
  }
}
