import type { DriverContext } from '../../driver-context.ts'
import {
  isPoolRecordTag,
  type PoolRecord,
  poolRecords,
  poolRecordsOfTags,
  poolRecordTags,
} from '../../planning/pool-records.ts'
import { serverTag } from '../../planning/port-tags.ts'
import type { Problems } from '../../rollback.ts'
import type { Server } from '../../services/compute/servers.ts'
import type { FixedIp, Port } from '../../services/network/ports.ts'
import { findMembersOfServer } from './find-pools.ts'
import { removeMember, removeMembers } from './pool-members.ts'

/**
 * Removes a server from the pools that its metadata names, also one of another CPI (driver spec §6.6, §10). A
 * membership that cannot be removed, for example because the load balancer is in ERROR, does not keep the server: it is
 * reported, and recorded on one of the server's ports, as the metadata disappears with the server. That port stays
 * until the membership is gone, which also keeps the address from another VM while the pool sends traffic there.
 * Without such a port, members that this CPI made are found by their name.
 * @returns ids of the ports that stay
 */
export async function leavePools(
  ctx: DriverContext,
  server: Server,
  ports: readonly Port[],
  problems: Problems,
): Promise<ReadonlySet<string>> {
  const records = poolRecords(server.metadata)
  if (records.length === 0) return new Set()
  const fixedIps = ports.flatMap(({ fixed_ips }) => fixed_ips)
  const failed = await removeAll(ctx, records, fixedIps, problems)
  // Nova deletes the ports that it made, which have no name, with the server. So have those of the Ruby CPI, which stay.
  const keeper = ports.find(({ name }) => name !== '') ?? ports[0]
  if (failed.length === 0 || keeper === undefined || !ctx.config.tagResources) return new Set()
  const tags = new Set([...(keeper.tags ?? []).filter((tag) => !isPoolRecordTag(tag)), serverTag(server.id)])
  for (const [index, record] of failed.entries()) for (const tag of poolRecordTags(record, index)) tags.add(tag)
  try {
    await ctx.services.network.ports.setTags(keeper.id, [...tags])
    return new Set([keeper.id])
  } catch (error) {
    problems.add(`Recording the pools of server ${server.id} on port ${keeper.id}`, error)
    return new Set()
  }
}

/** Removes memberships that an earlier call could not remove. @returns the ports that may be deleted now */
export async function leavePoolsOfPorts(
  ctx: DriverContext,
  ports: readonly Port[],
  problems: Problems,
): Promise<readonly Port[]> {
  const free: Port[] = []
  for (const port of ports) {
    const failed = await removeAll(ctx, poolRecordsOfTags(port.tags ?? []), port.fixed_ips, problems)
    if (failed.length === 0) free.push(port)
  }
  return free
}

/** Removes memberships that neither the server nor a port records any more. */
export async function leavePoolsOfGoneServer(ctx: DriverContext, serverId: string, problems: Problems): Promise<void> {
  for (const { poolId, loadBalancerId, member } of await findMembersOfServer(ctx, serverId)) {
    try {
      await removeMember(ctx, poolId, loadBalancerId, member.id)
    } catch (error) {
      problems.add(`Removing lbaas pool memberships (member ${member.id} of pool ${poolId})`, error)
    }
  }
}

/** One after the other: a load balancer takes one change at a time. @returns the records whose members stay */
async function removeAll(
  ctx: DriverContext,
  records: readonly PoolRecord[],
  fixedIps: readonly FixedIp[],
  problems: Problems,
): Promise<readonly PoolRecord[]> {
  const failed: PoolRecord[] = []
  for (const record of records) {
    try {
      await removeMembers(ctx, record, fixedIps)
    } catch (error) {
      ctx.log.error(`Could not leave pool ${record.poolId}: ${String(error)}`)
      const member = record.memberId === undefined ? '' : `member ${record.memberId} of `
      problems.add(`Removing lbaas pool memberships (${member}pool ${record.poolId})`, error)
      failed.push(record)
    }
  }
  return failed
}
