import type { ServiceClient } from '../../http/service-client.ts'

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

const listed = (client: ServiceClient, query: SubnetQuery): AsyncIterable<Subnet> =>
  client.pages('subnets', { ...query }, { key: 'subnets' })

/** Neutron subnets. https://docs.openstack.org/api-ref/network/v2/#subnets */
export const subnets = (client: ServiceClient) => {
  const path = (id: string): string => `subnets/${encodeURIComponent(id)}`
  const remove = (id: string): Promise<void> => client.delete(path(id), { expect: 204 })
  return {
    create: (subnet: SubnetCreate) =>
      client.post<Subnet>('subnets', { subnet }, { expect: 201, pick: 'subnet', repeat: 'lookup' }),
    show: (id: string) => client.get<Subnet>(path(id), { pick: 'subnet' }),
    list: (query: SubnetQuery = {}) => listed(client, query),
    delete: remove,
  }
}
