import type { ServiceClient } from '../../http/service-client.ts'

export interface Listener {
  readonly id: string
  readonly loadbalancers: readonly { readonly id: string }[]
}

/** Octavia listeners. https://docs.openstack.org/api-ref/load-balancer/v2/#listeners */
export const listeners = (client: ServiceClient) => ({
  show: (id: string) => client.get<Listener>(`listeners/${encodeURIComponent(id)}`, { pick: 'listener' }),
})
