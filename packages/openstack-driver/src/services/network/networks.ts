import type { ServiceClient } from '../../http/service-client.ts'

export interface NeutronNetwork {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly subnets: readonly string[]
  readonly 'router:external': boolean
  readonly shared: boolean
  readonly project_id: string
  readonly port_security_enabled?: boolean
  readonly mtu?: number
  readonly tags?: readonly string[]
  readonly description?: string | null
  readonly created_at?: string
}

export interface NetworkCreate {
  readonly name: string
  readonly description?: string
  readonly port_security_enabled?: boolean
  readonly mtu?: number
}

export interface NetworkQuery {
  readonly id?: string | readonly string[]
  readonly name?: string
  readonly 'router:external'?: boolean
  readonly project_id?: string
  readonly tags?: string
}

const listed = (client: ServiceClient, query: NetworkQuery): AsyncIterable<NeutronNetwork> =>
  client.pages('networks', { ...query }, { key: 'networks' })

/** Neutron networks. https://docs.openstack.org/api-ref/network/v2/#networks */
export const networks = (client: ServiceClient) => {
  const path = (id: string): string => `networks/${encodeURIComponent(id)}`
  const remove = (id: string): Promise<void> => client.delete(path(id), { expect: 204 })
  return {
    create: (network: NetworkCreate) =>
      client.post<NeutronNetwork>('networks', { network }, { expect: 201, pick: 'network', repeat: 'lookup' }),
    list: (query: NetworkQuery = {}) => listed(client, query),
    update: (id: string, changes: { readonly description: string }) =>
      client.put<NeutronNetwork>(path(id), { network: changes }, { expect: 200, pick: 'network' }),
    delete: remove,
  }
}

export interface Subnet {
  readonly id: string
  readonly name: string
  readonly network_id: string
  readonly cidr: string
  readonly gateway_ip: string | null
  readonly ip_version: 4 | 6
  readonly enable_dhcp: boolean
  readonly allocation_pools: readonly { readonly start: string; readonly end: string }[]
  readonly dns_nameservers: readonly string[]
  readonly ipv6_address_mode?: string | null
  readonly ipv6_ra_mode?: string | null
}

export interface SubnetCreate {
  readonly name: string
  readonly network_id: string
  readonly cidr?: string
  /** null: none. Absent: Neutron chooses. */
  readonly gateway_ip?: string | null
  readonly ip_version: 4 | 6
  readonly enable_dhcp?: boolean
  readonly dns_nameservers?: readonly string[]
  /** With `prefixlen` instead of `cidr`: Neutron chooses the range. */
  readonly subnetpool_id?: string
  readonly prefixlen?: number
}

export interface SubnetQuery {
  readonly network_id?: string
  readonly name?: string
  readonly project_id?: string
  readonly ip_version?: number
}

const listedSubnets = (client: ServiceClient, query: SubnetQuery): AsyncIterable<Subnet> =>
  client.pages('subnets', { ...query }, { key: 'subnets' })

/** Neutron subnets. https://docs.openstack.org/api-ref/network/v2/#subnets */
export const subnets = (client: ServiceClient) => {
  const path = (id: string): string => `subnets/${encodeURIComponent(id)}`
  const remove = (id: string): Promise<void> => client.delete(path(id), { expect: 204 })
  return {
    create: (subnet: SubnetCreate) =>
      client.post<Subnet>('subnets', { subnet }, { expect: 201, pick: 'subnet', repeat: 'lookup' }),
    list: (query: SubnetQuery = {}) => listedSubnets(client, query),
    delete: remove,
  }
}

/** Neutron routers. https://docs.openstack.org/api-ref/network/v2/#routers-routers */
export const routers = (client: ServiceClient) => {
  const path = (id: string): string => `routers/${encodeURIComponent(id)}`
  return {
    addInterface: (id: string, subnetId: string) =>
      client.put<{ readonly port_id: string }>(
        `${path(id)}/add_router_interface`,
        { subnet_id: subnetId },
        // A second one is refused with "already has a port on subnet": the caller looks instead.
        { expect: 200, repeat: 'lookup' },
      ),
    /** 404 when the subnet has no interface on this router. */
    removeInterface: (id: string, subnetId: string) =>
      client.put<{ readonly port_id: string }>(
        `${path(id)}/remove_router_interface`,
        { subnet_id: subnetId },
        { expect: 200 },
      ),
  }
}
