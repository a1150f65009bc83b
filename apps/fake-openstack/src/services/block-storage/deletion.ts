import type { CloudContext } from '../../kernel/cloud-context.ts'
import { releaseAttachment } from './attaching.ts'
import { deleteVolume } from './lifecycles.ts'
import { volumeAttachments, volumes } from './records.ts'

/** Starts the deletion of a volume: `deleting`, then gone. Checks are the caller's. */
export const startDeleting = (context: CloudContext, volumeId: string): void => {
  context.lifecycle.cancel(volumes, volumeId)
  context.store.of(volumes).update(volumeId, { status: 'deleting', updated_at: context.clock.now() })
  context.lifecycle.start(deleteVolume, volumeId)
}

/**
 * What a server's deletion does to its volumes: all are detached immediately, and those that go with it are deleted
 * (`delete_on_termination`).
 */
export const detachServerVolumes = (
  context: CloudContext,
  serverId: string,
  deleteVolumeIds: ReadonlySet<string>,
): void => {
  for (const attachment of context.store.of(volumeAttachments).where({ server: serverId })) {
    releaseAttachment(context, attachment.id)
    const volume = context.store.of(volumes).get(attachment.volume_id)
    if (volume && deleteVolumeIds.has(volume.id) && volume.status === 'available') startDeleting(context, volume.id)
  }
}
