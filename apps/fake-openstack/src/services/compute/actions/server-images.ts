import * as z from 'zod'
import { ApiError } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import type { Reply } from '../../../kernel/dialect.ts'
import { defineLifecycle } from '../../../kernel/lifecycle.ts'
import { accepted } from '../../../kernel/reply.ts'
import type { Action } from '../../../kernel/service.ts'
import { type ImageRecord, images } from '../../image/records.ts'
import { integer, metadata, name } from '../field-schemas.ts'
import { type ServerRecord, servers } from '../records.ts'
import { noteAction } from '../server-actions-log.ts'
import { disksOf } from '../server-disks.ts'
import { foundServer, requireState, type StateRule } from '../server-lookup.ts'
import { changeServer } from '../server-nics.ts'
import { addImage, completeImage } from './snapshot-image.ts'

/** The hypervisor reads the disk and sends it to Glance: `queued` → `saving` → `active`. */
export const uploadImage = defineLifecycle({
  name: 'servers.create-image',
  collection: servers,
  steps: [
    { name: 'image-pending-upload', afterMs: 50, apply: () => ({ task_state: 'image_pending_upload' }) },
    {
      name: 'image-uploading',
      afterMs: 50,
      apply: (_, { context, payload }) => {
        setImage(context, payload, { status: 'saving' })
        return { task_state: 'image_uploading' }
      },
    },
    {
      name: 'active',
      afterMs: 100,
      apply: (_, { context, payload }) => {
        completeImage(context, String(payload['imageId']))
        return { task_state: null, updated_at: context.clock.now() }
      },
    },
  ],
  // Nova deletes the image of a snapshot that failed.
  fail: (_, failure, { context, payload }) => {
    if (failure.to === 'ERROR') context.store.of(images).delete(String(payload['imageId']))
    return { task_state: null }
  },
})

const setImage = (
  context: Call['context'],
  payload: Readonly<Record<string, unknown>>,
  changes: Partial<ImageRecord>,
): void => {
  const id = String(payload['imageId'])
  if (!context.store.of(images).has(id)) return
  context.store.of(images).update(id, { ...changes, updated_at: context.clock.now() })
}

const snapshotable: StateRule = { vm: ['active', 'stopped', 'paused', 'suspended'], isLockable: false }

/** Stores the image record and begins the upload. */
const snapshot = (
  call: Call,
  server: ServerRecord,
  parts: { name: string; task: string; properties: Readonly<Record<string, string>> },
): ImageRecord => {
  const disks = disksOf(call.context, server)
  if (disks.some((disk) => disk.boot_index === 0 && disk.destination_type === 'volume')) {
    throw new ApiError(501, 'The fake does not model images of servers that boot from a volume.')
  }
  const image = addImage(call, server, parts)
  changeServer(call.context, server.id, { task_state: parts.task })
  call.context.lifecycle.start(uploadImage, server.id, { imageId: image.id })
  return image
}

const createImageSchema = z.strictObject({
  createImage: z.strictObject({ name, metadata: metadata.optional() }),
})

const locationOf = (call: Call, image: ImageRecord): string => `${call.origin}/image//images/${image.id}`

/** The new image's address in `Location`, or from 2.45 on its id in the body. */
const answer = (call: Call, image: ImageRecord): Reply =>
  call.microversion.atLeast('2.45')
    ? accepted({ image_id: image.id })
    : accepted(undefined, { location: locationOf(call, image) })

const createImage = (call: Call): Reply => {
  const params = call.json(createImageSchema).createImage
  const server = foundServer(call)
  requireState(call, server, 'createImage', snapshotable)
  noteAction(call, server.id, 'createImage')
  const image = snapshot(call, server, {
    name: params.name,
    task: 'image_snapshot_pending',
    properties: { image_type: 'snapshot', ...params.metadata },
  })
  return answer(call, image)
}

const backupSchema = z.strictObject({
  createBackup: z.strictObject({
    name,
    backup_type: z.string(),
    rotation: integer(0),
    metadata: metadata.optional(),
  }),
})

const createBackup = (call: Call): Reply => {
  const params = call.json(backupSchema).createBackup
  const server = foundServer(call)
  requireState(call, server, 'createBackup', snapshotable)
  noteAction(call, server.id, 'createBackup')
  const image = snapshot(call, server, {
    name: params.name,
    task: 'image_backup',
    properties: { image_type: 'backup', backup_type: params.backup_type, ...params.metadata },
  })
  return answer(call, image)
}

/** Actions that make an image of a server. */
export const imageActions: Readonly<Record<string, Action>> = {
  createImage: { operation: 'servers.create-image', handle: createImage },
  createBackup: { operation: 'servers.create-backup', handle: createBackup },
}
