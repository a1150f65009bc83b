import { CpiError, messageOf } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { isSameAddress } from '../../planning/address.ts'
import { metadataKey, originText, serverKey } from '../../planning/creation-marks.ts'
import { invalidVm } from '../../planning/invalid-vm.ts'
import type { NetworkPlan } from '../../planning/network-plan.ts'
import { serverIdKey } from '../../planning/ownership.ts'
import { poolMetadataKey, poolRecordText } from '../../planning/pool-records.ts'
import type { FoundPool, VmPlan } from '../../planning/vm-plan.ts'
import type { Rollback } from '../../rollback.ts'
import { waitForLoadBalancer } from '../../services/load-balancer/load-balancer.ts'
import type { MemberCreate } from '../../services/load-balancer/pools.ts'
import type { Port } from '../../services/network/ports.ts'
import type { Nic } from '../ports/create-ports.ts'
import { nicsOf } from '../ports/find-ports.ts'
import { whenVisible } from '../tolerant-request.ts'
import { createMember } from './pool-members.ts'

/** Where the load balancer finds the VM. */
interface Target {
  readonly address: string
  readonly subnetId: string
}

/**
 * Makes the server a member of its pools, one after the other, for a load balancer takes one change at a time (driver
 * spec §6.6). Each membership is recorded on the server as soon as it exists. What the load balancer refuses is not to be
 * retried; for the record, which is Nova's, the same holds as for the server.
 */
export async function joinPools(
  ctx: DriverContext,
  rollback: Rollback,
  vmPlan: VmPlan,
  nics: readonly Nic[],
  serverId: string,
): Promise<void> {
  if (vmPlan.pools.length === 0) return
  const target = await onlyOnce(() => findTarget(ctx, vmPlan.networks, nics, serverId))
  for (const [index, found] of vmPlan.pools.entries()) {
    await joinPool(ctx, rollback, found, { index, target, serverId, serverName: vmPlan.serverName })
  }
}

/** A step whose failure the director is not to meet again by trying once more. */
async function onlyOnce<R>(step: () => Promise<R>): Promise<R> {
  try {
    return await step()
  } catch (error) {
    if (error instanceof CpiError) throw error
    const reason = messageOf(error)
    throw new CpiError('VmCreationFailed', `Joining the load balancer pools failed: ${reason}`, {
      cause: error,
      okToRetry: false,
    })
  }
}

async function joinPool(
  ctx: DriverContext,
  rollback: Rollback,
  { params, pool, loadBalancerId }: FoundPool,
  given: { readonly index: number; readonly target: Target; readonly serverId: string; readonly serverName: string },
): Promise<void> {
  const { target, serverId } = given
  const { loadBalancers } = ctx.services.loadBalancer
  const wanted: MemberCreate = {
    address: target.address,
    protocol_port: params.port,
    subnet_id: target.subnetId,
    name: memberName(ctx, given.serverName, serverId),
    ...(params.monitoringPort === undefined ? {} : { monitor_port: params.monitoringPort }),
  }
  const member = await onlyOnce(() => createMember(ctx, rollback, pool.id, loadBalancerId, wanted))
  const record = { [poolMetadataKey(given.index)]: poolRecordText(pool.id, member.id) }
  await whenVisible(ctx, `server ${serverId}`, () => ctx.services.compute.servers.setMetadata(serverId, record))
  await onlyOnce(() => waitForLoadBalancer(loadBalancers, loadBalancerId, ctx.pace))
}

/** Says what the member is for once its server is gone. */
function memberName(ctx: DriverContext, serverName: string, serverId: string): string {
  const { directorUuid } = ctx.call
  return originText({ [serverKey]: serverName, [serverIdKey]: serverId, [metadataKey.directorUuid]: directorUuid })
}

/** The VM's address in its default network, and the subnet that the address belongs to. */
async function findTarget(
  ctx: DriverContext,
  networks: NetworkPlan,
  nics: readonly Nic[],
  serverId: string,
): Promise<Target> {
  const { defaultNetwork, defaultNic } = networks
  const known = nics.find(({ plan }) => plan === defaultNic)?.port
  const port = known ?? (await onlyPort(ctx, networks, serverId))
  const wanted = defaultNetwork.type === 'manual' ? defaultNetwork.ip : undefined
  const fixedIp =
    wanted === undefined
      ? port.fixed_ips[0]
      : port.fixed_ips.find(({ ip_address }) => isSameAddress(ip_address, wanted))
  if (fixedIp === undefined) {
    throw new CpiError('VmCreationFailed', `Port ${port.id} of network '${defaultNetwork.name}' has no address`)
  }
  return { address: fixedIp.ip_address, subnetId: fixedIp.subnet_id }
}

/** The address of a dynamic network is known only to Neutron, and which of several it is would be a guess. */
async function onlyPort(ctx: DriverContext, networks: NetworkPlan, serverId: string): Promise<Port> {
  if (networks.nics.length > 1) {
    throw invalidVm("A dynamic default network can be used with 'loadbalancer_pools' only if it is the only network")
  }
  const [port] = await nicsOf(ctx, serverId)
  if (port === undefined) throw new CpiError('VmCreationFailed', `Server '${serverId}' has no port`)
  return port
}
