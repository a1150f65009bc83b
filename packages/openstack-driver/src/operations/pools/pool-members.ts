import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined, isConflict, isNotFound, OpenStackError } from '../../http/openstack-error.ts'
import { collect } from '../../http/service-client.ts'
import { invalidVm } from '../../planning/invalid-vm.ts'
import { hasTargetOf, isOfAnotherProject, isOwnMember, leadsToOneOf } from '../../planning/ownership.ts'
import type { PoolRecord } from '../../planning/pool-records.ts'
import type { PoolParams } from '../../planning/vm-cloud-properties.ts'
import type { FoundPool } from '../../planning/vm-plan.ts'
import type { Rollback } from '../../rollback.ts'
import { waitForLoadBalancer } from '../../services/load-balancer/load-balancer.ts'
import type { Member, MemberCreate, Pool } from '../../services/load-balancer/pools.ts'
import type { FixedIp } from '../../services/network/ports.ts'
import { createRecognisable } from '../ambiguous-request.ts'
import { withOptionalFields } from '../tolerant-request.ts'

const pauseMs = 1_000

/**
 * Makes the VM a member of a pool. A member that another process created for the same address and port is used as it is, and
 * not removed when the VM cannot be made. A load balancer takes one change at a time: it is waited for, and a refusal because of another
 * change is followed by a pause (driver spec §6.6).
 */
export async function createMember(
  ctx: DriverContext,
  rollback: Rollback,
  poolId: string,
  loadBalancerId: string,
  wanted: MemberCreate,
): Promise<Member> {
  const what = `member ${wanted.address}:${wanted.protocol_port} of pool ${poolId}`
  const find = async ({ services }: DriverContext, isWanted: (member: Member, wanted: MemberCreate) => boolean) =>
    (await collect(services.loadBalancer.members.list(poolId))).filter((member) => isWanted(member, wanted))
  try {
    return await createRecognisable<Member>(ctx, rollback, {
      what,
      label: ({ id }) => `member ${id} of pool ${poolId}`,
      create: (ctx) =>
        whileImmutable(ctx, `pool ${poolId}`, async () => {
          const { loadBalancers, members } = ctx.services.loadBalancer
          await waitForLoadBalancer(loadBalancers, loadBalancerId, ctx.pace)
          return await withOptionalFields(ctx, what, wanted, ['name'], (sent) => members.create(poolId, sent))
        }),
      find: (ctx) => find(ctx, isOwnMember),
      remove: (cleanup, { id }) => removeMember(cleanup, poolId, loadBalancerId, id),
    })
  } catch (error) {
    if (isImmutable(error) || !isConflict(error)) throw error
    const [existing] = await find(ctx, hasTargetOf)
    if (existing === undefined) throw error
    ctx.log.info(`Pool ${poolId} has member ${existing.id} for ${wanted.address}:${wanted.protocol_port} already`)
    return existing
  }
}

/**
 * Removes the member that a record names, and all of the pool's that have one of the VM's addresses, which the next VM
 * may get (driver spec §6.6). What is gone, pool and load balancer included, counts as removed.
 */
export async function removeMembers(
  ctx: DriverContext,
  record: PoolRecord,
  fixedIps: readonly FixedIp[],
): Promise<void> {
  const { pools } = ctx.services.loadBalancer
  const pool = await foundOrUndefined(pools.show(record.poolId))
  const [loadBalancerId] = pool === undefined ? [] : await loadBalancersOf(ctx, pool)
  const { poolId, memberId } = record
  if (memberId !== undefined) await removeMember(ctx, poolId, loadBalancerId, memberId)
  for (const id of await membersWith(ctx, poolId, fixedIps)) await removeMember(ctx, poolId, loadBalancerId, id)
}

async function membersWith(ctx: DriverContext, poolId: string, fixedIps: readonly FixedIp[]): Promise<string[]> {
  if (fixedIps.length === 0) return []
  const members = await foundOrUndefined(collect(ctx.services.loadBalancer.members.list(poolId)))
  return (members ?? []).filter((member) => leadsToOneOf(member, fixedIps)).map(({ id }) => id)
}

/** Removes one member and waits until its load balancer takes changes again. */
export async function removeMember(
  ctx: DriverContext,
  poolId: string,
  loadBalancerId: string | undefined,
  memberId: string,
): Promise<void> {
  const { loadBalancers, members } = ctx.services.loadBalancer
  const settle = async () => {
    if (loadBalancerId !== undefined) await waitForLoadBalancer(loadBalancers, loadBalancerId, ctx.pace)
  }
  const settleIfPossible = async () => {
    try {
      await settle()
    } catch (error) {
      // One that cannot be watched may take the change all the same; one that broke will not.
      if (isNotFound(error) || !isUnreadable(error)) throw error
      ctx.log.warn(`Leaving pool ${poolId} without waiting for its load balancer: ${error.message}`)
    }
  }
  try {
    await whileImmutable(ctx, `pool ${poolId}`, async () => {
      await settleIfPossible()
      await members.delete(poolId, memberId)
    })
    await settle()
  } catch (error) {
    if (isNotFound(error)) return
    if (loadBalancerId !== undefined && (await foundOrUndefined(loadBalancers.show(loadBalancerId))) === undefined)
      return
    throw error
  }
}

const isUnreadable = (
  error: unknown,
): error is OpenStackError & { readonly kind: 'wait-timeout' | 'http' | 'network' | 'timeout' | 'rate-limited' } =>
  error instanceof OpenStackError && ['wait-timeout', 'http', 'network', 'timeout', 'rate-limited'].includes(error.kind)

/** Repeats a change, with pauses, until the load balancer lets it in or `state_timeout` is used up. */
async function whileImmutable<R>(ctx: DriverContext, what: string, change: () => Promise<R>): Promise<R> {
  const deadlineMs = ctx.clock.monotonicMs() + ctx.pace.timeoutMs
  for (;;) {
    let refusal: unknown
    try {
      return await change()
    } catch (error) {
      if (!isImmutable(error)) throw error
      refusal = error
    }
    if (ctx.clock.monotonicMs() >= deadlineMs) {
      throw new OpenStackError('wait-timeout', `Timed out waiting for ${what} to take changes`, { cause: refusal })
    }
    ctx.log.info(`The change of ${what} did not get through, trying again`)
    await ctx.clock.sleep(pauseMs, ctx.signal)
  }
}

/** "… is immutable and cannot be updated": another change is under way. */
function isImmutable(error: unknown): boolean {
  return isConflict(error) && /immutable|PENDING_/i.test(error.fault?.message ?? '')
}

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
async function loadBalancersOf(ctx: DriverContext, pool: Pool): Promise<string[]> {
  if (pool.loadbalancers !== undefined && pool.loadbalancers.length > 0) return pool.loadbalancers.map(({ id }) => id)
  const [listener] = pool.listeners ?? []
  if (listener === undefined || (pool.listeners ?? []).length > 1) return []
  return (await ctx.services.loadBalancer.listeners.show(listener.id)).loadbalancers.map(({ id }) => id)
}
