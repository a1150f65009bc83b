import type { Call } from '../../kernel/call.ts'
import { adminFlag, type Body, commonAttributes, textAttribute } from './attribute.ts'
import { inconsistentInput, internalError, networkNotFound, neutronError } from './neutron-errors.ts'
import { deleteFloatingIp, deletePort } from './port-operations.ts'
import { checkUnsharable, grantedIds, isSharedWith, removePolicies, seesNetwork } from './rbac-access.ts'
import { oneOf, string, toBoolean, toInteger } from './readers.ts'
import { floatingIps, type NetworkRecord, networks, ports, subnets } from './records.ts'
import { changesOf, newRecord, type Resource } from './resource.ts'

/** Neutron walks over the segments without a look at their form. */
const segmentList = (value: unknown): undefined => {
  if (value !== null && !Array.isArray(value)) throw internalError()
}

/** MTU of tenant networks: 1500 less the header of the tunnel. External ones are flat. */
export const tunnelMtu = 1450
export const flatMtu = 1500

const providerType = oneOf('flat', 'vlan', 'vxlan', 'gre', 'geneve', 'local')

/** Networks. https://docs.openstack.org/api-ref/network/v2/#networks */
export const networkResource: Resource<NetworkRecord, 'name' | 'nameKey' | 'project' | 'public' | 'id', never> = {
  name: 'network',
  plural: 'networks',
  path: 'networks',
  collection: networks,
  notFound: networkNotFound,
  knowsMarkers: true,
  quota: 'network',
  attributes: {
    ...commonAttributes,
    name: textAttribute(255),
    description: textAttribute(255),
    subnets: {},
    admin_state_up: { post: 'optional', put: true, default: true, convert: toBoolean, filter: true, sort: true },
    status: { filter: true, sort: true },
    shared: adminFlag,
    ipv4_address_scope: {},
    ipv6_address_scope: {},
    'router:external': adminFlag,
    is_default: adminFlag,
    availability_zones: {},
    availability_zone_hints: { post: 'optional', default: [], sort: true },
    mtu: { post: 'optional', put: true, default: 0, convert: toInteger, filter: true, sort: true },
    port_security_enabled: { post: 'optional', put: true, default: true, convert: toBoolean },
    'provider:network_type': {
      post: 'optional',
      put: true,
      validate: providerType,
      filter: true,
      isAdminOnly: true,
      isSetByAdminOnly: true,
    },
    // Several segments of one network.
    segments: { post: 'optional', put: true, validate: segmentList, isUnmodelled: true },
    'provider:physical_network': {
      post: 'optional',
      put: true,
      validate: string(255),
      filter: true,
      isAdminOnly: true,
      isSetByAdminOnly: true,
    },
    'provider:segmentation_id': {
      post: 'optional',
      put: true,
      convert: toInteger,
      filter: true,
      isAdminOnly: true,
      isSetByAdminOnly: true,
    },
  },
  indexes: { name: 'nameKey', project_id: 'project' },
  filters: {
    // Only external networks have the attribute, and the database ignores the filter.
    is_default: () => true,
  },
  isVisible: (call, network) => seesNetwork(call, network, call.projectId),
  scopes: (call) => [
    { project: call.projectId },
    { public: 'yes' },
    ...grantedIds(call, 'network', call.projectId).map((id) => ({ id })),
  ],
  view: (call, network) => {
    const isExternal = network['router:external']
    return {
      name: network.name,
      admin_state_up: network.admin_state_up,
      mtu: network.mtu,
      status: network.status,
      subnets: subnetIds(call, network.id),
      shared: isSharedWith(call, network, call.projectId),
      availability_zone_hints: network.availability_zone_hints,
      availability_zones: [],
      ipv4_address_scope: null,
      ipv6_address_scope: null,
      'router:external': isExternal,
      ...(isExternal || call.request.method === 'POST' ? { is_default: network.is_default } : {}),
      port_security_enabled: network.port_security_enabled,
      'provider:network_type': network['provider:network_type'],
      'provider:physical_network': network['provider:physical_network'],
      'provider:segmentation_id': network['provider:segmentation_id'],
    }
  },
  create: (call, body) => {
    const isExternal = body.get<boolean>('router:external') ?? false
    const hints = body.get<string[]>('availability_zone_hints') ?? []
    const [zone] = hints
    if (zone !== undefined) {
      throw neutronError(404, 'AvailabilityZoneNotFound', `AvailabilityZone ${zone} could not be found.`)
    }
    const type = body.get<string>('provider:network_type') ?? (isExternal ? 'flat' : 'vxlan')
    const most = type === 'flat' || type === 'vlan' ? flatMtu : tunnelMtu
    const all = call.store.of(networks)
    return all.insert({
      ...newRecord(call, body, 1),
      name: body.get<string>('name') ?? '',
      admin_state_up: body.get<boolean>('admin_state_up') ?? true,
      mtu: mtuOf(body, most),
      status: 'ACTIVE',
      shared: body.get<boolean>('shared') ?? false,
      'router:external': isExternal,
      is_default: body.get<boolean>('is_default') ?? false,
      port_security_enabled: body.get<boolean>('port_security_enabled') ?? true,
      availability_zone_hints: hints,
      'provider:network_type': type,
      'provider:physical_network': body.get<string>('provider:physical_network') ?? (type === 'flat' ? 'public' : null),
      'provider:segmentation_id':
        body.get<number>('provider:segmentation_id') ?? (type === 'flat' ? null : all.size + 1),
    })
  },
  update: (call, network, body) => {
    const changes = changesOf(body, [
      'name',
      'description',
      'admin_state_up',
      'shared',
      'router:external',
      'is_default',
      'port_security_enabled',
    ])
    if (body.has('mtu')) {
      changes['mtu'] = mtuOf(body, network['provider:network_type'] === 'flat' ? flatMtu : tunnelMtu)
    }
    if (network.shared && changes['shared'] === false) {
      checkUnsharable(call, network)
      removePolicies(call, network.id, { action: 'access_as_shared', target: '*' })
    }
    if (network['router:external'] && changes['router:external'] === false) {
      removePolicies(call, network.id, { action: 'access_as_external' })
      changes['isExternalByPolicy'] = false
    }
    return call.store.of(networks).update(network.id, changes as Partial<NetworkRecord>) // values of its own attributes
  },
  remove: (call, network) => {
    // Floating IPs without a port go with their network.
    for (const floatingIp of call.store.of(floatingIps).where({ network: network.id })) {
      if (floatingIp.port_id === null) deleteFloatingIp(call.context, floatingIp)
    }
    const used = call.store.of(ports).where({ network: network.id })
    const inUse = used.filter((port) => port.device_owner !== 'network:dhcp')
    if (inUse.length > 0) {
      throw neutronError(
        409,
        'NetworkInUse',
        `Unable to complete operation on network ${network.id}. There are one or more ports still in use on the network, id for these ports is: ${inUse.map((port) => port.id).join(',')}.`,
      )
    }
    for (const port of used) deletePort(call.context, port.id)
    for (const subnet of call.store.of(subnets).where({ network: network.id })) call.store.of(subnets).delete(subnet.id)
    removePolicies(call, network.id)
    call.store.of(networks).delete(network.id)
  },
}

const subnetIds = (call: Call, networkId: string): string[] =>
  call.store
    .of(subnets)
    .where({ network: networkId })
    .map((subnet) => subnet.id)
    .sort()

const mtuOf = (body: Body, most: number): number => {
  const mtu = body.get<number>('mtu') ?? 0
  if (mtu > most) throw inconsistentInput(`Requested MTU is too big, maximum is ${most}`)
  return mtu === 0 ? most : mtu
}

/** Counts a revision of a network, as its subnets change. */
export const touchNetwork = (call: Call, id: string): void => {
  call.store.of(networks).update(id, (network) => ({
    updated_at: call.now,
    revision_number: network.revision_number + 1,
  }))
}
