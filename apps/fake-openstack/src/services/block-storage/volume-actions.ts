import * as z from 'zod'
import { ApiError, badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { accepted, ok } from '../../kernel/reply.ts'
import type { Action, Route } from '../../kernel/service.ts'
import { attachmentsOfVolume, beginDetaching, releaseAttachment } from './attaching.ts'
import { volumeTypeBy } from './creation.ts'
import { invalidInput, invalidVolume } from './faults-of-cinder.ts'
import { extendVolume, retypeVolume } from './lifecycles.ts'
import { reserveGigabytes } from './quota-check.ts'
import { volumeAttachments, volumes } from './records.ts'
import * as field from './schema-fields.ts'
import { uploadToImage } from './volume-upload.ts'
import { deleteVolumeChecked, volumeOf } from './volumes.ts'

const done = () => accepted(undefined, { 'content-type': 'application/json' })

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
  reserveGigabytes(call.world, volume.project_id, newSize - volume.size)
  call.store
    .of(volumes)
    .update(volume.id, { status: 'extending', previous_status: volume.status, updated_at: call.now })
  call.world.lifecycle.start(extendVolume, volume.id, { newSize })
  return done()
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
  const type = volumeTypeBy(call.world, asked.new_type)
  if (!['available', 'in-use'].includes(volume.status) || volume.volume_type_id === type.id) {
    throw invalidVolume(
      'Retype needs volume to be in available or in-use state, not be part of an active migration or a consistency group, ' +
        'requested type has to be different that the one from the volume, and for in-use volumes front-end qos specs cannot change.',
    )
  }
  call.store.of(volumes).update(volume.id, { status: 'retyping', previous_status: volume.status, updated_at: call.now })
  call.world.lifecycle.start(retypeVolume, volume.id, { typeId: type.id })
  return done()
}

const reserve = (call: Call) => {
  const volume = volumeOf(call)
  const allowed = volume.multiattach ? ['available', 'in-use'] : ['available']
  if (!allowed.includes(volume.status)) {
    throw invalidVolume(`Volume status must be ${allowed.join(' or ')} to reserve, but the status is ${volume.status}.`)
  }
  call.store.of(volumes).update(volume.id, { status: 'attaching', updated_at: call.now })
  return done()
}

/** Does nothing, with 202, when the volume was not reserved. */
const unreserve = (call: Call) => {
  const volume = volumeOf(call)
  if (volume.status === 'attaching') {
    const isInUse = attachmentsOfVolume(call.world, volume.id).some((one) => one.attach_status === 'attached')
    call.store.of(volumes).update(volume.id, { status: isInUse ? 'in-use' : 'available', updated_at: call.now })
  }
  return done()
}

const startToDetach = (call: Call) => {
  beginDetaching(call.world, volumeOf(call))
  return done()
}

/** Does nothing, with 202, when the volume was not being detached. */
const rollDetaching = (call: Call) => {
  const volume = volumeOf(call)
  if (volume.status === 'detaching') {
    call.store.of(volumes).update(volume.id, { status: 'in-use', updated_at: call.now })
  }
  return done()
}

/** The old way of attaching, without Nova: at once, to a server or a host. */
const attach = (call: Call) => {
  const { 'os-attach': asked } = call.json(
    field.envelope({
      'os-attach': z.strictObject({
        mountpoint: field.required(field.text(1, 255)),
        instance_uuid: field.uuid,
        host_name: field.text(0, 255),
        mode: field.word('rw', 'ro'),
      }),
    }),
  )
  if (asked.instance_uuid === undefined && asked.host_name === undefined) {
    const value = `{'mountpoint': '${asked.mountpoint}'}`
    throw badRequest(
      `Invalid input for field/attribute os-attach. Value: ${value}. ${value} is not valid under any of the given schemas`,
    )
  }
  const volume = volumeOf(call)
  const mode = asked.mode === 'ro' ? 'ro' : 'rw'
  const readonly = volume.admin_metadata['readonly'] ?? 'False'
  if (readonly === 'True' && mode !== 'ro') {
    throw badRequest(`Invalid attaching mode '${mode}' for volume ${volume.id}.`)
  }
  if (!['available', 'attaching'].includes(volume.status) && !(volume.multiattach && volume.status === 'in-use')) {
    throw badRequest(`Error attaching volume - InvalidVolume: Invalid volume: volume is already attached`)
  }
  call.store.of(volumeAttachments).insert({
    id: call.world.ids.uuid(),
    volume_id: volume.id,
    server_id: asked.instance_uuid ?? null,
    project_id: volume.project_id,
    attach_status: 'attached',
    attach_mode: mode,
    device: asked.mountpoint,
    connection_info: {},
    attached_at: call.now,
  })
  call.store.of(volumes).update(volume.id, {
    status: 'in-use',
    admin_metadata: { ...volume.admin_metadata, readonly, attached_mode: mode },
    updated_at: call.now,
  })
  return done()
}

/** Users may not take a volume away behind Nova's back. */
const detach = (call: Call) => {
  const { 'os-detach': asked } = call.json(
    field.envelope({ 'os-detach': z.strictObject({ attachment_id: field.optionalUuid }).nullable() }),
  )
  const volume = volumeOf(call)
  if (asked === null) {
    // Cinder stumbles over null, although its schema allows it.
    throw new ApiError(500, 'The server has either erred or is incapable of performing the requested operation.')
  }
  const attached = attachmentsOfVolume(call.world, volume.id).filter((one) => one.attach_status === 'attached')
  const held = attached.find((one) => one.server_id !== null)
  if (held) throw heldByNova(held.server_id ?? '')
  for (const one of attached) releaseAttachment(call.world, one.id)
  return done()
}

/** The refusal of a detach that should go through Nova (CVE-2023-2088). */
export const heldByNova = (serverId: string): ApiError =>
  new ApiError(409, `ConflictNovaUsingAttachment: Detach volume from instance ${serverId} using the Compute API`)

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
  return done()
}

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
  const volume = volumeOf(call)
  call.requireAdmin('volume_extension:volume_admin_actions:reset_status')
  const status = asked.status?.toLowerCase()
  if (status === 'in-use' && attachmentsOfVolume(call.world, volume.id).length === 0) {
    throw badRequest('Cannot reset-state to in-use because volume does not have any attachments.')
  }
  call.world.lifecycle.cancel(volumes, volume.id)
  if (status) call.store.of(volumes).update(volume.id, { status, updated_at: call.now })
  if (asked.attach_status?.toLowerCase() === 'detached') {
    for (const one of attachmentsOfVolume(call.world, volume.id)) call.store.of(volumeAttachments).delete(one.id)
  }
  return done()
}

const forceDelete = (call: Call) => {
  const volume = volumeOf(call)
  call.requireAdmin('volume_extension:volume_admin_actions:force_delete')
  deleteVolumeChecked(call, volume, { cascade: false, force: true })
  return done()
}

const forceDetach = (call: Call) => {
  const volume = volumeOf(call)
  call.requireAdmin('volume_extension:volume_admin_actions:force_detach')
  for (const one of attachmentsOfVolume(call.world, volume.id)) releaseAttachment(call.world, one.id)
  return done()
}

const adminOnly = (operation: string, policy: string): Action => ({
  operation,
  handle: (call) => {
    volumeOf(call)
    call.requireAdmin(policy)
    throw new ApiError(501, `The fake does not model ${operation}.`)
  },
})

const initializeConnection = (call: Call) => {
  const { 'os-initialize_connection': asked } = call.json(
    field.envelope({ 'os-initialize_connection': z.strictObject({ connector: field.required(field.anyObject) }) }),
  )
  volumeOf(call)
  if (asked.connector['initiator'] === undefined) {
    throw invalidInput("Connector doesn't have required information: initiator")
  }
  throw new ApiError(501, 'The fake does not model storage connections.')
}

const terminateConnection = (call: Call) => {
  volumeOf(call)
  return done()
}

const imageMetadataBody = z.object({ metadata: field.metadata })

const setImageMetadata = (call: Call) => {
  const { 'os-set_image_metadata': asked } = call.json(field.envelope({ 'os-set_image_metadata': imageMetadataBody }))
  const volume = volumeOf(call)
  const image_metadata = { ...volume.image_metadata, ...asked.metadata }
  call.store.of(volumes).update(volume.id, { image_metadata })
  return ok({ metadata: image_metadata })
}

const showImageMetadata = (call: Call) => ok({ metadata: volumeOf(call).image_metadata ?? {} })

const unsetImageMetadata = (call: Call) => {
  const { 'os-unset_image_metadata': asked } = call.json(
    field.envelope({ 'os-unset_image_metadata': z.strictObject({ key: field.required(field.text(1, 255)) }) }),
  )
  const volume = volumeOf(call)
  const { [asked.key]: gone, ...image_metadata } = volume.image_metadata ?? {}
  if (gone === undefined) throw notFound('Metadata item was not found.')
  const isEmpty = Object.keys(image_metadata).length === 0
  call.store.of(volumes).update(volume.id, { image_metadata: isEmpty ? null : image_metadata })
  return ok(undefined, { 'content-type': 'text/html; charset=UTF-8' })
}

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
      'os-reserve': { operation: 'volumes.reserve', handle: reserve },
      'os-unreserve': { operation: 'volumes.unreserve', handle: unreserve },
      'os-begin_detaching': { operation: 'volumes.begin-detaching', handle: startToDetach },
      'os-roll_detaching': { operation: 'volumes.roll-detaching', handle: rollDetaching },
      'os-attach': { operation: 'volumes.attach', handle: attach },
      'os-detach': { operation: 'volumes.detach', handle: detach },
      'os-set_bootable': { operation: 'volumes.set-bootable', handle: setBootable },
      'os-update_readonly_flag': { operation: 'volumes.set-readonly', handle: setReadonly },
      'os-reset_status': { operation: 'volumes.reset-status', handle: resetStatus },
      'os-force_delete': { operation: 'volumes.force-delete', handle: forceDelete },
      'os-force_detach': { operation: 'volumes.force-detach', handle: forceDetach },
      'os-migrate_volume': adminOnly('volumes.migrate', 'volume_extension:volume_admin_actions:migrate_volume'),
      'os-initialize_connection': { operation: 'volumes.initialize-connection', handle: initializeConnection },
      'os-terminate_connection': { operation: 'volumes.terminate-connection', handle: terminateConnection },
      'os-set_image_metadata': { operation: 'volumes.set-image-metadata', handle: setImageMetadata },
      'os-show_image_metadata': { operation: 'volumes.show-image-metadata', handle: showImageMetadata },
      'os-unset_image_metadata': { operation: 'volumes.unset-image-metadata', handle: unsetImageMetadata },
      'os-volume_upload_image': { operation: 'volumes.upload-image', handle: uploadToImage },
      revert: { operation: 'volumes.revert', handle: revert },
    },
  },
]
