import { ApiError } from '../../kernel/api-error.ts'
import type { World } from '../../kernel/world.ts'
import { defaultGroupOf } from '../network/default-group.ts'
import { bindPort, createPortFor, deletePort, setPortStatus, unbindPort } from '../network/port-keeping.ts'
import { networks, type PortRecord, ports, securityGroups } from '../network/records.ts'
import { zoneOfHost } from './availability-zones.ts'
import { type Nic, type ServerRecord, servers } from './records.ts'

/** `compute:<zone>`, which tells Neutron whose port it is. */
export const deviceOwner = (world: World, server: ServerRecord): string =>
  `compute:${(server.host === null ? undefined : zoneOfHost(world, server.host)) ?? server.requested_zone ?? 'nova'}`

/** Why networks could not be had; the server goes to ERROR with these words. */
export class NetworkAllocationError extends Error {
  override readonly name = 'NetworkAllocationError'
}

/**
 * Binds the ports of a server that is being built, and makes those that it was not given. What was done before a
 * failure is recorded, so that it can be given back.
 */
export const allocateNics = (world: World, server: ServerRecord): void => {
  for (const [i, nic] of server.nics.entries()) {
    const done = allocateNic(world, server, nic)
    world.store.of(servers).update(server.id, ({ nics }) => ({ nics: nics.with(i, done) }))
  }
}

/** Binds or makes one port; throws `NetworkAllocationError` with what Nova would note as the fault. */
export const allocateNic = (world: World, server: ServerRecord, nic: Nic): Nic => {
  const binding = { device_id: server.id, device_owner: deviceOwner(world, server), host: server.host ?? '' }
  if (nic.port_id !== null) {
    const port = world.store.of(ports).get(nic.port_id)
    if (!port) throw new NetworkAllocationError(`Port id ${nic.port_id} could not be found.`)
    if (port.device_id !== '' && port.device_id !== server.id) {
      throw new NetworkAllocationError(`Port ${nic.port_id} is still in use.`)
    }
    bindPort(world, nic.port_id, binding)
    return nic
  }
  const network = world.store.of(networks).get(nic.network_id ?? '')
  if (network?.['router:external'] && !network.shared) {
    throw new NetworkAllocationError(`It is not allowed to create an interface on external network ${network.id}`)
  }
  try {
    const port = createPortFor(world, {
      project_id: server.project_id,
      network_id: nic.network_id ?? '',
      fixed_ips: nic.fixed_ip === null ? undefined : [{ ip_address: nic.fixed_ip }],
      security_groups: groupIds(world, server),
      ...binding,
    })
    return { ...nic, port_id: port.id }
  } catch (error) {
    if (error instanceof ApiError) throw new NetworkAllocationError(error.message, { cause: error })
    throw error
  }
}

/** Groups for ports that Nova makes; undefined leaves Neutron's default group. */
const groupIds = (world: World, server: ServerRecord): string[] | undefined => {
  if (server.security_groups.length === 0) return undefined
  const all = world.store.of(securityGroups)
  return server.security_groups.flatMap((group) => {
    if (group === 'default') return defaultGroupOf(world, server.project_id).id
    return all.get(group)?.id ?? all.find({ project: server.project_id, name: group })?.id ?? []
  })
}

/** The ports of a server become ACTIVE or DOWN with it. */
export const setNicStatus = (world: World, server: ServerRecord, status: PortRecord['status']): void => {
  for (const { port_id } of server.nics) {
    if (port_id !== null && world.store.of(ports).get(port_id)?.device_id === server.id) {
      setPortStatus(world, port_id, status)
    }
  }
}

/** Gives ports back: those that users made are unbound, Nova's own are deleted. */
export const releaseNics = (world: World, server: ServerRecord): void => {
  for (const nic of server.nics) releaseNic(world, server, nic)
}

export const releaseNic = (world: World, server: ServerRecord, nic: Nic): void => {
  if (nic.port_id === null) return
  if (world.store.of(ports).get(nic.port_id)?.device_id !== server.id) return
  if (nic.is_own_port) deletePort(world, nic.port_id)
  else unbindPort(world, nic.port_id)
}

/** Replaces fields of a server; `updated_at` follows. */
export const changeServer = (world: World, id: string, changes: Partial<ServerRecord>): ServerRecord =>
  world.store.of(servers).update(id, { ...changes, updated_at: world.clock.now() })
