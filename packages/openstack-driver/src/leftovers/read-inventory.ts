import type { DriverContext } from '../driver-context.ts'
import { hasStatus, isQuota, isUnknownPath } from '../http/openstack-error.ts'
import { collect } from '../http/service-client.ts'
import { inParallel } from '../operations/in-parallel.ts'
import { findMembers } from '../operations/pools/find-members.ts'
import type { LeftoverKind, ProjectInventory } from '../planning/leftovers/classification.ts'
import { isOfAnotherProject, isProvablyOf } from '../planning/ownership.ts'

type Part = keyof ProjectInventory

const allParts: readonly Part[] = [
  'servers',
  'serverGroups',
  'ports',
  'floatingIps',
  'networks',
  'subnets',
  'members',
  'volumes',
  'snapshots',
  'images',
]

/** The lists for messages. */
const words: Readonly<Record<Part, string>> = {
  servers: 'Servers',
  serverGroups: 'Server groups',
  ports: 'Ports',
  floatingIps: 'Floating IPs',
  networks: 'Networks',
  subnets: 'Subnets',
  members: 'Pool members',
  volumes: 'Volumes',
  snapshots: 'Snapshots',
  images: 'Images',
}

/** What has to be looked at to classify one object of a kind. */
const partsFor: Readonly<Record<LeftoverKind, readonly Part[]>> = {
  'pool member': ['members', 'servers', 'ports'],
  'floating IP': ['floatingIps', 'servers', 'ports'],
  server: ['servers'],
  port: ['ports', 'servers'],
  snapshot: ['snapshots'],
  volume: ['volumes', 'snapshots', 'servers'],
  image: ['images', 'servers'],
  'server group': ['serverGroups', 'servers', 'ports'],
  subnet: ['subnets', 'networks', 'ports'],
  network: ['networks', 'ports'],
}

/**
 * Reads the project's inventory, all lists side by side: everything, or what the classification of one kind needs. All
 * objects are compared with the project, as an administrator's lists hold those of all projects, and not every cloud
 * heeds the filter. A list on which nothing else depends may be refused: the rest is still told.
 */
export async function readInventory(ctx: DriverContext, kind?: LeftoverKind): Promise<ProjectInventory> {
  const parts = new Set(kind === undefined ? allParts : partsFor[kind])
  const { compute, network, blockStorage, image, identity } = ctx.services
  const { projectId } = await identity.whoAmI()
  const own = projectId === undefined ? {} : { project_id: projectId }
  const isOurs = (object: object) => isProvablyOf(object, projectId)
  // Nova and Cinder list the objects of the token's project; not every release names the project of each.
  const isNotOthers = (object: object) => !isOfAnotherProject(object, projectId)
  const required = async <T extends object>(
    part: Part,
    list: () => AsyncIterable<T>,
    isOwn: (object: object) => boolean,
  ): Promise<T[]> => (parts.has(part) ? (await collect(list())).filter(isOwn) : [])
  const optional: typeof required = async (part, list, isOwn) => {
    try {
      return await required(part, list, isOwn)
    } catch (error) {
      const isRefused = (hasStatus(error, 403) && !isQuota(error)) || hasStatus(error, 404) || isUnknownPath(error)
      if (kind !== undefined || !isRefused) throw error
      ctx.log.warn(`${words[part]} are not looked at, the cloud does not allow it: ${error.message}`)
      return []
    }
  }
  const [servers, serverGroups, ports, floatingIps, networks, subnets, members, volumes, snapshots, images] =
    await inParallel([
      () => required('servers', () => compute.servers.listWithVolumes(), isNotOthers),
      () => optional('serverGroups', () => compute.serverGroups.list(), isNotOthers),
      () => required('ports', () => network.ports.list(own), isOurs),
      () => optional('floatingIps', () => network.floatingIps.list(own), isOurs),
      () => optional('networks', () => network.networks.list(own), isOurs),
      () => optional('subnets', () => network.subnets.list(own), isOurs),
      () => (parts.has('members') ? findMembers(ctx) : Promise.resolve([])),
      () => required('volumes', () => blockStorage.volumes.list(), isNotOthers),
      () => required('snapshots', () => blockStorage.snapshots.list(), isNotOthers),
      () => optional('images', () => image.images.list(projectId === undefined ? {} : { owner: projectId }), isOurs),
    ])
  return { servers, serverGroups, ports, floatingIps, networks, subnets, members, volumes, snapshots, images }
}
