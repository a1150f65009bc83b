import type { World } from '../../kernel/world.ts'
import { releaseAttachment } from './attaching.ts'
import { deleteVolume } from './lifecycles.ts'
import { volumeAttachments, volumes } from './records.ts'

/** Starts the deletion of a volume: `deleting`, then gone. Checks are the caller's. */
export const startDeleting = (world: World, volumeId: string): void => {
  world.lifecycle.cancel(volumes, volumeId)
  world.store.of(volumes).update(volumeId, { status: 'deleting', updated_at: world.clock.now() })
  world.lifecycle.start(deleteVolume, volumeId)
}

/**
 * What a server's deletion does to its volumes: all are detached at once, and those that go with it are deleted
 * (`delete_on_termination`).
 */
export const giveUpServerVolumes = (world: World, serverId: string, deleteVolumeIds: ReadonlySet<string>): void => {
  for (const attachment of world.store.of(volumeAttachments).where({ server: serverId })) {
    releaseAttachment(world, attachment.id)
    const volume = world.store.of(volumes).get(attachment.volume_id)
    if (volume && deleteVolumeIds.has(volume.id) && volume.status === 'available') startDeleting(world, volume.id)
  }
}
