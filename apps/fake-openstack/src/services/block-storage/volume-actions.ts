import * as z from 'zod'
import { ApiError, badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { acceptedAsJson, ok } from '../../kernel/reply.ts'
import type { Action, Route } from '../../kernel/service.ts'
import { attachmentsOfVolume, releaseAttachment } from './attaching.ts'
import { invalidInput, invalidVolume } from './cinder-errors.ts'
import { volumeTypeBy } from './creation.ts'
import { extendVolume, retypeVolume } from './lifecycles.ts'
import { reserveGigabytes } from './quota-check.ts'
import { volumeAttachments, volumes } from './records.ts'
import * as field from './schema-fields.ts'
import { attachingActions } from './volume-attaching-actions.ts'
import { imageMetadataActions } from './volume-image-metadata-actions.ts'
import { uploadToImage } from './volume-upload.ts'
import { deleteVolumeChecked, volumeOf } from './volumes.ts'

const extend = (call: Call) => {
  const { 'os-extend': asked } = call.json(
    field.envelope({ 'os-extend': z.strictObject({ new_size: field.required(field.size) }) }),
  )
  const volume = volumeOf(call)
  const newSize = Number(asked.new_size)
  const isAttachedExtend = call.microversion.atLeast('3.42') && volume.status === 'in-use'
  if (newSize <= volume.size) {
    throw invalidInput(
      `New size for extend must be greater than current size. (current: ${volume.size}, extended: ${newSize}).`,
    )
  }
  if (volume.status !== 'available' && !isAttachedExtend) {
    throw invalidVolume(
      `Volume ${volume.id} status must be '{'status': 'available'}' to extend, currently ${volume.status}.`,
    )
  }
  reserveGigabytes(call.context, volume.project_id, newSize - volume.size, volume.volume_type_id)
  call.store
    .of(volumes)
    .update(volume.id, { status: 'extending', previous_status: volume.status, updated_at: call.now })
  call.context.lifecycle.start(extendVolume, volume.id, { newSize })
  return acceptedAsJson()
}

const retype = (call: Call) => {
  const { 'os-retype': asked } = call.json(
    field.envelope({
      'os-retype': z.strictObject({
        new_type: field.required(field.text(0, Number.POSITIVE_INFINITY)),
        migration_policy: field.wordOrNull('on-demand', 'never'),
      }),
    }),
  )
  const volume = volumeOf(call)
  const type = volumeTypeBy(call, asked.new_type)
  if (type.encryption) notModelled(call, 'an encrypted volume type')
  if (!['available', 'in-use'].includes(volume.status) || volume.volume_type_id === type.id || volume.group_id) {
    throw invalidVolume(
      'Retype needs volume to be in available or in-use state, not be part of an active migration or a consistency group, ' +
        'requested type has to be different that the one from the volume, and for in-use volumes front-end qos specs cannot change.',
    )
  }
  call.store.of(volumes).update(volume.id, { status: 'retyping', previous_status: volume.status, updated_at: call.now })
  call.context.lifecycle.start(retypeVolume, volume.id, { typeId: type.id })
  return acceptedAsJson()
}

const setBootable = (call: Call) => {
  const { 'os-set_bootable': asked } = call.json(
    field.envelope({ 'os-set_bootable': z.strictObject({ bootable: field.required(field.boolean) }) }),
  )
  const volume = volumeOf(call)
  call.store.of(volumes).update(volume.id, { bootable: field.isTrue(asked.bootable), updated_at: call.now })
  return ok(undefined, { 'content-type': 'application/json' })
}

const setReadonly = (call: Call) => {
  const { 'os-update_readonly_flag': asked } = call.json(
    field.envelope({ 'os-update_readonly_flag': z.strictObject({ readonly: field.required(field.boolean) }) }),
  )
  const volume = volumeOf(call)
  if (volume.status !== 'available')
    throw invalidVolume(
      `Volume ${volume.id} status must be available to update readonly flag, but current status is: ${volume.status}.`,
    )
  const readonly = field.isTrue(asked.readonly) ? 'True' : 'False'
  call.store.of(volumes).update(volume.id, { admin_metadata: { ...volume.admin_metadata, readonly } })
  return acceptedAsJson()
}

/** In the order of Cinder's message. */
const resettableStatuses = [
  'creating',
  'available',
  'deleting',
  'error',
  'error_deleting',
  'error_managing',
  'managing',
  'attaching',
  'in-use',
  'detaching',
  'maintenance',
  'restoring-backup',
  'error_restoring',
  'reserved',
  'awaiting-transfer',
  'backing-up',
  'error_backing-up',
  'error_extending',
  'downloading',
  'uploading',
  'retyping',
  'extending',
]

const resetStatus = (call: Call) => {
  const { 'os-reset_status': asked } = call.json(
    field.envelope({
      'os-reset_status': z.strictObject({
        status: field.nullableText,
        attach_status: field.nullableText,
        migration_status: field.nullableText,
      }),
    }),
  )
  if (!asked.status && !asked.attach_status && !asked.migration_status) {
    throw badRequest("Must specify 'status', 'attach_status' or 'migration_status' for update.")
  }
  const status = asked.status?.toLowerCase()
  if (status && !resettableStatuses.includes(status)) {
    const valid = resettableStatuses.map((one) => `'${one}'`).join(', ')
    throw badRequest(`Volume status: ${asked.status} is invalid, valid statuses are: (${valid}).`)
  }
  const volume = volumeOf(call)
  call.requireAdmin('volume_extension:volume_admin_actions:reset_status')
  if (status === 'in-use' && attachmentsOfVolume(call.context, volume.id).length === 0) {
    throw badRequest('Cannot reset-state to in-use because volume does not have any attachments.')
  }
  call.context.lifecycle.cancel(volumes, volume.id)
  if (status) call.store.of(volumes).update(volume.id, { status, updated_at: call.now })
  if (asked.attach_status?.toLowerCase() === 'detached') {
    for (const one of attachmentsOfVolume(call.context, volume.id)) call.store.of(volumeAttachments).delete(one.id)
  }
  return acceptedAsJson()
}

const forceDelete = (call: Call) => {
  const volume = volumeOf(call)
  call.requireAdmin('volume_extension:volume_admin_actions:force_delete')
  deleteVolumeChecked(call, volume, { cascade: false, force: true })
  return acceptedAsJson()
}

const forceDetach = (call: Call) => {
  const volume = volumeOf(call)
  call.requireAdmin('volume_extension:volume_admin_actions:force_detach')
  for (const one of attachmentsOfVolume(call.context, volume.id)) releaseAttachment(call.context, one.id)
  return acceptedAsJson()
}

const adminOnly = (operation: string, policy: string): Action => ({
  operation,
  handle: (call) => {
    volumeOf(call)
    call.requireAdmin(policy)
    throw new ApiError(501, `The fake does not model ${operation}.`)
  },
})

const revert = (call: Call) => {
  if (!call.microversion.atLeast('3.40')) throw notFound('The resource could not be found.')
  throw badRequest(`Volume ${volumeOf(call).id} doesn't have any snapshots.`)
}

/** A body that names no action the service has. */
export const noSuchAction = (call: Call): never => {
  const body = call.rawJson
  const key = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body)[0] : undefined
  if (key === undefined) throw badRequest('Malformed request body')
  throw badRequest(`There is no such action: ${key}. Verify the request body and Content-Type header and try again.`)
}

/** https://docs.openstack.org/api-ref/block-storage/v3/#volume-actions-volumes-action */
export const volumeActionRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/volumes/:id/action',
    operation: 'volumes.action',
    handle: noSuchAction,
    actions: {
      'os-extend': { operation: 'volumes.extend', handle: extend },
      'os-retype': { operation: 'volumes.retype', handle: retype },
      ...attachingActions,
      ...imageMetadataActions,
      'os-set_bootable': { operation: 'volumes.set-bootable', handle: setBootable },
      'os-update_readonly_flag': { operation: 'volumes.set-readonly', handle: setReadonly },
      'os-reset_status': { operation: 'volumes.reset-status', handle: resetStatus },
      'os-force_delete': { operation: 'volumes.force-delete', handle: forceDelete },
      'os-force_detach': { operation: 'volumes.force-detach', handle: forceDetach },
      'os-migrate_volume': adminOnly('volumes.migrate', 'volume_extension:volume_admin_actions:migrate_volume'),
      'os-volume_upload_image': { operation: 'volumes.upload-image', handle: uploadToImage },
      revert: { operation: 'volumes.revert', handle: revert },
    },
  },
]
