import { parseOriginText } from '../resource-origin.ts'
import { claimOf, type Leftover, type Limits, leftoverKinds, type Verdict } from './classification.ts'
import { judgeServer, judgeServerGroup } from './compute-rules.ts'
import { judgeFloatingIp, judgeMember, judgeNetwork, judgePort, judgeSubnet } from './network-rules.ts'
import type { Tenant } from './project-inventory.ts'
import { judgeImage, judgeSnapshot, judgeVolume } from './storage-rules.ts'

/** What there is to say of a project. */
export interface Judgement {
  /** In the order of their removal. */
  readonly leftovers: readonly Leftover[]
  /** How many things may become leftovers when they are older. */
  readonly tooYoung: number
  /** Finished by calls that died in the instant in which they answered: the director may know them or not. */
  readonly undecided: readonly Leftover[]
}

/**
 * Tells what dead CPI calls have left in a project. Goes by the marks that the CPI writes (`creation-mark.ts`), never by
 * guess: what bears no mark, says no owner, or is used by anything is kept. Pure.
 */
export function judge(tenant: Tenant, limits: Limits): Judgement {
  let tooYoung = 0
  const undecided: Leftover[] = []
  const found = (verdicts: readonly Verdict[]): Leftover[] =>
    verdicts.flatMap((verdict) => {
      if ('leftover' in verdict) return [verdict.leftover]
      if ('undecided' in verdict) {
        undecided.push(verdict.undecided)
        return []
      }
      if (verdict.isTooYoung === true) tooYoung += 1
      return []
    })
  const byId = (leftovers: readonly Leftover[]) => new Map(leftovers.map((leftover) => [leftover.id, leftover]))

  const servers = found(tenant.servers.map((server) => judgeServer(server, limits)))
  const leftoverServers = byId(servers)
  const serverRecords = new Map(
    tenant.servers.filter(({ id }) => leftoverServers.has(id)).map((server) => [server.id, server]),
  )
  const ports = found(tenant.ports.map((port) => judgePort(port, tenant, leftoverServers, limits)))
  const snapshots = found(tenant.snapshots.map((snapshot) => judgeSnapshot(snapshot, limits)))
  const snapshotIds = new Set(snapshots.map(({ id }) => id))
  const keptSnapshots = tenant.snapshots.filter(({ id }) => !snapshotIds.has(id))
  const networks = found(tenant.networks.map((network) => judgeNetwork(network, tenant.ports, limits)))
  const leftoverNetworks = byId(networks)
  const gone = { servers: leftoverServers, ports: new Set(ports.map(({ id }) => id)) }
  const leftovers = [
    ...servers,
    ...ports,
    ...snapshots,
    ...networks,
    ...found(tenant.members.map((member) => judgeMember(member, tenant, gone, limits))),
    ...found(tenant.floatingIps.map((address) => judgeFloatingIp(address, tenant.ports, serverRecords, limits))),
    ...found(tenant.volumes.map((volume) => judgeVolume(volume, { keptSnapshots, leftoverServers }, limits))),
    ...found(tenant.images.map((image) => judgeImage(image, tenant.servers, limits))),
    ...found(tenant.serverGroups.map((group) => judgeServerGroup(group, tenant, serverRecords, limits))),
    ...found(tenant.subnets.map((subnet) => judgeSubnet(subnet, leftoverNetworks))),
  ]
  const rank = ({ kind }: Leftover) => leftoverKinds.indexOf(kind)
  return { leftovers: leftovers.sort((one, other) => rank(one) - rank(other)), tooYoung, undecided }
}

/** The directors whose marks anything in the project bears, finished or not; sorted. */
export function directorsIn(tenant: Tenant): readonly string[] {
  const marks: Readonly<Record<string, unknown>>[] = [
    ...[...tenant.servers, ...tenant.volumes, ...tenant.snapshots].map(({ metadata }) => metadata),
    ...tenant.images,
    ...[...tenant.ports, ...tenant.floatingIps, ...tenant.networks].map(({ description }) =>
      parseOriginText(description ?? ''),
    ),
    ...tenant.members.map(({ member }) => parseOriginText(member.name ?? '')),
  ]
  const directors = marks.flatMap((mark) => claimOf(mark, undefined).directorUuid ?? [])
  return [...new Set(directors)].sort()
}
