import { parseOriginText } from '../creation-marks.ts'
import type { ProjectInventory } from './classification.ts'
import { type Classification, creationMarksOf, type Leftover, type Limits, leftoverKinds } from './classification.ts'
import { classifyServer, classifyServerGroup } from './compute-rules.ts'
import { classifyFloatingIp, classifyMember, classifyNetwork, classifyPort, classifySubnet } from './network-rules.ts'
import { classifyImage, classifySnapshot, classifyVolume } from './storage-rules.ts'

/** What there is to say of a project. */
export interface ClassifiedLeftovers {
  /** In the order of their removal. */
  readonly leftovers: readonly Leftover[]
  /** How many things may become leftovers when they are older. */
  readonly tooYoung: number
  /** Finished by calls that died while sending their response: the director may know them or not. */
  readonly undecided: readonly Leftover[]
}

/**
 * Tells what dead CPI calls have left in a project. Goes by the marks that the CPI writes (`creation-marks.ts`), never by
 * guess: what has no mark, names no owner, or is used by anything is kept. Pure.
 */
export function classify(inventory: ProjectInventory, limits: Limits): ClassifiedLeftovers {
  let tooYoung = 0
  const undecided: Leftover[] = []
  const found = (classifications: readonly Classification[]): Leftover[] =>
    classifications.flatMap((classification) => {
      if ('leftover' in classification) return [classification.leftover]
      if ('undecided' in classification) {
        undecided.push(classification.undecided)
        return []
      }
      if (classification.isTooYoung === true) tooYoung += 1
      return []
    })
  const byId = (leftovers: readonly Leftover[]) => new Map(leftovers.map((leftover) => [leftover.id, leftover]))

  const servers = found(inventory.servers.map((server) => classifyServer(server, limits)))
  const leftoverServers = byId(servers)
  const serverRecords = new Map(
    inventory.servers.filter(({ id }) => leftoverServers.has(id)).map((server) => [server.id, server]),
  )
  const ports = found(inventory.ports.map((port) => classifyPort(port, inventory, leftoverServers, limits)))
  const snapshots = found(inventory.snapshots.map((snapshot) => classifySnapshot(snapshot, limits)))
  const snapshotIds = new Set(snapshots.map(({ id }) => id))
  const keptSnapshots = inventory.snapshots.filter(({ id }) => !snapshotIds.has(id))
  const networks = found(inventory.networks.map((network) => classifyNetwork(network, inventory.ports, limits)))
  const leftoverNetworks = byId(networks)
  const gone = { servers: leftoverServers, ports: new Set(ports.map(({ id }) => id)) }
  const leftovers = [
    ...servers,
    ...ports,
    ...snapshots,
    ...networks,
    ...found(inventory.members.map((member) => classifyMember(member, inventory, gone, limits))),
    ...found(
      inventory.floatingIps.map((address) => classifyFloatingIp(address, inventory.ports, serverRecords, limits)),
    ),
    ...found(inventory.volumes.map((volume) => classifyVolume(volume, { keptSnapshots, leftoverServers }, limits))),
    ...found(inventory.images.map((image) => classifyImage(image, inventory.servers, limits))),
    ...found(inventory.serverGroups.map((group) => classifyServerGroup(group, inventory, serverRecords, limits))),
    ...found(inventory.subnets.map((subnet) => classifySubnet(subnet, leftoverNetworks))),
  ]
  const rank = ({ kind }: Leftover) => leftoverKinds.indexOf(kind)
  return { leftovers: leftovers.sort((one, other) => rank(one) - rank(other)), tooYoung, undecided }
}

/** The directors whose marks exist in the project, on finished and unfinished objects; sorted. */
export function directorsIn(inventory: ProjectInventory): readonly string[] {
  const marks: Readonly<Record<string, unknown>>[] = [
    ...[...inventory.servers, ...inventory.volumes, ...inventory.snapshots].map(({ metadata }) => metadata),
    ...inventory.images,
    ...[...inventory.ports, ...inventory.floatingIps, ...inventory.networks].map(({ description }) =>
      parseOriginText(description ?? ''),
    ),
    ...inventory.members.map(({ member }) => parseOriginText(member.name ?? '')),
  ]
  const directors = marks.flatMap((mark) => creationMarksOf(mark, undefined).directorUuid ?? [])
  return [...new Set(directors)].sort()
}
