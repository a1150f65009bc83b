import type { ServiceClient } from '../../http/service-client.ts'
import { listeners } from './listeners.ts'
import { loadBalancers } from './load-balancers.ts'
import { members } from './members.ts'
import { pools } from './pools.ts'

/** Octavia, or Neutron's former LBaaS extension with the same paths. https://docs.openstack.org/api-ref/load-balancer/v2/ */
export const loadBalancer = (client: ServiceClient) => ({
  loadBalancers: loadBalancers(client),
  listeners: listeners(client),
  pools: pools(client),
  members: members(client),
})

export type LoadBalancer = ReturnType<typeof loadBalancer>
