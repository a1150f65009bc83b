import type { World } from '../kernel/world.ts'
import { fingerprintOf } from '../services/compute/key-material.ts'
import { addKeypair } from '../services/compute/keypairs.ts'
import { flavors } from '../services/compute/records.ts'
import { nameKey, users } from '../services/identity/records.ts'
import { defaultDomainId } from './identity.ts'
import { type Seed, SeedError } from './schema.ts'

/** Flavors and the users' key pairs. */
export const seedCompute = (world: World, seed: Seed): void => {
  for (const flavor of seed.flavors) {
    world.store.of(flavors).insert({
      id: flavor.id,
      name: flavor.name,
      ram: flavor.ramMiB,
      vcpus: flavor.vcpus,
      disk: flavor.diskGiB,
      ephemeral: flavor.ephemeralGiB,
      swap: flavor.swapMiB,
      is_public: flavor.isPublic,
      disabled: false,
      rxtx_factor: 1,
      description: flavor.description,
      extra_specs: flavor.extraSpecs,
    })
  }
  for (const { name, user: userName, publicKey } of seed.keypairs) {
    const user = world.store.of(users).find({ name: nameKey(defaultDomainId, userName) })
    if (!user) throw new SeedError(`keypair ${name}: there is no user ${userName}`)
    const fingerprint = fingerprintOf(publicKey)
    if (fingerprint === undefined) throw new SeedError(`keypair ${name}: not an SSH public key`)
    addKeypair(world, { userId: user.id, name, publicKey, fingerprint })
  }
}
