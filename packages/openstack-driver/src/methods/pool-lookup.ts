import type { DriverContext } from '../driver-context.ts'
import { collect } from '../http/service-client.ts'
import { invalidVm } from '../planning/invalid-vm.ts'
import type { PoolWish } from '../planning/vm-cloud-properties.ts'
import type { Pool } from '../services/load-balancer/pools.ts'

/** A pool to join, and the load balancer whose state tells when it takes changes. */
export interface FoundPool {
  readonly wish: PoolWish
  readonly pool: Pool
  readonly loadBalancerId: string
}

/** The pool by name, which must be unique (driver spec §6.6). Throws `VmCreationFailed`, not to be retried. */
export async function findPool(ctx: DriverContext, wish: PoolWish): Promise<FoundPool> {
  const pools = await collect(ctx.services.loadBalancer.pools.list({ name: wish.name }))
  const named = pools.filter(({ name }) => name === wish.name)
  const [pool] = named
  if (pool === undefined) throw invalidVm(`Load balancer pool '${wish.name}' does not exist`)
  if (named.length > 1) {
    throw invalidVm(`Load balancer pool '${wish.name}' exists multiple times. Make sure to use unique naming.`)
  }
  const loadBalancerIds = await loadBalancersOf(ctx, pool)
  const [loadBalancerId] = loadBalancerIds
  if (loadBalancerId === undefined || loadBalancerIds.length > 1) {
    throw invalidVm(
      `Load balancer pool '${wish.name}' belongs to ${loadBalancerIds.length === 0 ? 'no load balancer' : 'several load balancers'}, so its state cannot be watched`,
    )
  }
  return { wish, pool, loadBalancerId }
}

/** Old APIs name the load balancer only through the pool's listener. */
export async function loadBalancersOf(ctx: DriverContext, pool: Pool): Promise<string[]> {
  if (pool.loadbalancers !== undefined && pool.loadbalancers.length > 0) return pool.loadbalancers.map(({ id }) => id)
  const [listener] = pool.listeners ?? []
  if (listener === undefined || (pool.listeners ?? []).length > 1) return []
  return (await ctx.services.loadBalancer.listeners.show(listener.id)).loadbalancers.map(({ id }) => id)
}
