import type { Server } from '../../services/compute/servers.ts'
import type { FloatingIp } from '../../services/network/floating-ips.ts'
import type { NeutronNetwork, Subnet } from '../../services/network/networks.ts'
import type { Port } from '../../services/network/ports.ts'
import { isSameAddress } from '../address.ts'
import { isUnfinished, parseOriginText, serverKey } from '../creation-marks.ts'
import { poolRecords } from '../pool-records.ts'
import { isOwnPortName } from '../server-names.ts'
import type { PoolMember, ProjectInventory } from './classification.ts'
import {
  type Classification,
  callName,
  checkOwnership,
  classificationFor,
  creationMarksOf,
  endingOf,
  type Leftover,
  type Limits,
} from './classification.ts'
import { firstNameOf } from './compute-rules.ts'

const serverNameLength = 'vm-'.length + 36
const serverTagPattern = /^server:(.+)$/u

/**
 * A port that was made for a server, is bound to nothing, and whose server is gone or never came to be. A port of a
 * leftover server goes with it.
 */
export function classifyPort(
  port: Port,
  { servers }: ProjectInventory,
  leftoverServers: ReadonlyMap<string, Leftover>,
  limits: Limits,
): Classification {
  const { id, name } = port
  const holder = leftoverServers.get(port.device_id)
  if (holder !== undefined) {
    if (!port.device_owner.startsWith('compute:')) return { keep: `${port.device_owner} owns it` }
    const { directorUuid, requestId, ageMs } = holder
    const owner = {
      directorUuid,
      ...(ageMs === undefined ? {} : { ageMs }),
      ...(requestId === undefined ? {} : { requestId }),
    }
    const why = `it is bound to server ${holder.id}, which is a leftover`
    return { leftover: { kind: 'port', id, name, ...owner, why, goesWith: { kind: 'server', id: holder.id } } }
  }
  if (port.device_id !== '' || port.device_owner !== '') return { keep: 'it is bound' }
  if (!isOwnPortName(name)) return { keep: 'its name is none that the CPI gives' }
  const outcome = checkOwnership(creationMarksOf(parseOriginText(port.description ?? ''), port.created_at), limits)
  if ('keep' in outcome) return outcome
  const serverName = name.slice(0, serverNameLength)
  const taggedIds = (port.tags ?? []).map((tag) => serverTagPattern.exec(tag)?.[1])
  const owner = servers.find((server) => firstNameOf(server) === serverName || taggedIds.includes(server.id))
  if (owner !== undefined && !leftoverServers.has(owner.id)) return { keep: `its server ${owner.id} is there` }
  const why = `${callName('create_vm', outcome.owner)} made it for server ${serverName}, which is not there`
  return { leftover: { kind: 'port', id, name, ...outcome.owner, why } }
}

/**
 * A floating IP that the CPI allocated, while its call died before the address was mapped, or whose server is a leftover.
 * Once it has been in use, an address stays allocated: manifests name it.
 */
export function classifyFloatingIp(
  floatingIp: FloatingIp,
  ports: readonly Port[],
  leftoverServers: ReadonlyMap<string, Server>,
  limits: Limits,
): Classification {
  const marks = parseOriginText(floatingIp.description ?? '')
  const serverName = marks[serverKey]
  if (serverName === undefined) return { keep: 'the CPI did not allocate it' }
  const outcome = checkOwnership(creationMarksOf(marks, floatingIp.created_at), limits)
  if ('keep' in outcome) return outcome
  const listed = {
    kind: 'floating IP',
    id: floatingIp.id,
    name: floatingIp.floating_ip_address,
    ...outcome.owner,
  } as const
  if (floatingIp.port_id === null) {
    if (!isUnfinished(marks)) return { keep: 'it has been in use' }
    const why = `${callName('create_vm', outcome.owner)} allocated it for server ${serverName} and ended before it was mapped`
    return { leftover: { ...listed, why } }
  }
  const holder = leftoverServers.get(ports.find(({ id }) => id === floatingIp.port_id)?.device_id ?? '')
  if (holder === undefined || firstNameOf(holder) !== serverName) return { keep: 'it is in use' }
  return { leftover: { ...listed, why: `it was allocated for server ${holder.id}, which is a leftover` } }
}

/** A member of a pool for a server that is gone or a leftover, and whose address no port has any more. */
export function classifyMember(
  { member, poolId }: PoolMember,
  { servers, ports }: ProjectInventory,
  leftovers: { readonly servers: ReadonlyMap<string, unknown>; readonly ports: ReadonlySet<string> },
  limits: Limits,
): Classification {
  const marks = parseOriginText(member.name ?? '')
  const serverName = marks[serverKey]
  if (serverName === undefined) return { keep: 'the CPI did not make it' }
  const outcome = checkOwnership(creationMarksOf(marks, member.created_at), limits)
  if ('keep' in outcome) return outcome
  const owner = servers.find(
    (server) =>
      firstNameOf(server) === serverName || poolRecords(server.metadata).some(({ memberId }) => memberId === member.id),
  )
  const listed = {
    kind: 'pool member',
    id: member.id,
    name: `${member.address}:${member.protocol_port}`,
    ...outcome.owner,
  } as const
  if (owner !== undefined && !leftovers.servers.has(owner.id)) return { keep: `its server ${owner.id} is there` }
  if (owner !== undefined) {
    return { leftover: { ...listed, why: `it leads pool ${poolId} to server ${owner.id}, which is a leftover` } }
  }
  const isTaken = ports.some(
    (port) =>
      !leftovers.ports.has(port.id) &&
      port.fixed_ips.some(
        ({ ip_address, subnet_id }) =>
          (member.subnet_id === null || subnet_id === member.subnet_id) && isSameAddress(ip_address, member.address),
      ),
  )
  if (isTaken) return { keep: 'a port has its address' }
  return { leftover: { ...listed, why: `it leads pool ${poolId} to server ${serverName}, which is not there` } }
}

/** A managed network whose making did not come to its end, with nothing but Neutron's own ports on it. */
export function classifyNetwork(network: NeutronNetwork, ports: readonly Port[], limits: Limits): Classification {
  const marks = parseOriginText(network.description ?? '')
  const ending = endingOf({ kind: 'network', id: network.id }, isUnfinished(marks), limits)
  if ('keep' in ending) return ending
  const outcome = checkOwnership(creationMarksOf(marks, network.created_at), limits)
  if ('keep' in outcome) return outcome
  const isUsed = ports.some((port) => port.network_id === network.id && !port.device_owner.startsWith('network:'))
  if (isUsed) return { keep: 'there are ports on it' }
  const why = `${callName('create_network', outcome.owner)} ${ending.ended}`
  return classificationFor({ kind: 'network', id: network.id, name: network.name, ...outcome.owner, why }, ending)
}

/** Subnets go with their network. */
export function classifySubnet(subnet: Subnet, leftoverNetworks: ReadonlyMap<string, Leftover>): Classification {
  const network = leftoverNetworks.get(subnet.network_id)
  if (network === undefined) return { keep: 'its network is no leftover' }
  const why = `it is part of network ${network.id}, which is a leftover`
  const goesWith = { kind: 'network', id: network.id } as const
  return { leftover: { ...network, kind: 'subnet', id: subnet.id, name: subnet.name, why, goesWith } }
}
