import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined, hasStatus, isQuota, isUnknownPath, OpenStackError } from '../../http/openstack-error.ts'
import { collect } from '../../http/service-client.ts'
import { invalidVm } from '../../planning/invalid-vm.ts'
import type { PoolMember } from '../../planning/leftovers/classification.ts'
import { isMemberOf, isOfAnotherProject, isProvablyOf } from '../../planning/ownership.ts'
import type { PoolParams } from '../../planning/vm-cloud-properties.ts'
import type { FoundPool } from '../../planning/vm-plan.ts'
import type { Pool } from '../../services/load-balancer/pools.ts'
import { forEachInParallel } from '../in-parallel.ts'

/**
 * All members of the pools of this project. Empty, with a warning, where Octavia does not allow it (no load-balancer
 * role); empty where the cloud has no load balancers. The pools are compared with the project, since an administrator
 * sees those of all projects.
 */
export async function findMembers(ctx: DriverContext): Promise<PoolMember[]> {
  const { pools, members } = ctx.services.loadBalancer
  const { projectId } = await ctx.services.identity.whoAmI()
  try {
    const listed = await collect(pools.list(projectId === undefined ? {} : { project_id: projectId }))
    const own = listed.filter((pool) => isProvablyOf(pool, projectId))
    const found = await forEachInParallel(own, async (pool) => {
      const loadBalancerId = pool.loadbalancers?.[0]?.id
      return ((await foundOrUndefined(collect(members.list(pool.id)))) ?? []).map((member) => ({
        poolId: pool.id,
        member,
        ...(loadBalancerId === undefined ? {} : { loadBalancerId }),
      }))
    })
    return found.flat()
  } catch (error) {
    if (isWithoutService(error)) {
      ctx.log.info(`This cloud has no load balancers: ${error.message}`)
      return []
    }
    if (!isForbidden(error)) throw error
    ctx.log.warn(`Pool members are left out, as this user may not list them: ${error.message}`)
    return []
  }
}

/** The members that this CPI made for a server, which need not exist any more. A service that fails is only warned of. */
export async function findMembersOfServer(ctx: DriverContext, serverId: string): Promise<PoolMember[]> {
  try {
    return (await findMembers(ctx)).filter(({ member }) => isMemberOf(serverId)(member))
  } catch (error) {
    ctx.log.warn(`It is unknown whether pools still have members for server \`${serverId}': ${String(error)}`)
    return []
  }
}

/** Neither in the catalog, nor as an extension of Neutron. */
function isWithoutService(error: unknown): error is OpenStackError {
  if (!(error instanceof OpenStackError)) return false
  return error.kind === 'config' || error.kind === 'unsupported' || isUnknownPath(error)
}

/** Octavia has roles of its own (`load-balancer_member`), which a BOSH user without pools need not have. */
const isForbidden = (error: unknown): error is OpenStackError => hasStatus(error, 403) && !isQuota(error)

/** The pool by name, which must be unique (driver spec §6.6). Throws `VmCreationFailed`, not to be retried. */
export async function findPool(ctx: DriverContext, params: PoolParams): Promise<FoundPool> {
  const pools = await collect(ctx.services.loadBalancer.pools.list({ name: params.name }))
  const allNamed = pools.filter(({ name }) => name === params.name)
  // An administrator sees the pools of all projects.
  const { projectId } = await ctx.services.identity.whoAmI()
  const own = allNamed.filter((found) => !isOfAnotherProject(found, projectId))
  const named = own.length > 0 ? own : allNamed
  const [pool] = named
  if (pool === undefined) throw invalidVm(`Load balancer pool '${params.name}' does not exist`)
  if (named.length > 1) {
    throw invalidVm(`Load balancer pool '${params.name}' exists multiple times. Make sure to use unique naming.`)
  }
  const loadBalancerIds = await loadBalancersOf(ctx, pool)
  const [loadBalancerId] = loadBalancerIds
  if (loadBalancerId === undefined || loadBalancerIds.length > 1) {
    throw invalidVm(
      `Load balancer pool '${params.name}' belongs to ${loadBalancerIds.length === 0 ? 'no load balancer' : 'several load balancers'}, so its state cannot be watched`,
    )
  }
  return { params, pool, loadBalancerId }
}

/** Old APIs name the load balancer only through the pool's listener. */
export async function loadBalancersOf(ctx: DriverContext, pool: Pool): Promise<string[]> {
  if (pool.loadbalancers !== undefined && pool.loadbalancers.length > 0) return pool.loadbalancers.map(({ id }) => id)
  const [listener] = pool.listeners ?? []
  if (listener === undefined || (pool.listeners ?? []).length > 1) return []
  return (await ctx.services.loadBalancer.listeners.show(listener.id)).loadbalancers.map(({ id }) => id)
}
