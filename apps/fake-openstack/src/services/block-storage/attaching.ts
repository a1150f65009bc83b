import type { CloudContext } from '../../kernel/cloud-context.ts'
import { invalidVolume, orList } from './cinder-errors.ts'
import { attachVolume, detachVolume, dropAttachment } from './lifecycles.ts'
import { type AttachmentRecord, type VolumeRecord, volumeAttachments, volumes } from './records.ts'

/**
 * Reserves a volume for a server: `available` → `reserved`. Throws Cinder's 400 when the volume's status does not allow
 * it; a multiattach volume may be in use already.
 */
export const reserveVolume = (
  context: CloudContext,
  volume: VolumeRecord,
  serverId: string | null,
): AttachmentRecord => {
  if (volume.status.includes('error')) {
    throw invalidVolume(
      'Volume attachments can not be created if the volume is in an error state. ' +
        `The Volume ${volume.id} currently has a status of: ${volume.status} `,
    )
  }
  const allowed = volume.multiattach ? ['available', 'in-use', 'downloading'] : ['available', 'downloading']
  const isSameServer =
    serverId !== null &&
    ['in-use', 'reserved'].includes(volume.status) &&
    attachmentsOfVolume(context, volume.id).some((one) => one.server_id === serverId)
  if (!allowed.includes(volume.status) && !isSameServer) {
    throw invalidVolume(
      `Volume ${volume.id} status must be ${orList(allowed)} to reserve, but the current status is ${volume.status}.`,
    )
  }
  if (!isSameServer)
    context.store.of(volumes).update(volume.id, { status: 'reserved', updated_at: context.clock.now() })
  return context.store.of(volumeAttachments).insert({
    id: context.ids.uuid(),
    volume_id: volume.id,
    server_id: serverId,
    project_id: volume.project_id,
    attach_status: 'reserved',
    attach_mode: null,
    device: null,
    connection_info: {},
    attached_at: null,
  })
}

/** Lets a reserved volume become attached under this device name: `reserved` → `attaching` → `in-use`. */
export const startAttaching = (context: CloudContext, attachmentId: string, device: string | null): void => {
  context.store.of(volumeAttachments).update(attachmentId, { device })
  context.lifecycle.start(attachVolume, attachmentId)
}

/** Attaches immediately, without the states between: a server's boot volume when the server becomes active. */
export const completeAttaching = (context: CloudContext, attachmentId: string, device: string | null): void => {
  const now = context.clock.now()
  context.lifecycle.cancel(volumeAttachments, attachmentId)
  const attachment = context.store.of(volumeAttachments).update(attachmentId, {
    device,
    attach_status: 'attached',
    attach_mode: 'rw',
    attached_at: now,
  })
  context.store.of(volumes).update(attachment.volume_id, (_volume) => ({
    status: 'in-use',
    updated_at: now,
  }))
}

/** `in-use` → `detaching`; throws Cinder's 400 when the volume is in another state. */
export const beginDetaching = (context: CloudContext, volume: VolumeRecord): void => {
  if (volume.status !== 'in-use') {
    throw invalidVolume(
      "Unable to detach volume. Volume status must be 'in-use' and attach_status must be 'attached' to detach.",
    )
  }
  context.store.of(volumes).update(volume.id, { status: 'detaching', updated_at: context.clock.now() })
}

/** Takes a volume from a server: `in-use` → `detaching` → `available`. Throws as `beginDetaching`. */
export const startDetaching = (context: CloudContext, attachmentId: string): void => {
  const attachment = context.store.of(volumeAttachments).get(attachmentId)
  const volume = attachment && context.store.of(volumes).get(attachment.volume_id)
  if (!volume) throw new Error(`volume attachment ${attachmentId} does not exist`)
  beginDetaching(context, volume)
  context.lifecycle.start(detachVolume, attachmentId)
}

/** Ends an attachment immediately, whatever its state: the server is gone, or the attach was given up. */
export const releaseAttachment = (context: CloudContext, attachmentId: string): void => {
  context.lifecycle.cancel(volumeAttachments, attachmentId)
  dropAttachment(context, attachmentId)
}

export const attachmentsOfVolume = (context: CloudContext, volumeId: string): AttachmentRecord[] =>
  context.store.of(volumeAttachments).where({ volume: volumeId })
