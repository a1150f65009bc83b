import { ApiError } from '../../kernel/api-error.ts'
import type { CloudContext } from '../../kernel/cloud-context.ts'
import { defaultGroupOf } from '../network/default-group.ts'
import { bindPort, createPortFor, deletePort, setPortStatus, unbindPort } from '../network/port-operations.ts'
import { isSharedWith } from '../network/rbac-access.ts'
import { networks, type PortRecord, ports, securityGroups } from '../network/records.ts'
import { type Nic, type ServerRecord, servers } from './records.ts'
import { zoneOfHost } from './zones.ts'

/** `compute:<zone>`, which tells Neutron whose port it is. */
export const deviceOwner = (context: CloudContext, server: ServerRecord): string =>
  `compute:${(server.host === null ? undefined : zoneOfHost(context, server.host)) ?? server.requested_zone ?? 'nova'}`

/** Why networks could not be had; the server goes to ERROR with these words. */
export class NetworkAllocationError extends Error {
  override readonly name = 'NetworkAllocationError'
}

/**
 * Binds the ports of a server that is being built, and makes those that it was not given. What was done before a
 * failure is recorded, so that it can be given back.
 */
export const allocateNics = (context: CloudContext, server: ServerRecord): void => {
  checkGroupsFit(context, server)
  for (const [i, nic] of server.nics.entries()) {
    const done = allocateNic(context, server, nic, server.made_by_admin ?? false)
    context.store.of(servers).update(server.id, ({ nics }) => ({ nics: nics.with(i, done) }))
  }
}

/**
 * Groups are applied to all networks of a server, existing ports included, and a network without port security takes
 * none (https://opendev.org/openstack/nova/src/branch/stable/zed/nova/network/neutron.py, `allocate_for_instance`).
 */
const checkGroupsFit = (context: CloudContext, server: ServerRecord): void => {
  if (server.security_groups.every((group) => group === 'default')) return
  const isOpen = ({ network_id }: Nic) =>
    context.store.of(networks).get(network_id ?? '')?.port_security_enabled === false
  if (!server.nics.some(isOpen)) return
  throw new NetworkAllocationError(
    'Network requires port_security_enabled and subnet associated in order to apply security groups.',
  )
}

/**
 * Binds or makes one port, on an external network for administrators only; throws `NetworkAllocationError` with what Nova
 * would note as the fault.
 */
export const allocateNic = (context: CloudContext, server: ServerRecord, nic: Nic, isForAdmin: boolean): Nic => {
  const binding = { device_id: server.id, device_owner: deviceOwner(context, server), host: server.host ?? '' }
  if (nic.port_id !== null) {
    const port = context.store.of(ports).get(nic.port_id)
    if (!port) throw new NetworkAllocationError(`Port id ${nic.port_id} could not be found.`)
    if (port.device_id !== '' && port.device_id !== server.id) {
      throw new NetworkAllocationError(`Port ${nic.port_id} is still in use.`)
    }
    bindPort(context, nic.port_id, binding)
    return nic
  }
  const network = context.store.of(networks).get(nic.network_id ?? '')
  if (network?.['router:external'] && !isForAdmin && !isSharedWith(context, network, server.project_id)) {
    throw new NetworkAllocationError(`It is not allowed to create an interface on external network ${network.id}`)
  }
  try {
    const port = createPortFor(context, {
      project_id: server.project_id,
      network_id: nic.network_id ?? '',
      fixed_ips: nic.fixed_ip === null ? undefined : [{ ip_address: nic.fixed_ip }],
      security_groups: groupIds(context, server),
      ...binding,
    })
    return { ...nic, port_id: port.id }
  } catch (error) {
    if (error instanceof ApiError) throw new NetworkAllocationError(error.message, { cause: error })
    throw error
  }
}

/** Groups for ports that Nova makes; undefined leaves Neutron's default group. */
const groupIds = (context: CloudContext, server: ServerRecord): string[] | undefined => {
  if (server.security_groups.length === 0) return undefined
  const all = context.store.of(securityGroups)
  return server.security_groups.flatMap((group) => {
    if (group === 'default') return defaultGroupOf(context, server.project_id).id
    return all.get(group)?.id ?? all.find({ project: server.project_id, name: group })?.id ?? []
  })
}

/** The ports of a server become ACTIVE or DOWN with it. */
export const setNicStatus = (context: CloudContext, server: ServerRecord, status: PortRecord['status']): void => {
  for (const { port_id } of server.nics) {
    if (port_id !== null && context.store.of(ports).get(port_id)?.device_id === server.id) {
      setPortStatus(context, port_id, status)
    }
  }
}

/** Gives ports back: those that users made are unbound, Nova's own are deleted. */
export const releaseNics = (context: CloudContext, server: ServerRecord): void => {
  for (const nic of server.nics) releaseNic(context, server, nic)
}

export const releaseNic = (context: CloudContext, server: ServerRecord, nic: Nic): void => {
  if (nic.port_id === null) return
  if (context.store.of(ports).get(nic.port_id)?.device_id !== server.id) return
  if (nic.is_own_port) deletePort(context, nic.port_id)
  else unbindPort(context, nic.port_id)
}

/** Replaces fields of a server; `updated_at` follows. */
export const changeServer = (context: CloudContext, id: string, changes: Partial<ServerRecord>): ServerRecord =>
  context.store.of(servers).update(id, { ...changes, updated_at: context.clock.now() })
