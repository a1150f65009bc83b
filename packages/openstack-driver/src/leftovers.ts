import { messageOf, networkCid, vmCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from './driver-context.ts'
import { foundOrUndefined, hasStatus, isQuota, isUnknownPath } from './http/openstack-error.ts'
import { collect } from './http/service-client.ts'
import { deleteVm } from './methods/delete-vm.ts'
import { deleteWholeNetwork } from './operations/delete-network.ts'
import { inParallel } from './operations/in-parallel.ts'
import { findMembers } from './operations/pools/find-pools.ts'
import { leavePoolsOfPorts } from './operations/pools/leave-pools.ts'
import { removeMember } from './operations/pools/pool-members.ts'
import { deletePorts } from './operations/ports/delete-ports.ts'
import { deleteServerGroupIfEmpty } from './operations/server-group.ts'
import { deleteVolumeSnapshot } from './operations/volumes/delete-snapshot.ts'
import { deleteVolume } from './operations/volumes/delete-volume.ts'
import {
  type Leftover,
  type LeftoverKind,
  type Limits,
  type ProjectInventory,
  utcMs,
} from './planning/leftovers/classification.ts'
import { type ClassifiedLeftovers, classify, directorsIn } from './planning/leftovers/classify.ts'
import { isOfAnotherProject, isProvablyOf } from './planning/ownership.ts'
import { Problems } from './rollback.ts'

export type { Leftover, LeftoverKind, Limits } from './planning/leftovers/classification.ts'

/** What was found in a project. */
export interface LeftoverSearch extends ClassifiedLeftovers {
  /** Every director whose marks were seen, on finished things as well. */
  readonly directors: readonly string[]
}

/** Finds what dead CPI calls have left. Reads only. Throws `OpenStackError` when a list cannot be had. */
export async function findLeftovers(ctx: DriverContext, limits: Limits): Promise<LeftoverSearch> {
  const inventory = await readInventory(ctx)
  return { ...classify(inventory, limits), directors: directorsIn(inventory) }
}

/** Clocks that differ by less are set right. */
const tolerableSkewMs = 60_000

/**
 * The time by which ages are told, in milliseconds since 1970: Keystone's where our clock is ahead of it, or what calls are
 * making right now would be old enough to be a leftover. Logs in.
 */
export async function cautiousNowMs(ctx: DriverContext): Promise<number> {
  const { issuedAt } = await ctx.services.identity.whoAmI()
  const nowMs = ctx.clock.nowMs()
  const aheadMs = nowMs - utcMs(issuedAt ?? '')
  if (!(aheadMs > 0)) return nowMs
  if (aheadMs > tolerableSkewMs) {
    ctx.log.warn(
      `The clock of this machine is ${Math.round(aheadMs / 1000)} s ahead of Keystone's, which is used for ages`,
    )
  }
  return nowMs - aheadMs
}

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
async function readInventory(ctx: DriverContext, kind?: LeftoverKind): Promise<ProjectInventory> {
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

/** What became of a leftover. */
export type Removal = { readonly removed: true } | { readonly removed: false; readonly why: string }

/**
 * Looks at a leftover once more, and removes it if it still is one. What is gone counts as removed. Never throws, so that
 * one obstacle does not keep the rest.
 */
export async function removeLeftover(ctx: DriverContext, leftover: Leftover, limits: Limits): Promise<Removal> {
  try {
    const inventory = await readInventory(ctx, leftover.kind)
    const again = classify(inventory, limits).leftovers.find(
      ({ kind, id }) => kind === leftover.kind && id === leftover.id,
    )
    if (again?.goesWith !== undefined) {
      return { removed: false, why: `${again.goesWith.kind} ${again.goesWith.id}, which it goes with, is still there` }
    }
    if (again !== undefined) await removal[leftover.kind](ctx, leftover.id, inventory)
    else if (isIn(inventory, leftover)) return { removed: false, why: 'it is no leftover any more' }
    return { removed: true }
  } catch (error) {
    return { removed: false, why: messageOf(error) }
  }
}

function isIn(inventory: ProjectInventory, { id }: Leftover): boolean {
  const { members, ...others } = inventory
  return (
    members.some(({ member }) => member.id === id) ||
    Object.values(others).some((list: readonly { readonly id: string }[]) => list.some((object) => object.id === id))
  )
}

const removal: Readonly<
  Record<Leftover['kind'], (ctx: DriverContext, id: string, inventory: ProjectInventory) => Promise<void>>
> = {
  'pool member': async (ctx, id, { members }) => {
    const found = members.find(({ member }) => member.id === id)
    if (found !== undefined) await removeMember(ctx, found.poolId, found.loadBalancerId, id)
  },
  'floating IP': async (ctx, id) => {
    await foundOrUndefined(ctx.services.network.floatingIps.delete(id))
  },
  server: (ctx, id) => deleteVm(ctx, vmCid(id)),
  port: async (ctx, id, { ports }) => {
    const problems = new Problems()
    const freed = await leavePoolsOfPorts(
      ctx,
      ports.filter((port) => port.id === id),
      problems,
    )
    await deletePorts(ctx, freed, problems)
    problems.raise()
  },
  snapshot: deleteVolumeSnapshot,
  volume: deleteVolume,
  image: async (ctx, id) => {
    await foundOrUndefined(ctx.services.image.images.delete(id))
  },
  'server group': (ctx, id) => deleteServerGroupIfEmpty(ctx, id),
  subnet: async () => undefined, // it always goes with its network
  network: (ctx, id) => deleteWholeNetwork(ctx, networkCid(id)),
}
