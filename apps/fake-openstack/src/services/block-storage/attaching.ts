import type { World } from '../../kernel/world.ts'
import { invalidVolume, orList } from './faults-of-cinder.ts'
import { attachVolume, detachVolume, dropAttachment } from './lifecycles.ts'
import { type AttachmentRecord, type VolumeRecord, volumeAttachments, volumes } from './records.ts'

/**
 * Reserves a volume for a server: `available` → `reserved`. Throws Cinder's 400 when the volume's status does not allow
 * it; a multiattach volume may be in use already.
 */
export const reserveVolume = (world: World, volume: VolumeRecord, serverId: string | null): AttachmentRecord => {
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
    attachmentsOfVolume(world, volume.id).some((one) => one.server_id === serverId)
  if (!allowed.includes(volume.status) && !isSameServer) {
    throw invalidVolume(
      `Volume ${volume.id} status must be ${orList(allowed)} to reserve, but the current status is ${volume.status}.`,
    )
  }
  if (!isSameServer) world.store.of(volumes).update(volume.id, { status: 'reserved', updated_at: world.clock.now() })
  return world.store.of(volumeAttachments).insert({
    id: world.ids.uuid(),
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
export const startAttaching = (world: World, attachmentId: string, device: string | null): void => {
  world.store.of(volumeAttachments).update(attachmentId, { device })
  world.lifecycle.start(attachVolume, attachmentId)
}

/** Attaches at once, without the states between: a server's boot volume when the server becomes active. */
export const completeAttaching = (world: World, attachmentId: string, device: string | null): void => {
  const now = world.clock.now()
  world.lifecycle.cancel(volumeAttachments, attachmentId)
  const attachment = world.store.of(volumeAttachments).update(attachmentId, {
    device,
    attach_status: 'attached',
    attach_mode: 'rw',
    attached_at: now,
  })
  world.store.of(volumes).update(attachment.volume_id, (_volume) => ({
    status: 'in-use',
    updated_at: now,
  }))
}

/** `in-use` → `detaching`; throws Cinder's 400 when the volume is in another state. */
export const beginDetaching = (world: World, volume: VolumeRecord): void => {
  if (volume.status !== 'in-use') {
    throw invalidVolume(
      "Unable to detach volume. Volume status must be 'in-use' and attach_status must be 'attached' to detach.",
    )
  }
  world.store.of(volumes).update(volume.id, { status: 'detaching', updated_at: world.clock.now() })
}

/** Takes a volume from a server: `in-use` → `detaching` → `available`. Throws as `beginDetaching`. */
export const startDetaching = (world: World, attachmentId: string): void => {
  const attachment = world.store.of(volumeAttachments).get(attachmentId)
  const volume = attachment && world.store.of(volumes).get(attachment.volume_id)
  if (!volume) throw new Error(`volume attachment ${attachmentId} does not exist`)
  beginDetaching(world, volume)
  world.lifecycle.start(detachVolume, attachmentId)
}

/** Ends an attachment at once, whatever its state: the server is gone, or the attach was given up. */
export const releaseAttachment = (world: World, attachmentId: string): void => {
  world.lifecycle.cancel(volumeAttachments, attachmentId)
  dropAttachment(world, attachmentId)
}

export const attachmentsOfVolume = (world: World, volumeId: string): AttachmentRecord[] =>
  world.store.of(volumeAttachments).where({ volume: volumeId })
