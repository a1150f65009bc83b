import { firstPollsMs } from '../../http/first-polls.ts'
import { foundOrUndefined } from '../../http/openstack-error.ts'
import type { ServiceClient } from '../../http/service-client.ts'
import { done, failed, type Pace, waitFor, waiting } from '../../http/waiter.ts'
import { listeners, members, pools } from './pools.ts'

/**
 * Octavia, or Neutron's former LBaaS extension with the same paths.
 * https://docs.openstack.org/api-ref/load-balancer/v2/
 */
export const loadBalancer = (client: ServiceClient) => ({
  loadBalancers: loadBalancers(client),
  listeners: listeners(client),
  pools: pools(client),
  members: members(client),
})

export type LoadBalancer = ReturnType<typeof loadBalancer>

export interface LoadBalancerResource {
  readonly id: string
  readonly name: string
  /** `ACTIVE`, `PENDING_CREATE`, `PENDING_UPDATE`, `PENDING_DELETE`, `ERROR`, `DELETED`. */
  readonly provisioning_status: string
  readonly operating_status: string
  readonly vip_address: string
}

/** Octavia load balancers. https://docs.openstack.org/api-ref/load-balancer/v2/#load-balancers */
const loadBalancers = (client: ServiceClient) => ({
  show: (id: string) =>
    client.get<LoadBalancerResource>(`loadbalancers/${encodeURIComponent(id)}`, { pick: 'loadbalancer' }),
})

export type LoadBalancers = ReturnType<typeof loadBalancers>

/** Waits until the load balancer takes changes again (driver spec §3.6). */
export const waitForLoadBalancer = (
  loadBalancers: LoadBalancers,
  id: string,
  pace: Pace,
): Promise<LoadBalancerResource> =>
  waitFor<LoadBalancerResource, LoadBalancerResource>(pace, {
    what: `Load balancer \`${id}'`,
    target: 'active',
    firstPollMs: firstPollsMs.mayHoldAlready,
    poll: () => foundOrUndefined(loadBalancers.show(id)),
    state: (balancer) => balancer.provisioning_status.toLowerCase(),
    classify: (balancer, state) => {
      if (state === 'active') return done(balancer)
      return ['error', 'deleted'].includes(state) ? failed() : waiting
    },
  })
