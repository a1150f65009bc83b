import { createHash } from 'node:crypto'
import type { World } from '../kernel/world.ts'
import { images } from '../services/image/records.ts'
import { projectIdOf } from './identity.ts'
import type { Seed } from './schema.ts'

/** Images of zero bytes, active. */
export const seedImages = (world: World, seed: Seed): void => {
  for (const image of seed.images) {
    const hashed = (algorithm: string) => createHash(algorithm).update(Buffer.alloc(image.sizeBytes)).digest('hex')
    world.store.of(images).insert({
      id: world.ids.uuid(),
      name: image.name,
      status: 'active',
      visibility: image.visibility,
      owner: projectIdOf(world, image.project),
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
      created_at: world.clock.now(),
      updated_at: world.clock.now(),
      isZeros: true,
      staged: null,
    })
  }
}
