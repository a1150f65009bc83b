import type { World } from '../kernel/world.ts'
import { volumeTypes } from '../services/block-storage/records.ts'
import type { Seed } from './schema.ts'

/** The volume types of a seed. */
export const seedBlockStorage = (world: World, seed: Seed): void => {
  for (const { name, description, isPublic, isDefault, extraSpecs } of seed.volumeTypes) {
    world.store.of(volumeTypes).insert({
      id: world.ids.uuid(),
      name,
      description,
      is_public: isPublic,
      is_default: isDefault,
      extra_specs: extraSpecs,
    })
  }
}
