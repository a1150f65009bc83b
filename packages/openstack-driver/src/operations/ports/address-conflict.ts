import { CpiError } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined, isConflict } from '../../http/openstack-error.ts'
import type { AddressPair } from '../../planning/cloud-property-shapes.ts'
import type { PortNic } from '../../planning/nic-plan.ts'
import {
  hasNoPersistentDisk,
  isAbandonedPort,
  isNamed,
  isUnfinishedServerOf,
  type Owner,
} from '../../planning/ownership.ts'
import { isOwnPortName, serverNameOfPort } from '../../planning/server-names.ts'
import { isServerGone, isServerSoftDeleted, type Server, taskOf } from '../../services/compute/servers.ts'
import type { Port } from '../../services/network/ports.ts'
import { deleteServerWhole } from '../servers/delete-server.ts'
import { deletePort } from './delete-ports.ts'
import { portsWithAddress } from './find-ports.ts'

const waitMs = 60_000
const pauseMs = 2_000
/** Give up if another process keeps re-creating ports with this address. */
const mostSweeps = 5
const addressTaken = new Set(['IpAddressAlreadyAllocated', 'IpAddressInUse'])

/**
 * Creates a port, and when its address is taken frees it first (driver spec §6.3): an abandoned port of an earlier call is
 * deleted, and so is a server that a killed call of the same director left unfinished, since a director gives one address
 * to one VM. A server that is being deleted is waited for, up to a minute. Whatever else has the address keeps it, and
 * `VmCreationFailed` names it.
 */
export async function withFreedAddresses(
  ctx: DriverContext,
  plan: PortNic,
  vrrpPairs: readonly AddressPair[],
  create: () => Promise<Port>,
): Promise<Port> {
  const deadlineMs = ctx.clock.monotonicMs() + waitMs
  for (let sweeps = 0; ; ) {
    try {
      return await create()
    } catch (error) {
      if (!isConflict(error) || !addressTaken.has(error.fault?.type ?? '')) throw error
      const holders = await findHolders(ctx, plan)
      const freed = await freeAddresses(ctx, holders, vrrpPairs, error)
      if (freed) sweeps += 1
      // An address that was just freed is worth another try however long that took; only waiting has a limit.
      const isLate = ctx.clock.monotonicMs() >= deadlineMs
      if (freed ? sweeps > mostSweeps : isLate) throw stillTaken(holders, error)
      if (!freed) await ctx.clock.sleep(pauseMs, ctx.signal)
    }
  }
}

async function findHolders(ctx: DriverContext, plan: PortNic): Promise<Port[]> {
  const addresses = plan.fixedIps.flatMap(({ ipAddress }) => (ipAddress === undefined ? [] : [ipAddress]))
  const holders: Port[] = []
  // Neutron combines several addresses by "and", so each has its own request.
  for (const address of addresses) holders.push(...(await portsWithAddress(ctx, address, plan.networkId)))
  return holders
}

/** True when something was deleted, false when waiting may help. Throws when neither will. */
async function freeAddresses(
  ctx: DriverContext,
  holders: readonly Port[],
  vrrpPairs: readonly AddressPair[],
  cause: Error,
): Promise<boolean> {
  const { projectId } = await ctx.services.identity.whoAmI()
  const owner: Owner = { directorUuid: ctx.call.directorUuid, projectId }
  let deleted = false
  for (const holder of holders) {
    if (isAbandonedPort(holder, vrrpPairs, owner)) {
      await deleteUnfinishedServerOfPort(ctx, holder, owner, cause)
      ctx.log.info(`Deleting port ${holder.id}, left by an earlier failure, which has ${addressesOf(holder)}`)
      await deletePort(ctx, holder.id)
      deleted = true
      continue
    }
    const server = await serverOf(ctx, holder)
    if (server === 'going') {
      ctx.log.info(`Waiting for the deletion of server ${holder.device_id}, which has ${addressesOf(holder)}`)
    } else if (server !== undefined && (await isUnfinished(ctx, server, owner))) {
      await deleteUnfinishedServer(ctx, server, addressesOf(holder))
      deleted = true
    } else throw takenForGood(holder, cause, server)
  }
  return deleted
}

/** The call that left the port may have got as far as the server, which is not bound to the port yet. */
async function deleteUnfinishedServerOfPort(ctx: DriverContext, port: Port, owner: Owner, cause: Error): Promise<void> {
  if (!isOwnPortName(port.name)) return
  const name = serverNameOfPort(port.name)
  for (const server of (await ctx.services.compute.servers.named(name)).filter(isNamed(name))) {
    if (isServerGone(server)) continue
    if (!(await isUnfinished(ctx, server, owner))) throw takenForGood({ ...port, device_id: server.id }, cause)
    await deleteUnfinishedServer(ctx, server, addressesOf(port))
  }
}

async function isUnfinished(ctx: DriverContext, server: Server, owner: Owner): Promise<boolean> {
  if (!isUnfinishedServerOf(server, owner)) return false
  if (hasNoPersistentDisk(server)) return true
  // Whether volumes are deleted with the server is shown from Nova 2.3 on.
  const detailed = await foundOrUndefined(ctx.services.compute.servers.showWithVolumes(server.id))
  return detailed !== undefined && isUnfinishedServerOf(detailed, owner) && hasNoPersistentDisk(detailed)
}

async function deleteUnfinishedServer(ctx: DriverContext, { id, name }: Server, address: string): Promise<void> {
  ctx.log.warn(`Deleting server ${id} '${name}', which an interrupted create_vm left unfinished at ${address}`)
  await deleteServerWhole(ctx, id)
}

/** The server that a port is bound to; `going` when it is gone or being deleted, undefined when the holder is no server. */
async function serverOf(ctx: DriverContext, holder: Port): Promise<Server | 'going' | undefined> {
  if (holder.device_id === '' || !holder.device_owner.startsWith('compute:')) return undefined
  const server = await foundOrUndefined(ctx.services.compute.servers.show(holder.device_id))
  // A soft-deleted server keeps its ports for hours or days.
  const isGoing = server === undefined || isServerGone(server) || taskOf(server)?.endsWith('deleting') === true
  return isGoing ? 'going' : server
}

function takenForGood(holder: Port, cause: Error, server?: Server): CpiError {
  const softlyDeleted =
    server !== undefined && isServerSoftDeleted(server)
      ? `The server is soft-deleted: 'openstack server delete --force ${server.id}' frees the address. `
      : ''
  const user =
    holder.device_id === '' ? 'port' : `${holder.device_owner.split(':', 1)[0] || 'server'} ${holder.device_id}, port`
  return new CpiError(
    'VmCreationFailed',
    `Address ${addressesOf(holder)} is in use by ${user} ${holder.id} '${holder.name}'. ${softlyDeleted}If it is orphaned, find what it ` +
      `belongs to with 'openstack-cpi leftovers' or 'openstack port show ${holder.id}', and delete it: ${cause.message}`,
    { cause, okToRetry: false },
  )
}

function stillTaken(holders: readonly Port[], cause: Error): CpiError {
  const who = holders.length === 0 ? 'a port this project cannot see' : `port ${holders.map(({ id }) => id).join(', ')}`
  return new CpiError(
    'VmCreationFailed',
    `The address was not freed by ${who} within ${waitMs / 1000} s: ${cause.message}`,
    { cause, okToRetry: true },
  )
}

function addressesOf(port: Port): string {
  return port.fixed_ips.map(({ ip_address }) => ip_address).join(', ')
}
