import type { ServiceClient } from '../../http/service-client.ts'

export interface FloatingIp {
  readonly id: string
  readonly floating_ip_address: string
  readonly floating_network_id: string
  readonly port_id: string | null
  readonly fixed_ip_address: string | null
  readonly status: string
  readonly project_id?: string
  readonly description?: string | null
  readonly created_at?: string
}

export interface FloatingIpCreate {
  readonly floating_network_id: string
  /** A certain address; by default policy for admins only. */
  readonly floating_ip_address?: string
  readonly description?: string
  readonly port_id?: string
}

export interface FloatingIpQuery {
  readonly floating_ip_address?: string
  readonly floating_network_id?: string
  readonly port_id?: string
  readonly project_id?: string
  readonly description?: string
}

const listed = (client: ServiceClient, query: FloatingIpQuery): AsyncIterable<FloatingIp> =>
  client.pages('floatingips', { ...query }, { key: 'floatingips' })

/** Neutron floating IPs. https://docs.openstack.org/api-ref/network/v2/#floating-ips-floatingips */
export const floatingIps = (client: ServiceClient) => {
  const path = (id: string): string => `floatingips/${encodeURIComponent(id)}`
  const remove = (id: string): Promise<void> => client.delete(path(id), { expect: 204 })
  return {
    create: (floatingIp: FloatingIpCreate) =>
      client.post<FloatingIp>(
        'floatingips',
        { floatingip: floatingIp },
        { expect: 201, pick: 'floatingip', repeat: 'lookup' },
      ),
    list: (query: FloatingIpQuery = {}) => listed(client, query),
    show: (id: string) => client.get<FloatingIp>(path(id), { pick: 'floatingip' }),
    /** Moves the address to the port, from wherever it was, in one request; sets the description where one is given. */
    associate: (id: string, portId: string, fixedIpAddress?: string, description?: string) =>
      client.put<FloatingIp>(
        path(id),
        {
          floatingip: {
            port_id: portId,
            ...(fixedIpAddress === undefined ? {} : { fixed_ip_address: fixedIpAddress }),
            ...(description === undefined ? {} : { description }),
          },
        },
        { expect: 200, pick: 'floatingip' },
      ),
    delete: remove,
  }
}
