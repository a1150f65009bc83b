import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined, isConflict, isNotFound, OpenStackError } from '../../http/openstack-error.ts'
import { collect } from '../../http/service-client.ts'
import { hasTargetOf, isOwnMember, leadsToOneOf } from '../../planning/ownership.ts'
import type { PoolRecord } from '../../planning/pool-records.ts'
import type { Rollback } from '../../rollback.ts'
import { waitForLoadBalancer } from '../../services/load-balancer/load-balancer.ts'
import type { Member, MemberCreate } from '../../services/load-balancer/pools.ts'
import type { FixedIp } from '../../services/network/ports.ts'
import { createRecognisable } from '../ambiguous-request.ts'
import { withOptionalFields } from '../tolerant-request.ts'
import { loadBalancersOf } from './find-pools.ts'
import { isImmutable, retryWhileImmutable } from './retry-while-immutable.ts'

/**
 * Makes the VM a member of a pool. A member that another process created for the same address and port is used as it
 * is, and not removed when the VM cannot be made. A load balancer takes one change at a time: it is waited for, and a
 * refusal because of another change is followed by a pause (driver spec §6.6).
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
        retryWhileImmutable(ctx, `pool ${poolId}`, async () => {
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
    await retryWhileImmutable(ctx, `pool ${poolId}`, async () => {
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
