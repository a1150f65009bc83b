import type { DriverContext } from '../../driver-context.ts'
import {
  isPoolRecordTag,
  type PoolRecord,
  poolRecords,
  poolRecordsOfTags,
  poolRecordTags,
} from '../../planning/pool-records.ts'
import type { Problems } from '../../rollback/cleanup-problems.ts'
import type { Server } from '../../services/compute/servers.ts'
import type { Port } from '../../services/network/ports.ts'
import { serverTag } from '../ports/port-tags.ts'
import { removeMembers } from './pool-members.ts'

/**
 * Takes a server out of the pools that its metadata names, whoever made it (driver spec §6.6, §10). What fails is
 * collected, and written on one of the ports made for the server, for the metadata goes with the server: that port stays
 * until the memberships are gone, which also keeps the address from another VM while a pool still sends traffic there.
 * Throws when there is no such port: then the server has to stay.
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
  const addresses = ports.flatMap(({ fixed_ips }) => fixed_ips.map(({ ip_address }) => ip_address))
  const failures = await removeAll(ctx, records, addresses)
  const [firstFailure] = failures
  if (firstFailure === undefined) return new Set()
  // Ports without a name are Nova's, which deletes them with the server.
  const keeper = ports.find(({ name }) => name !== '')
  if (keeper === undefined || !ctx.config.tagResources) throw firstFailure.error
  const others = (keeper.tags ?? []).filter((tag) => !isPoolRecordTag(tag))
  const tags = new Set([...others, serverTag(server.id)])
  for (const [index, { record }] of failures.entries()) for (const tag of poolRecordTags(record, index)) tags.add(tag)
  await ctx.services.network.ports.setTags(keeper.id, [...tags])
  for (const { error } of failures) problems.add('Removing lbaas pool memberships', error)
  return new Set([keeper.id])
}

/** Makes up for memberships that an earlier call could not remove. @returns the ports that may go now */
export async function leavePoolsOfPorts(
  ctx: DriverContext,
  ports: readonly Port[],
  problems: Problems,
): Promise<readonly Port[]> {
  const free: Port[] = []
  for (const port of ports) {
    const addresses = port.fixed_ips.map(({ ip_address }) => ip_address)
    const failures = await removeAll(ctx, poolRecordsOfTags(port.tags ?? []), addresses)
    for (const { error } of failures) problems.add('Removing lbaas pool memberships', error)
    if (failures.length === 0) free.push(port)
  }
  return free
}

/** One after the other: a load balancer takes one change at a time. */
async function removeAll(ctx: DriverContext, records: readonly PoolRecord[], addresses: readonly string[]) {
  const failures: { readonly record: PoolRecord; readonly error: unknown }[] = []
  for (const record of records) {
    try {
      await removeMembers(ctx, record, addresses)
    } catch (error) {
      ctx.log.error(`Could not leave pool ${record.poolId}: ${String(error)}`)
      failures.push({ record, error })
    }
  }
  return failures
}
