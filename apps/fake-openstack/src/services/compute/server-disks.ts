import type { CloudContext } from '../../kernel/cloud-context.ts'
import { detachServerVolumes, startDeleting } from '../block-storage/deletion.ts'
import { volumeAttachments, volumes } from '../block-storage/records.ts'
import type { Disk, ServerRecord } from './records.ts'

/** Detaches all volumes of a server that goes away and deletes those that go with it. */
export const releaseDisks = (context: CloudContext, server: ServerRecord): void => {
  const goWithIt = server.disks.filter((disk) => disk.delete_on_termination)
  detachServerVolumes(context, server.id, new Set(goWithIt.flatMap((disk) => disk.volume_id ?? [])))
  // A volume that was made for the server, but was not ready to be attached, is not known as an attachment.
  for (const { volume_id, attachment_id } of goWithIt) {
    if (volume_id === null || attachment_id !== null) continue
    const status = context.store.of(volumes).get(volume_id)?.status
    if (status !== undefined && status !== 'deleting') startDeleting(context, volume_id)
  }
}

/**
 * The mappings that a server has now. Cinder's attachment decides: when it is gone (detached, or the attach failed), so
 * is the mapping.
 */
export const disksOf = (context: CloudContext, server: ServerRecord): readonly Disk[] => {
  const attachments = context.store.of(volumeAttachments)
  return server.disks.filter((disk) => disk.attachment_id === null || attachments.has(disk.attachment_id))
}

/** The mapping of a volume on a server, if it has one. */
export const diskOfVolume = (context: CloudContext, server: ServerRecord, volumeId: string): Disk | undefined =>
  disksOf(context, server).find((disk) => disk.volume_id === volumeId)
