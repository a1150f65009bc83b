import { createHash } from 'node:crypto'
import type { CloudContext } from '../kernel/cloud-context.ts'
import { groupTypes, volumeTypes } from '../services/block-storage/records.ts'
import { fingerprintOf } from '../services/compute/key-material.ts'
import { addKeypair } from '../services/compute/keypairs.ts'
import { flavors } from '../services/compute/records.ts'
import { nameKey, users } from '../services/identity/records.ts'
import { images } from '../services/image/records.ts'
import { defaultDomainId, projectIdOf, seedIdentity } from './identity.ts'
import { seedNetwork } from './network.ts'
import { type Seed, SeedError } from './schema.ts'

/** Puts a seed into an empty store, service by service; later ones may look up what earlier ones made. */
export const applySeed = (context: CloudContext, seed: Seed): void => {
  seedIdentity(context, seed)
  seedCompute(context, seed)
  seedImages(context, seed)
  seedNetwork(context, seed)
  seedBlockStorage(context, seed)
}

/** The volume types of a seed. */
export const seedBlockStorage = (context: CloudContext, seed: Seed): void => {
  // Cinder's database begins with it.
  context.store.of(groupTypes).insert({
    id: '23fe21f8-64c1-4b79-b134-902d3daba6f9',
    name: 'default_cgsnapshot_type',
    description: 'Default group type for migrating cgsnapshot',
    is_public: true,
    group_specs: { consistent_group_snapshot_enabled: '<is> True' },
  })
  for (const { name, description, isPublic, isDefault, extraSpecs } of seed.volumeTypes) {
    context.store.of(volumeTypes).insert({
      id: context.ids.uuid(),
      name,
      description,
      is_public: isPublic,
      is_default: isDefault,
      extra_specs: extraSpecs,
    })
  }
}

/** Flavors and the users' key pairs. */
export const seedCompute = (context: CloudContext, seed: Seed): void => {
  for (const flavor of seed.flavors) {
    context.store.of(flavors).insert({
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
    const user = context.store.of(users).find({ name: nameKey(defaultDomainId, userName) })
    if (!user) throw new SeedError(`keypair ${name}: there is no user ${userName}`)
    const fingerprint = fingerprintOf(publicKey)
    if (fingerprint === undefined) throw new SeedError(`keypair ${name}: not an SSH public key`)
    addKeypair(context, { userId: user.id, name, publicKey, fingerprint })
  }
}

/** Images of zero bytes, active. */
export const seedImages = (context: CloudContext, seed: Seed): void => {
  for (const image of seed.images) {
    const hashed = (algorithm: string) => createHash(algorithm).update(Buffer.alloc(image.sizeBytes)).digest('hex')
    context.store.of(images).insert({
      id: context.ids.uuid(),
      name: image.name,
      status: 'active',
      visibility: image.visibility,
      owner: projectIdOf(context, image.project),
      disk_format: image.diskFormat,
      container_format: image.containerFormat,
      size: image.sizeBytes,
      virtual_size: image.diskFormat === 'raw' ? image.sizeBytes : null,
      checksum: image.md5 ?? hashed('md5'),
      os_hash_algo: 'sha512',
      os_hash_value: image.sha512 ?? hashed('sha512'),
      min_disk: image.minDiskGiB,
      min_ram: image.minRamMiB,
      protected: false,
      os_hidden: false,
      tags: [],
      properties: image.properties,
      created_at: context.clock.now(),
      updated_at: context.clock.now(),
      isZeros: true,
      staged: null,
      stagedProblem: null,
    })
  }
}
