import { CpiError } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined, isConflict } from '../../http/openstack-error.ts'
import { collect } from '../../http/service-client.ts'
import { fixedIpFilter, isSameAddress } from '../../planning/address.ts'
import type { AddressPair } from '../../planning/cloud-property-shapes.ts'
import type { PortNic } from '../../planning/nic-plan.ts'
import { isOwnPortName } from '../../planning/server-names.ts'
import { isServerDeleted } from '../../services/compute/servers.ts'
import type { Port } from '../../services/network/ports.ts'
import { isOwnPortTag } from './port-tags.ts'

const patienceMs = 60_000
const pauseMs = 2_000
/** Somebody who keeps leaving ports at this address is no accident. */
const mostSweeps = 5
const addressTaken = new Set(['IpAddressAlreadyAllocated', 'IpAddressInUse'])

/**
 * Makes a port, and when its address is taken frees it first: a port left over from an earlier failure is deleted, a
 * server on its way out is waited for, up to a minute (driver spec §6.3). Whatever else holds the address keeps it, and
 * `VmCreationFailed` says who it is.
 */
export async function withFreedAddresses(
  ctx: DriverContext,
  plan: PortNic,
  vrrpPairs: readonly AddressPair[],
  create: () => Promise<Port>,
): Promise<Port> {
  const deadlineMs = ctx.clock.monotonicMs() + patienceMs
  for (let sweeps = 0; ; ) {
    try {
      return await create()
    } catch (error) {
      if (!isConflict(error) || !addressTaken.has(error.fault?.type ?? '')) throw error
      const holders = await findHolders(ctx, plan)
      const freed = await freeAddresses(ctx, holders, vrrpPairs, error)
      if (freed) sweeps += 1
      // What was just freed is worth a try however long it took; only waiting has a limit.
      const isLate = ctx.clock.monotonicMs() >= deadlineMs
      if (freed ? sweeps > mostSweeps : isLate) throw stillTaken(holders, error)
      if (!freed) await ctx.clock.sleep(pauseMs, ctx.signal)
    }
  }
}

async function findHolders(ctx: DriverContext, plan: PortNic): Promise<Port[]> {
  const addresses = plan.fixedIps.flatMap(({ ipAddress }) => (ipAddress === undefined ? [] : [ipAddress]))
  const holders: Port[] = []
  // Neutron combines several addresses by "and", so each is asked for by itself.
  for (const address of addresses) {
    const query = { network_id: plan.networkId, fixed_ips: fixedIpFilter(address) }
    holders.push(...(await collect(ctx.services.network.ports.list(query))))
  }
  return holders
}

/** True when something was deleted, false when waiting may help. Throws when neither will. */
async function freeAddresses(
  ctx: DriverContext,
  holders: readonly Port[],
  vrrpPairs: readonly AddressPair[],
  cause: Error,
): Promise<boolean> {
  let deleted = false
  for (const holder of holders) {
    if (isLeftover(holder, vrrpPairs, ctx.call.directorUuid)) {
      ctx.log.info(`Deleting port ${holder.id}, left over from an earlier failure, which holds ${addressesOf(holder)}`)
      await foundOrUndefined(ctx.services.network.ports.delete(holder.id))
      deleted = true
    } else if (await isAboutToGo(ctx, holder)) {
      ctx.log.info(`Waiting for server ${holder.device_id} to go, which holds ${addressesOf(holder)}`)
    } else {
      throw takenForGood(holder, cause)
    }
  }
  return deleted
}

/**
 * A free port that is nobody's reservation: named by us for no other director, or without a name. Tags that are none of
 * ours say as much as a name does.
 */
function isLeftover(port: Port, vrrpPairs: readonly AddressPair[], directorUuid: string): boolean {
  const isFree = port.status === 'DOWN' && port.device_id === '' && port.device_owner === ''
  const isReserved = port.fixed_ips.some(({ ip_address }) =>
    vrrpPairs.some(({ ipAddress }) => isSameAddress(ipAddress, ip_address)),
  )
  const owner = /\bdirector_uuid:(\S+)/.exec(port.description ?? '')?.[1]
  const isNameless = port.name === '' && (port.tags ?? []).every(isOwnPortTag)
  const isOurs = (isNameless || isOwnPortName(port.name)) && (owner === undefined || owner === directorUuid)
  return isFree && !isReserved && isOurs
}

async function isAboutToGo(ctx: DriverContext, holder: Port): Promise<boolean> {
  if (holder.device_id === '' || !holder.device_owner.startsWith('compute:')) return false
  const server = await foundOrUndefined(ctx.services.compute.servers.show(holder.device_id))
  return server === undefined || isServerDeleted(server) || server['OS-EXT-STS:task_state'] === 'deleting'
}

function takenForGood(holder: Port, cause: Error): CpiError {
  const holdingServer = holder.device_id === '' ? '' : ` of ${holder.device_owner} ${holder.device_id}`
  return new CpiError(
    'VmCreationFailed',
    `Address ${addressesOf(holder)} is held by port ${holder.id} '${holder.name}'${holdingServer}, which is none of our leftovers: ${cause.message}`,
    { cause, okToRetry: false },
  )
}

function stillTaken(holders: readonly Port[], cause: Error): CpiError {
  const who = holders.length === 0 ? 'a port this project cannot see' : `port ${holders.map(({ id }) => id).join(', ')}`
  return new CpiError(
    'VmCreationFailed',
    `The address was not freed by ${who} within ${patienceMs / 1000} s: ${cause.message}`,
    { cause, okToRetry: true },
  )
}

function addressesOf(port: Port): string {
  return port.fixed_ips.map(({ ip_address }) => ip_address).join(', ')
}
