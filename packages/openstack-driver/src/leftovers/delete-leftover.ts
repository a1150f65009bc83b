import { networkCid, vmCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { foundOrUndefined } from '../http/openstack-error.ts'
import { deleteVm } from '../methods/delete-vm.ts'
import { deleteWholeNetwork } from '../operations/delete-network.ts'
import { leavePoolsOfPorts } from '../operations/pools/leave-pools.ts'
import { removeMember } from '../operations/pools/pool-members.ts'
import { deletePorts } from '../operations/ports/delete-ports.ts'
import { deleteServerGroupIfEmpty } from '../operations/server-group.ts'
import { deleteVolumeSnapshot } from '../operations/volumes/delete-snapshot.ts'
import { deleteVolume } from '../operations/volumes/delete-volume.ts'
import type { Leftover, Limits, ProjectInventory } from '../planning/leftovers/classification.ts'
import { classify } from '../planning/leftovers/classify.ts'
import { Problems } from '../rollback/cleanup-problems.ts'
import { readInventory } from './read-inventory.ts'

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
    return { removed: false, why: error instanceof Error ? error.message : String(error) }
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
