import { badRequest, conflict, forbidden } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import { portWithAddress } from '../../network/port-operations.ts'
import { grantedIds, isSharedWith, seesNetwork } from '../../network/rbac-access.ts'
import { networks, ports, securityGroups, subnets } from '../../network/records.ts'
import { isUuid } from '../field-schemas.ts'
import type { Nic } from '../records.ts'
import type { NetworksRequest } from './server-create-schema.ts'

/** A connection to a network whose port Nova will make. */
const ownNic = (network_id: string, fixed_ip: string | null = null, tag: string | null = null): Nic => ({
  network_id,
  port_id: null,
  fixed_ip,
  tag,
  is_own_port: true,
})

/** The form of the `networks` field, as the controller checks it before anything is looked up. */
export const checkNetworksForm = (wanted: NetworksRequest | undefined): void => {
  if (wanted === undefined || typeof wanted === 'string') return
  const seen = new Set<string>()
  for (const one of wanted) {
    if (one.port) {
      if (seen.has(one.port)) {
        throw badRequest(`Port ID '${one.port}' was specified twice: you cannot attach a port multiple times.`)
      }
      if (one.fixed_ip !== undefined) {
        throw badRequest(
          `Specified Fixed IP '${one.fixed_ip}' cannot be used with port '${one.port}': the two cannot be specified together.`,
        )
      }
      seen.add(one.port)
    } else if (one.uuid === undefined) {
      throw badRequest("Bad network format: missing 'uuid'")
    } else if (!isUuid(one.uuid)) {
      throw badRequest(`Bad networks format: network uuid is not in proper format (${one.uuid})`)
    }
  }
}

/**
 * What the new server gets, after the checks that Nova makes with Neutron: ports exist and are free, addresses are
 * free, networks exist and have subnets. An address outside of all subnets only shows when the server is built.
 */
export const resolveNetworks = (call: Call, wanted: NetworksRequest | undefined): Nic[] => {
  if (wanted === 'none') return []
  if (wanted === undefined || wanted === 'auto' || wanted.length === 0) return onlyNetwork(call, wanted === 'auto')
  const nics = wanted.map((one): Nic => {
    const tag = one.tag ?? null
    if (one.port) return { ...nicOfPort(call, one.port), tag }
    const fixedIp = one.fixed_ip ?? null
    if (fixedIp !== null) checkAddressFree(call, one.uuid ?? '', fixedIp)
    return ownNic(one.uuid ?? '', fixedIp, tag)
  })
  const missing: string[] = []
  for (const nic of nics) {
    const id = nic.network_id ?? ''
    if (!nic.is_own_port) continue
    if (!isVisible(call, id)) missing.push(id)
    else if (call.store.of(subnets).count('network', id) === 0) {
      throw badRequest(`Network ${id} requires a subnet in order to boot instances on.`)
    }
  }
  if (missing.length > 0) throw badRequest(`Network ${[...new Set(missing)].join(', ')} could not be found.`)
  return nics
}

/** Without a request the project's only network is taken; none at all is fine, several are not. */
const onlyNetwork = (call: Call, isAuto: boolean): Nic[] => {
  const all = [
    ...call.store.of(networks).where({ project: call.projectId }),
    ...call.store
      .of(networks)
      .where({ public: 'yes' })
      .filter((network) => network.shared),
    ...grantedIds(call, 'network', call.projectId)
      .flatMap((id) => call.store.of(networks).get(id) ?? [])
      .filter((network) => isSharedWith(call, network, call.projectId)),
  ]
  const unique = [...new Map(all.filter((one) => !one['router:external']).map((one) => [one.id, one])).values()]
  if (unique.length > 1) {
    throw conflict('Multiple possible networks found, use a Network ID to be more specific.')
  }
  const [network] = unique
  if (network) return [ownNic(network.id)]
  if (isAuto) throw badRequest(`Unable to automatically allocate a network for project ${call.projectId}`)
  return []
}

const nicOfPort = (call: Call, id: string): Nic => {
  const port = call.store.of(ports).get(id)
  if (!port || (port.project_id !== call.projectId && !call.isAdmin)) {
    throw badRequest(`Port id ${id} could not be found.`)
  }
  if (port.device_id !== '') throw conflict(`Port ${id} is still in use.`)
  if (port.fixed_ips.length === 0) throw badRequest(`Port ${id} requires a FixedIP in order to be used.`)
  return { network_id: port.network_id, port_id: id, fixed_ip: null, tag: null, is_own_port: false }
}

const checkAddressFree = (call: Call, networkId: string, address: string): void => {
  const holder = portWithAddress(call.context, networkId, address)
  if (holder) throw badRequest(`Fixed IP address ${address} is already in use on instance ${holder.device_id}.`)
}

/** True when the caller may use the network: his own, shared, external, or any for admins. */
export const isVisible = (call: Call, networkId: string): boolean => {
  const network = call.store.of(networks).get(networkId)
  if (!network) return false
  return call.isAdmin || seesNetwork(call, network, call.projectId)
}

/** How many of the wanted servers the project's port quota allows; 403 when not even the fewest. */
export const limitByPortQuota = (call: Call, nics: readonly Nic[], fewest: number, most: number): number => {
  const perServer = nics.filter((nic) => nic.is_own_port).length
  const limit = call.context.quotas.limit('network', call.projectId, 'port')
  if (perServer === 0 || limit < 0) return most
  const free = limit - call.store.of(ports).count('project', call.projectId)
  const possible = free >= perServer * most ? most : Math.floor(Math.max(free, 0) / perServer)
  if (possible < fewest) throw forbidden('Maximum number of ports exceeded')
  return possible
}

/** Each group asked for exists, by id or by a name that is unique in the project. */
export const checkSecurityGroups = (call: Call, wanted: readonly string[]): void => {
  for (const one of wanted) if (one !== 'default') securityGroupId(call, one)
}

/** Id of a security group of the caller's project. */
const securityGroupId = (call: Call, nameOrId: string): string => {
  const all = call.store.of(securityGroups)
  const byId = all.get(nameOrId)
  if (byId && (byId.project_id === call.projectId || call.isAdmin)) return byId.id
  if (byId && isSharedWith(call, byId, call.projectId)) return byId.id
  const named = all.where({ project: call.projectId, name: nameOrId })
  if (named.length > 1) {
    throw conflict(`Multiple security_group matches found for name '${nameOrId}', use an ID to be more specific.`)
  }
  const [group] = named
  if (!group) throw badRequest(`Unable to find security_group with name or id '${nameOrId}'`)
  return group.id
}
