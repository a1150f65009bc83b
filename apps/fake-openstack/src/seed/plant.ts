import type { World } from '../kernel/world.ts'
import { seedBlockStorage } from './block-storage.ts'
import { seedCompute } from './compute.ts'
import { seedIdentity } from './identity.ts'
import { seedImages } from './image.ts'
import { seedNetwork } from './network.ts'
import type { Seed } from './schema.ts'

/** Puts a seed into an empty store, service by service; later ones may look up what earlier ones made. */
export const plant = (world: World, seed: Seed): void => {
  seedIdentity(world, seed)
  seedCompute(world, seed)
  seedImages(world, seed)
  seedNetwork(world, seed)
  seedBlockStorage(world, seed)
}
