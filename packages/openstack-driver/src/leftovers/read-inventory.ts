import type { DriverContext } from '../driver-context.ts'
import { hasStatus, isQuota, isUnknownPath, OpenStackError } from '../http/openstack-error.ts'
import { collect } from '../http/service-client.ts'
import { forEachInParallel, inParallel } from '../operations/in-parallel.ts'
import type { LeftoverKind } from '../planning/leftovers/classification.ts'
import type { PoolMember, ProjectInventory } from '../planning/leftovers/project-inventory.ts'

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

/** Looks at the project, all lists side by side: at everything, or at what the classification of one kind needs. */
export async function readInventory(ctx: DriverContext, kind?: LeftoverKind): Promise<ProjectInventory> {
  const parts = new Set(kind === undefined ? allParts : partsFor[kind])
  const { compute, network, blockStorage, image, identity } = ctx.services
  // An administrator's lists hold all projects otherwise.
  const projectId = (await identity.whoAmI()).projectId
  const own = projectId === undefined ? {} : { project_id: projectId }
  const ifWanted = async <T>(part: Part, list: () => AsyncIterable<T>): Promise<T[]> =>
    parts.has(part) ? await collect(list()) : []
  const [servers, serverGroups, ports, floatingIps, networks, subnets, members, volumes, snapshots, images] =
    await inParallel([
      () => ifWanted('servers', () => compute.servers.listWithVolumes()),
      () => ifWanted('serverGroups', () => compute.serverGroups.list()),
      () => ifWanted('ports', () => network.ports.list(own)),
      () => ifWanted('floatingIps', () => network.floatingIps.list(own)),
      () => ifWanted('networks', () => network.networks.list(own)),
      () => ifWanted('subnets', () => network.subnets.list(own)),
      () => (parts.has('members') ? allMembers(ctx) : Promise.resolve([])),
      () => ifWanted('volumes', () => blockStorage.volumes.list()),
      () => ifWanted('snapshots', () => blockStorage.snapshots.list()),
      () => ifWanted('images', () => image.images.list(projectId === undefined ? {} : { owner: projectId })),
    ])
  return { servers, serverGroups, ports, floatingIps, networks, subnets, members, volumes, snapshots, images }
}

/** None where the cloud has no load balancers; none, with a warning, where they cannot be read. */
async function allMembers(ctx: DriverContext): Promise<PoolMember[]> {
  const { pools, members } = ctx.services.loadBalancer
  try {
    const all = await forEachInParallel(await collect(pools.list()), async (pool) => {
      const loadBalancerId = pool.loadbalancers?.[0]?.id
      const found = await collect(members.list(pool.id))
      return found.map((member) => ({
        poolId: pool.id,
        member,
        ...(loadBalancerId === undefined ? {} : { loadBalancerId }),
      }))
    })
    return all.flat()
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

/** Neither in the catalog, nor as an extension of Neutron. */
function isWithoutService(error: unknown): error is OpenStackError {
  if (!(error instanceof OpenStackError)) return false
  return error.kind === 'config' || error.kind === 'unsupported' || isUnknownPath(error)
}

/** Octavia has roles of its own (`load-balancer_member`), which a BOSH user without pools need not have. */
const isForbidden = (error: unknown): error is OpenStackError => hasStatus(error, 403) && !isQuota(error)
