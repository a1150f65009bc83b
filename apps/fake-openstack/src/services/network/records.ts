import { defineCollection, type StoredRecord } from '../../kernel/collection.ts'

/** What all Neutron resources have: owner, description, tags, times and a revision that counts the changes. */
export interface NeutronRecord extends StoredRecord {
  project_id: string
  description: string | null
  tags: readonly string[]
  /** Epoch milliseconds. */
  created_at: number
  updated_at: number
  revision_number: number
}

export interface NetworkRecord extends NeutronRecord {
  name: string
  admin_state_up: boolean
  mtu: number
  status: 'ACTIVE' | 'DOWN' | 'BUILD' | 'ERROR'
  shared: boolean
  'router:external': boolean
  /** External only for the projects that RBAC policies name. Missing means for all. */
  isExternalByPolicy?: boolean
  is_default: boolean
  port_security_enabled: boolean
  availability_zone_hints: readonly string[]
  /** Seen by admins only. */
  'provider:network_type': string
  'provider:physical_network': string | null
  'provider:segmentation_id': number | null
}

export interface AddressRange {
  start: string
  end: string
}

export interface SubnetRecord extends NeutronRecord {
  name: string
  network_id: string
  ip_version: 4 | 6
  cidr: string
  subnetpool_id: string | null
  gateway_ip: string | null
  enable_dhcp: boolean
  ipv6_ra_mode: string | null
  ipv6_address_mode: string | null
  allocation_pools: readonly AddressRange[]
  dns_nameservers: readonly string[]
  host_routes: readonly { destination: string; nexthop: string }[]
  service_types: readonly string[]
}

export interface SubnetPoolRecord extends NeutronRecord {
  name: string
  prefixes: readonly string[]
  ip_version: 4 | 6
  min_prefixlen: string
  max_prefixlen: string
  default_prefixlen: string
  default_quota: number | null
  address_scope_id: null
  shared: boolean
  is_default: boolean
}

export interface AddressScopeRecord extends NeutronRecord {
  name: string
  ip_version: 4 | 6
  shared: boolean
}

export interface AddressGroupRecord extends NeutronRecord {
  name: string
  /** CIDRs. */
  addresses: readonly string[]
}

export interface FixedIp {
  subnet_id: string
  ip_address: string
}

export interface PortRecord extends NeutronRecord {
  name: string
  network_id: string
  /** Owner of the network, who sees all ports on it. */
  network_project_id: string
  mac_address: string
  admin_state_up: boolean
  /** `DOWN` until bound to a running server. */
  status: 'ACTIVE' | 'DOWN' | 'BUILD' | 'ERROR' | 'N/A'
  /** Server, router or other owner; empty when the port is free. */
  device_id: string
  /** `compute:<zone>`, `network:router_interface`, `Octavia`; empty when the port is free. */
  device_owner: string
  fixed_ips: readonly FixedIp[]
  allowed_address_pairs: readonly { mac_address: string; ip_address: string }[]
  extra_dhcp_opts: readonly { opt_name: string; opt_value: string; ip_version: number }[]
  /** Ids. */
  security_groups: readonly string[]
  port_security_enabled: boolean
  'binding:vnic_type': string
  /** Host and profile are seen by admins only. */
  'binding:host_id': string
  'binding:profile': Readonly<Record<string, unknown>>
  qos_policy_id: string | null
  dns_name: string
}

export interface SecurityGroupRecord extends NeutronRecord {
  name: string
  stateful: boolean
}

export interface SecurityGroupRuleRecord extends NeutronRecord {
  security_group_id: string
  direction: 'ingress' | 'egress'
  ethertype: 'IPv4' | 'IPv6'
  protocol: string | null
  port_range_min: number | null
  port_range_max: number | null
  remote_ip_prefix: string | null
  remote_group_id: string | null
  remote_address_group_id: null
  normalized_cidr: string | null
  /** Neutron shows the number of its database row. */
  standard_attr_id: number
}

export interface FloatingIpRecord extends NeutronRecord {
  floating_ip_address: string
  floating_network_id: string
  /** Port on the external network that holds the address; users do not see it. */
  holder_port_id: string
  port_id: string | null
  fixed_ip_address: string | null
  router_id: string | null
  /** Follows the association a moment later. */
  status: 'ACTIVE' | 'DOWN' | 'ERROR'
}

export interface ExternalGateway {
  network_id: string
  external_fixed_ips: readonly FixedIp[]
  enable_snat: boolean
}

export interface RouterRecord extends NeutronRecord {
  name: string
  admin_state_up: boolean
  status: 'ACTIVE' | 'ERROR'
  external_gateway_info: ExternalGateway | null
  /** Port on the external network, or null without a gateway. */
  gateway_port_id: string | null
  routes: readonly { destination: string; nexthop: string }[]
  availability_zone_hints: readonly string[]
  /** Seen and set by administrators only, as is `ha`. Missing means false. */
  distributed?: boolean
  ha?: boolean
}

/** A port that carries the networks of others, each by a VLAN of its own. */
export interface TrunkRecord extends NeutronRecord {
  name: string
  admin_state_up: boolean
  /** The parent. */
  port_id: string
  sub_ports: readonly Subport[]
}

export interface Subport {
  port_id: string
  segmentation_type: 'vlan'
  segmentation_id: number
}

/** A kind of service that users may ask for, and the profiles of its implementations. */
export interface NetworkFlavorRecord extends StoredRecord {
  name: string
  description: string | null
  service_type: string
  enabled: boolean
  /** Ids. */
  service_profiles: readonly string[]
}

export interface ServiceProfileRecord extends StoredRecord {
  description: string | null
  driver: string
  metainfo: string
  enabled: boolean
}

const byId = (record: StoredRecord): string => record.id

/** Networks. `nameKey` is the name without case, as lists compare it. */
export const networks = defineCollection<NetworkRecord>()({
  kind: 'networks',
  order: byId,
  indexes: {
    name: (r) => r.name,
    nameKey: (r) => r.name.toLowerCase(),
    project: (r) => r.project_id,
    /** Seen by every project: shared or external. */
    public: (r) => (r.shared || (r['router:external'] && r.isExternalByPolicy !== true) ? 'yes' : null),
    id: (r) => r.id,
  },
})

/** In order of creation, which is the order in which Neutron looks for a free address. */
export const subnets = defineCollection<SubnetRecord>()({
  kind: 'subnets',
  indexes: {
    name: (r) => r.name,
    nameKey: (r) => r.name.toLowerCase(),
    project: (r) => r.project_id,
    network: (r) => r.network_id,
    subnetpool: (r) => r.subnetpool_id,
  },
})

export const subnetPools = defineCollection<SubnetPoolRecord>()({
  kind: 'subnetpools',
  order: byId,
  indexes: { name: (r) => r.name, nameKey: (r) => r.name.toLowerCase(), project: (r) => r.project_id },
})

/** Ports. `address` is `<subnet id>/<address>`, `ip` the bare address on any network. */
export const ports = defineCollection<PortRecord>()({
  kind: 'ports',
  order: byId,
  indexes: {
    status: (r) => r.status.toLowerCase(),
    name: (r) => r.name,
    nameKey: (r) => r.name.toLowerCase(),
    project: (r) => r.project_id,
    visible: (r) => [r.project_id, r.network_project_id],
    network: (r) => r.network_id,
    device: (r) => (r.device_id === '' ? null : r.device_id.toLowerCase()),
    deviceOwner: (r) => (r.device_owner === '' ? null : r.device_owner.toLowerCase()),
    subnet: (r) => r.fixed_ips.map((fixed) => fixed.subnet_id),
    address: (r) => r.fixed_ips.map((fixed) => `${fixed.subnet_id}/${fixed.ip_address}`),
    ip: (r) => r.fixed_ips.map((fixed) => fixed.ip_address),
    mac: (r) => `${r.network_id}/${r.mac_address}`,
    macAnywhere: (r) => r.mac_address,
    securityGroup: (r) => r.security_groups,
    tag: (r) => r.tags,
  },
})

export const securityGroups = defineCollection<SecurityGroupRecord>()({
  kind: 'security_groups',
  order: byId,
  indexes: {
    name: (r) => r.name,
    nameKey: (r) => r.name.toLowerCase(),
    project: (r) => r.project_id,
    nameInProject: (r) => `${r.project_id}/${r.name.toLowerCase()}`,
    id: (r) => r.id,
  },
})

export const securityGroupRules = defineCollection<SecurityGroupRuleRecord>()({
  kind: 'security_group_rules',
  order: byId,
  indexes: {
    project: (r) => r.project_id,
    group: (r) => r.security_group_id,
    remoteGroup: (r) => r.remote_group_id,
  },
})

export const floatingIps = defineCollection<FloatingIpRecord>()({
  kind: 'floatingips',
  order: byId,
  indexes: {
    project: (r) => r.project_id,
    address: (r) => r.floating_ip_address,
    port: (r) => r.port_id,
    router: (r) => r.router_id,
    network: (r) => r.floating_network_id,
  },
})

export const routers = defineCollection<RouterRecord>()({
  kind: 'routers',
  order: byId,
  indexes: { name: (r) => r.name, nameKey: (r) => r.name.toLowerCase(), project: (r) => r.project_id },
})

export const addressScopes = defineCollection<AddressScopeRecord>()({
  kind: 'address_scopes',
  order: byId,
  indexes: { name: (r) => r.name, nameKey: (r) => r.name.toLowerCase(), project: (r) => r.project_id },
})

export const addressGroups = defineCollection<AddressGroupRecord>()({
  kind: 'address_groups',
  order: byId,
  indexes: {
    name: (r) => r.name,
    nameKey: (r) => r.name.toLowerCase(),
    project: (r) => r.project_id,
    id: (r) => r.id,
  },
})

/** Where the search for the next free address of a subnet starts; the id is the subnet's. */
export const addressCursors = defineCollection<StoredRecord & { next: string }>()({
  kind: '_address_cursors',
  internal: true,
})

export const trunks = defineCollection<TrunkRecord>()({
  kind: 'trunks',
  order: byId,
  indexes: {
    project: (r) => r.project_id,
    parent: (r) => r.port_id,
    subport: (r) => r.sub_ports.map(({ port_id }) => port_id),
  },
})

export const flavors = defineCollection<NetworkFlavorRecord>()({
  kind: 'network_flavors',
  order: byId,
  indexes: { profile: (r) => r.service_profiles },
})

export const serviceProfiles = defineCollection<ServiceProfileRecord>()({ kind: 'service_profiles', order: byId })
