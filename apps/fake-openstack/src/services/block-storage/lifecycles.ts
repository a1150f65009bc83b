import type { Failure } from '../../kernel/failure.ts'
import { defineLifecycle, type StepContext } from '../../kernel/lifecycle.ts'
import { noteServiceAction } from '../compute/server-actions-log.ts'
import { images } from '../image/records.ts'
import { snapshots, type VolumeRecord, volumeAttachments, volumes } from './records.ts'
import { leaveCreationMessage } from './user-messages.ts'

const now = ({ context }: StepContext): number => context.clock.now()

const failCreation = (volume: VolumeRecord, failure: Failure, context: StepContext) => {
  const { requestId } = context.payload
  const request = typeof requestId === 'string' ? requestId : context.context.ids.requestId()
  leaveCreationMessage(context.context, volume, failure, request)
  return { status: failure.to, updated_at: now(context) }
}

/** A new volume without an image: `creating` → `available`. */
export const createVolume = defineLifecycle({
  name: 'volumes.create',
  collection: volumes,
  steps: [
    { name: 'available', afterMs: 80, apply: (_, context) => ({ status: 'available', updated_at: now(context) }) },
  ],
  fail: failCreation,
})

/** A new volume of an image: `creating` → `downloading` → `available`. */
export const createVolumeFromImage = defineLifecycle({
  name: 'volumes.create-from-image',
  collection: volumes,
  steps: [
    {
      name: 'downloading',
      afterMs: 400,
      apply: (_, context) => ({ status: 'downloading', bootable: true, updated_at: now(context) }),
    },
    { name: 'available', afterMs: 80, apply: (_, context) => ({ status: 'available', updated_at: now(context) }) },
  ],
  fail: failCreation,
})

/** `deleting` → gone. */
export const deleteVolume = defineLifecycle({
  name: 'volumes.delete',
  collection: volumes,
  steps: [
    {
      name: 'gone',
      afterMs: 80,
      apply: (volume, { context }) => {
        for (const snapshot of context.store.of(snapshots).where({ volume: volume.id })) {
          context.store.of(snapshots).delete(snapshot.id)
        }
        context.store.of(volumes).delete(volume.id)
        return undefined
      },
    },
  ],
  fail: (_, failure, context) => ({ status: failure.to, updated_at: now(context) }),
})

/** `extending` → the status before; the new size is the payload's `newSize`. */
export const extendVolume = defineLifecycle({
  name: 'volumes.extend',
  collection: volumes,
  steps: [
    {
      name: 'extended',
      afterMs: 60,
      apply: (volume, context) => {
        for (const { server_id } of context.context.store.of(volumeAttachments).where({ volume: volume.id })) {
          if (server_id === null) continue
          noteServiceAction(context.context, server_id, 'extend_volume', 'compute_extend_volume')
        }
        return {
          ...backToPrevious(volume),
          size: Number(context.payload['newSize']),
          updated_at: now(context),
        }
      },
    },
  ],
  fail: (_, failure, context) => ({ status: failure.to, updated_at: now(context) }),
})

/** `retyping` → the status before, with the payload's `typeId`. */
export const retypeVolume = defineLifecycle({
  name: 'volumes.retype',
  collection: volumes,
  steps: [
    {
      name: 'retyped',
      afterMs: 80,
      apply: (volume, context) => ({
        ...backToPrevious(volume),
        volume_type_id: String(context.payload['typeId']),
        updated_at: now(context),
      }),
    },
  ],
  // The volume keeps its type; Cinder says nothing more (driver spec §7.16).
  fail: (volume, failure, context) => ({
    ...backToPrevious(volume),
    ...(failure.to === '' ? {} : { status: failure.to }),
    updated_at: now(context),
  }),
})

/** `uploading` (a volume written to the image of the payload's `imageId`) → the status before. */
export const uploadVolume = defineLifecycle({
  name: 'volumes.upload',
  collection: volumes,
  steps: [
    {
      name: 'uploaded',
      afterMs: 400,
      apply: (volume, context) => {
        const imageId = String(context.payload['imageId'])
        if (context.context.store.of(images).has(imageId)) {
          context.context.store.of(images).update(imageId, {
            status: 'active',
            size: volume.size * 1024 ** 3,
            updated_at: now(context),
          })
        }
        return { ...backToPrevious(volume), updated_at: now(context) }
      },
    },
  ],
  fail: (_, failure, context) => ({ status: failure.to, updated_at: now(context) }),
})

/** `creating` → `available` */
export const createSnapshot = defineLifecycle({
  name: 'snapshots.create',
  collection: snapshots,
  steps: [
    {
      name: 'available',
      afterMs: 80,
      apply: (_, context) => ({ status: 'available', progress: '100%', updated_at: now(context) }),
    },
  ],
  fail: (_, failure, context) => ({ status: failure.to, updated_at: now(context) }),
})

/** `deleting` → gone. */
export const deleteSnapshot = defineLifecycle({
  name: 'snapshots.delete',
  collection: snapshots,
  steps: [
    {
      name: 'gone',
      afterMs: 80,
      apply: (snapshot, { context }) => {
        context.store.of(snapshots).delete(snapshot.id)
        return undefined
      },
    },
  ],
  fail: (_, failure, context) => ({ status: failure.to, updated_at: now(context) }),
})

/** The volume goes `reserved` → `attaching` → `in-use`, its attachment with it. Failing gives the volume back. */
export const attachVolume = defineLifecycle({
  name: 'volumes.attach',
  collection: volumeAttachments,
  steps: [
    {
      name: 'attaching',
      afterMs: 100,
      apply: (attachment, context) => {
        setStatus(context, attachment.volume_id, 'attaching')
        return { attach_status: 'attaching' as const }
      },
    },
    {
      name: 'in-use',
      afterMs: 80,
      apply: (attachment, context) => {
        const volume = context.context.store.of(volumes).get(attachment.volume_id)
        if (volume) {
          context.context.store.of(volumes).update(volume.id, {
            status: 'in-use',
            updated_at: now(context),
          })
        }
        return { attach_status: 'attached' as const, attach_mode: 'rw' as const, attached_at: now(context) }
      },
    },
  ],
  fail: (attachment, failure, context) => {
    context.context.store.of(volumeAttachments).delete(attachment.id)
    setStatus(context, attachment.volume_id, failure.to)
    return undefined
  },
})

/** `detaching` → `available` (or `in-use`, when other servers have the volume too). */
export const detachVolume = defineLifecycle({
  name: 'volumes.detach',
  collection: volumeAttachments,
  steps: [
    {
      name: 'available',
      afterMs: 100,
      apply: (attachment, { context }) => {
        dropAttachment(context, attachment.id)
        return undefined
      },
    },
  ],
  fail: (attachment, failure, context) => {
    setStatus(context, attachment.volume_id, failure.to)
    return undefined
  },
})

export const blockStorageLifecycles = [
  createVolume,
  createVolumeFromImage,
  deleteVolume,
  extendVolume,
  retypeVolume,
  uploadVolume,
  createSnapshot,
  deleteSnapshot,
  attachVolume,
  detachVolume,
]

/** Removes an attachment and gives its volume the status that the remaining ones imply. */
export const dropAttachment = (context: StepContext['context'], attachmentId: string): void => {
  const attachment = context.store.of(volumeAttachments).delete(attachmentId)
  const volume = attachment && context.store.of(volumes).get(attachment.volume_id)
  if (!volume || volume.status === 'deleting') return
  const left = context.store.of(volumeAttachments).where({ volume: volume.id })
  const status = left.some((one) => one.attach_status === 'attached') ? 'in-use' : left[0]?.attach_status
  const { attached_mode: _, ...admin_metadata } = volume.admin_metadata
  context.store.of(volumes).update(volume.id, {
    status: status ?? 'available',
    admin_metadata: left.length > 0 ? volume.admin_metadata : admin_metadata,
    updated_at: context.clock.now(),
  })
}

const setStatus = (context: StepContext, volumeId: string, status: string): void => {
  if (context.context.store.of(volumes).has(volumeId)) {
    context.context.store.of(volumes).update(volumeId, { status, updated_at: now(context) })
  }
}

const backToPrevious = (volume: VolumeRecord) => ({
  status: volume.previous_status ?? 'available',
  previous_status: null,
})
