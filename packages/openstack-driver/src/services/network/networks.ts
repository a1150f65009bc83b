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
    show: (id: string) => client.get<NeutronNetwork>(path(id), { pick: 'network' }),
    list: (query: NetworkQuery = {}) => listed(client, query),
    update: (id: string, changes: { readonly description: string }) =>
      client.put<NeutronNetwork>(path(id), { network: changes }, { expect: 200, pick: 'network' }),
    delete: remove,
    /** Replaces all tags. */
    setTags: (id: string, tags: readonly string[]) =>
      client.put<string[]>(`${path(id)}/tags`, { tags }, { expect: 200, pick: 'tags' }),
  }
}
