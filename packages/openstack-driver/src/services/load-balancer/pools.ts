import type { ServiceClient } from '../../http/service-client.ts'

export interface Pool {
  readonly id: string
  readonly name: string
  readonly protocol: string
  readonly provisioning_status?: string
  readonly project_id?: string
  /** Absent in old APIs: go by `listeners`. */
  readonly loadbalancers?: readonly { readonly id: string }[]
  readonly listeners?: readonly { readonly id: string }[]
  readonly members: readonly { readonly id: string }[]
}

/** Octavia pools. https://docs.openstack.org/api-ref/load-balancer/v2/#pools */
export const pools = (client: ServiceClient) => ({
  show: (id: string) => client.get<Pool>(`pools/${encodeURIComponent(id)}`, { pick: 'pool' }),
  list: (query: { readonly name?: string; readonly project_id?: string } = {}) =>
    client.pages<Pool>('pools', { ...query }, { key: 'pools' }),
})
