import type { CloudContext } from '../../../kernel/cloud-context.ts'
import { hostService } from '../host-services.ts'
import { hostCapacity } from '../hosts.ts'
import { type ServerGroupRecord, type ServerRecord, serverGroups, servers } from '../records.ts'
import { membersOf } from '../server-groups.ts'
import { zonesOf } from '../zones.ts'

/** Nova's default allocation ratios. */
const cpuRatio = 16
const ramRatio = 1.5

/** Where a server goes, or the reason why it goes nowhere, as the scheduler words it. */
export type Placement = { host: string } | { refusal: string }

/**
 * Chooses a host: of the zone asked for, with room for the flavor, allowed by the server group; among several the one
 * with most free memory, unless a soft policy prefers another.
 */
export const placeServer = (context: CloudContext, server: ServerRecord): Placement => {
  const inZone = candidates(context, server)
  const enabled = inZone.filter((host) => !hostService(context, host).disabled)
  const withRoom = enabled.filter((host) => hasRoom(context, host, server))
  // Placement finds none: the message ends with an empty reason. Filters that refuse all name one.
  if (withRoom.length === 0) return { refusal: 'No valid host was found. ' }
  const group = server.group_id === null ? undefined : context.store.of(serverGroups).get(server.group_id)
  const alive = withRoom.filter((host) => !hostService(context, host).forced_down)
  const near = alive.filter((host) => fitsNeighbours(context, host, server))
  const allowed = group ? near.filter((host) => isAllowed(context, group, host, server)) : near
  if (allowed.length === 0) {
    return { refusal: 'No valid host was found. There are not enough hosts available.' }
  }
  const byPreference = allowed.toSorted(
    (a, b) =>
      softWeight(context, group, a, server) - softWeight(context, group, b, server) ||
      usedRam(context, a) - usedRam(context, b),
  )
  return { host: byPreference[0] ?? '' }
}

const candidates = (context: CloudContext, server: ServerRecord): string[] => {
  if (server.requested_host !== null) return [server.requested_host]
  const zones = zonesOf(context)
  if (server.requested_zone !== null) return [...(zones[server.requested_zone] ?? [])]
  return Object.values(zones).flat()
}

const usedRam = (context: CloudContext, host: string): number => context.store.of(servers).sum('hostRam', host)

const hasRoom = (context: CloudContext, host: string, { flavor }: ServerRecord): boolean => {
  const all = context.store.of(servers)
  return (
    all.sum('hostCores', host) + flavor.vcpus <= hostCapacity.vcpus * cpuRatio &&
    usedRam(context, host) + flavor.ram <= hostCapacity.ramMiB * ramRatio &&
    all.sum('hostDisk', host) + flavor.disk + flavor.ephemeral <= hostCapacity.diskGiB
  )
}

/** The filters SameHost and DifferentHost; an id of no server is a host without servers. */
const fitsNeighbours = (context: CloudContext, host: string, { same_host, different_host }: ServerRecord): boolean => {
  const isOn = (id: string): boolean => context.store.of(servers).get(id)?.host === host
  return (same_host.length === 0 || same_host.some(isOn)) && !different_host.some(isOn)
}

const membersOn = (context: CloudContext, group: ServerGroupRecord, host: string, server: ServerRecord): number =>
  membersOf(context, group.id).filter((one) => one.id !== server.id && one.host === host).length

const isAllowed = (context: CloudContext, group: ServerGroupRecord, host: string, server: ServerRecord): boolean => {
  const here = membersOn(context, group, host, server)
  if (group.policy === 'anti-affinity') return here < (group.rules['max_server_per_host'] ?? 1)
  if (group.policy !== 'affinity') return true
  const placed = membersOf(context, group.id).filter((one) => one.id !== server.id && one.host !== null)
  return placed.length === 0 || here > 0
}

/** Lower is better. */
const softWeight = (
  context: CloudContext,
  group: ServerGroupRecord | undefined,
  host: string,
  server: ServerRecord,
): number => {
  if (group?.policy === 'soft-anti-affinity') return membersOn(context, group, host, server)
  if (group?.policy === 'soft-affinity') return -membersOn(context, group, host, server)
  return 0
}
