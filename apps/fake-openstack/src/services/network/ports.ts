import type { Call } from '../../kernel/call.ts'
import { canonicalAddress } from './addresses.ts'
import { allocateAddresses, type FixedIpRequest } from './allocation.ts'
import { resolvedPairs } from './allowed-address-pairs.ts'
import { attributeForbidden, type Body } from './attribute.ts'
import { defaultGroupOf } from './default-group.ts'
import { mergedDhcpOptions } from './dhcp-options.ts'
import { networkResource } from './networks.ts'
import { inconsistentInput, neutronError, portNotFound, securityGroupNotFound } from './neutron-errors.ts'
import { portAttributes } from './port-attributes.ts'
import { deletePort, freeMac } from './port-operations.ts'
import { isSharedWith } from './rbac-access.ts'
import { type FixedIp, type NetworkRecord, type PortRecord, ports, securityGroups } from './records.ts'
import { rulesOf } from './release-rules.ts'
import { changesOf, newRecord, type Resource, visible } from './resource.ts'
import { checkNotInTrunk, trunkDetails } from './trunk-ports.ts'

/** What a port shows of itself, alone and as the `port_details` of a floating IP. */
export const portDetails = (port: PortRecord): Record<string, unknown> => ({
  name: port.name,
  network_id: port.network_id,
  mac_address: port.mac_address,
  admin_state_up: port.admin_state_up,
  status: port.status,
  device_id: port.device_id,
  device_owner: port.device_owner,
})

type PortIndex =
  | 'status'
  | 'name'
  | 'nameKey'
  | 'project'
  | 'visible'
  | 'network'
  | 'device'
  | 'deviceOwner'
  | 'subnet'
  | 'address'
  | 'ip'
  | 'mac'
  | 'macAnywhere'
  | 'securityGroup'

/** Ports. https://docs.openstack.org/api-ref/network/v2/#ports */
export const portResource: Resource<PortRecord, PortIndex, never> = {
  name: 'port',
  plural: 'ports',
  path: 'ports',
  collection: ports,
  notFound: portNotFound,
  knowsMarkers: true,
  quota: 'port',
  attributes: portAttributes,
  indexes: {
    name: 'nameKey',
    project_id: 'project',
    network_id: 'network',
    device_id: 'device',
    status: 'status',
    device_owner: 'deviceOwner',
    mac_address: 'macAnywhere',
    security_groups: 'securityGroup',
  },
  narrow: (filters) => {
    const wanted = addressFilter(filters.get('fixed_ips') ?? [])
    const [subnet] = wanted['subnet_id'] ?? []
    const [ip] = wanted['ip_address'] ?? []
    const [tag] = (filters.get('tags') ?? []).flatMap((value) => value.split(','))
    return {
      ...(tag ? { tag } : {}),
      ...(wanted['subnet_id']?.length === 1 && subnet ? { subnet } : {}),
      ...(wanted['ip_address']?.length === 1 && ip ? { ip: ip.toLowerCase() } : {}),
    }
  },
  filters: { fixed_ips: (_, port, values) => hasFixedIp(port, addressFilter(values)) },
  isVisible: (call, port) => port.project_id === call.projectId || port.network_project_id === call.projectId,
  scopes: (call) => [{ visible: call.projectId }],
  view: (call, port) => ({
    ...portDetails(port),
    fixed_ips: port.fixed_ips,
    allowed_address_pairs: port.allowed_address_pairs,
    extra_dhcp_opts: port.extra_dhcp_opts,
    security_groups: port.security_groups,
    port_security_enabled: port.port_security_enabled,
    'binding:vnic_type': port['binding:vnic_type'],
    'binding:host_id': port['binding:host_id'],
    'binding:profile': port['binding:profile'],
    'binding:vif_type': port['binding:host_id'] === '' ? 'unbound' : 'ovs',
    'binding:vif_details': {},
    ...trunkDetails(call, port),
  }),
  create: (call, body) => createPort(call, body),
  update: (call, port, body) => updatePort(call, port, body),
  remove: (call, port) => {
    if (port.device_owner.startsWith('network:router_') || port.device_owner === 'network:floatingip') {
      throw neutronError(
        409,
        'ServicePortInUse',
        `Port ${port.id} cannot be deleted directly via the port API: has device owner ${port.device_owner}.`,
      )
    }
    if (!call.isAdmin && rulesOf(call).protectsPortsOfServers && port.device_owner.startsWith('compute:')) {
      throw neutronError(403, 'PolicyNotAuthorized', 'rule:delete_port is disallowed by policy')
    }
    checkNotInTrunk(call, port)
    deletePort(call.context, port.id)
  },
}

const createPort = (call: Call, body: Body): PortRecord => {
  const network = visible(call, networkResource, body.get<string>('network_id') ?? '')
  checkNetworkAccess(call, network, body)
  const all = call.store.of(ports)
  const mac_address = body.get<string>('mac_address') ?? freeMac(call.context, network.id)
  if (all.count('mac', `${network.id}/${mac_address}`) > 0) throw macInUse(network.id, mac_address)
  const device_owner = body.get<string>('device_owner') ?? ''
  const fixed_ips = allocateAddresses(call.context, {
    network_id: network.id,
    device_owner,
    mac_address,
    fixed_ips: canonicalRequests(body),
  })
  const isNetworks = device_owner.startsWith('network:')
  const isSecured = body.get<boolean>('port_security_enabled') ?? (network.port_security_enabled && !isNetworks)
  const asked = body.get<string[]>('security_groups')
  for (const id of asked ?? []) mustSeeGroup(call, id)
  if (asked && asked.length > 0 && !(isSecured && fixed_ips.length > 0)) throw securityRequired()
  const pairs = resolvedPairs(body, mac_address) ?? []
  if (pairs.length > 0 && !isSecured) throw pairsNeedSecurity()
  const fallback = isSecured ? [defaultGroupOf(call.context, body.project_id).id] : []
  return all.insert({
    ...newRecord(call, body, 1),
    name: body.get<string>('name') ?? '',
    network_id: network.id,
    network_project_id: network.project_id,
    mac_address,
    admin_state_up: body.get<boolean>('admin_state_up') ?? true,
    status: 'DOWN',
    device_id: body.get<string>('device_id') ?? '',
    device_owner,
    fixed_ips,
    allowed_address_pairs: pairs,
    extra_dhcp_opts: mergedDhcpOptions([], body),
    security_groups: asked ?? fallback,
    port_security_enabled: isSecured,
    'binding:vnic_type': body.get<string>('binding:vnic_type') ?? 'normal',
    'binding:host_id': body.get<string>('binding:host_id') ?? '',
    'binding:profile': body.get<PortRecord['binding:profile'] | null>('binding:profile') ?? {},
    qos_policy_id: null,
    dns_name: '',
  })
}

/** What users may do on networks of others: nothing on external ones, no own choice of address on shared ones. */
const checkNetworkAccess = (call: Call, network: NetworkRecord, body: Body): void => {
  if (call.isAdmin || network.project_id === call.projectId) return
  if (!isSharedWith(call, network, call.projectId)) {
    throw rulesOf(call).createOnNetworkOfOthers('port', call.projectId)
  }
  if (body.has('mac_address')) throw attributeForbidden('create', 'port', 'mac_address')
  if (body.get<FixedIpRequest[]>('fixed_ips')?.some((fixed) => fixed.ip_address !== undefined)) {
    throw attributeForbidden('create', 'port', 'fixed_ips')
  }
  if (body.has('port_security_enabled')) throw attributeForbidden('create', 'port', 'port_security_enabled')
  if (body.has('allowed_address_pairs')) throw attributeForbidden('create', 'port', 'allowed_address_pairs')
}

const updatePort = (call: Call, port: PortRecord, body: Body): PortRecord => {
  if (body.has('mac_address') && !call.isAdmin) throw attributeForbidden('update', 'port', 'mac_address')
  const changes = changesOf(body, [
    'name',
    'description',
    'admin_state_up',
    'device_id',
    'device_owner',
    'mac_address',
    'port_security_enabled',
    'binding:vnic_type',
    'binding:host_id',
    'binding:profile',
  ])
  const mac_address = body.get<string>('mac_address') ?? port.mac_address
  const fixed_ips = body.has('fixed_ips') ? replacedAddresses(call, port, body) : port.fixed_ips
  const isSecured = body.get<boolean>('port_security_enabled') ?? port.port_security_enabled
  const asked = body.get<string[]>('security_groups')
  for (const id of asked ?? []) mustSeeGroup(call, id)
  if (asked && asked.length > 0 && !(isSecured && fixed_ips.length > 0)) throw securityRequired()
  if (!isSecured && (asked ?? port.security_groups).length > 0) {
    throw neutronError(
      409,
      'PortSecurityPortHasSecurityGroup',
      'Port has security group associated. Cannot disable port security or IP address until security group is removed.',
    )
  }
  const pairs = resolvedPairs(body, mac_address) ?? port.allowed_address_pairs
  if (pairs.length > 0 && !isSecured) throw pairsNeedSecurity()
  return call.store.of(ports).update(port.id, {
    ...(changes as Partial<PortRecord>), // values of its own attributes
    fixed_ips,
    security_groups: asked ?? port.security_groups,
    allowed_address_pairs: pairs,
    extra_dhcp_opts: mergedDhcpOptions(port.extra_dhcp_opts, body),
  })
}

/** The addresses after an update: those the port has and keeps, then what it asks for anew. */
const replacedAddresses = (call: Call, port: PortRecord, body: Body): FixedIp[] => {
  const wanted = canonicalRequests(body) ?? []
  const kept: FixedIp[] = []
  const fresh: FixedIpRequest[] = []
  for (const request of wanted) {
    const same = port.fixed_ips.find(
      (fixed) =>
        !kept.includes(fixed) &&
        (request.ip_address === undefined || fixed.ip_address === request.ip_address) &&
        (request.subnet_id === undefined || fixed.subnet_id === request.subnet_id),
    )
    const isAsked = request.ip_address !== undefined || request.subnet_id !== undefined
    if (same && isAsked) kept.push(same)
    else fresh.push(request)
  }
  const { network_id, device_owner, mac_address } = port
  const added = allocateAddresses(call.context, { network_id, device_owner, mac_address, fixed_ips: fresh })
  return [...kept, ...added.filter((fixed) => !kept.some((one) => one.ip_address === fixed.ip_address))]
}

const canonicalRequests = (body: Body): FixedIpRequest[] | undefined =>
  body.get<FixedIpRequest[]>('fixed_ips')?.map(({ subnet_id, ip_address }) => ({
    subnet_id,
    ip_address: ip_address === undefined ? undefined : (canonicalAddress(ip_address) ?? ip_address),
  }))

const mustSeeGroup = (call: Call, id: string): void => {
  const group = call.store.of(securityGroups).get(id)
  if (group && (call.isAdmin || group.project_id === call.projectId)) return
  if (!group || !isSharedWith(call, group, call.projectId)) throw securityGroupNotFound(id)
}

/** Reads `fixed_ips=ip_address=10.0.0.5`; several values of one key are alternatives. */
const addressFilter = (values: readonly string[]): Record<string, string[]> => {
  const wanted: Record<string, string[]> = {}
  for (const text of values) {
    const at = text.indexOf('=')
    if (at <= 0) throw inconsistentInput(`'${text}' is not of the form <key>=[value]`)
    const key = text.slice(0, at)
    wanted[key] = [...(wanted[key] ?? []), text.slice(at + 1)]
  }
  return wanted
}

const hasFixedIp = (port: PortRecord, wanted: Record<string, string[]>): boolean => {
  const { subnet_id, ip_address, ip_address_substr } = wanted
  // The database compares texts, if without regard to case: another spelling of an IPv6 address finds nothing.
  const addresses = ip_address?.map((address) => address.toLowerCase())
  // Each condition may be met by another of the port's addresses, except that a part counts against all.
  const some = (test: (fixed: FixedIp) => boolean): boolean => port.fixed_ips.some(test)
  if (subnet_id && !some((fixed) => subnet_id.includes(fixed.subnet_id))) return false
  if (addresses && !some((fixed) => addresses.includes(fixed.ip_address))) return false
  return !ip_address_substr || ip_address_substr.every((part) => some((fixed) => fixed.ip_address.includes(part)))
}

const macInUse = (networkId: string, address: string) =>
  neutronError(
    409,
    'MacAddressInUse',
    `Unable to complete operation for network ${networkId}. The mac address ${address} is in use.`,
  )

const securityRequired = () =>
  neutronError(
    400,
    'PortSecurityAndIPRequiredForSecurityGroups',
    'Port security must be enabled and port must have an IP address in order to use security groups.',
  )

const pairsNeedSecurity = () =>
  neutronError(
    409,
    'AddressPairAndPortSecurityRequired',
    'Port Security must be enabled in order to have allowed address pairs on a port.',
  )
