import * as z from 'zod'
import { ApiError, badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { accepted, acceptedAsHtml, ok } from '../../kernel/reply.ts'
import { isUuidLike } from '../../kernel/schema-formats.ts'
import type { Route } from '../../kernel/service.ts'
import { isoMicros } from '../../kernel/time-format.ts'
import { images } from '../image/records.ts'
import { attachmentsOfVolume } from './attaching.ts'
import { invalidVolume, stripped } from './cinder-errors.ts'
import { addVolume, usableImage, volumeTypeBy } from './creation.ts'
import { startDeleting } from './deletion.ts'
import { groupOf } from './group-lookup.ts'
import { booleanOf, wantsAllTenants } from './list-query.ts'
import { type SnapshotRecord, snapshots, type VolumeRecord, volumes } from './records.ts'
import * as field from './schema-fields.ts'
import { listVolumes } from './volume-list.ts'
import { volumeDetail, volumeShown, volumeSummary } from './volume-view.ts'

/** The volume of the path if the project may see it; else Cinder's 404. */
export const volumeOf = (call: Call, id: string = call.param('id')): VolumeRecord => {
  const volume = call.store.of(volumes).get(id)
  if (!volume || (volume.project_id !== call.projectId && !call.isAdmin)) {
    throw notFound(`Volume ${id} could not be found.`)
  }
  return volume
}

const createShape = {
  name: field.nullableText,
  description: field.nullableText,
  display_name: field.nullableText,
  display_description: field.nullableText,
  volume_type: field.shortText,
  metadata: field.metadataOrNull,
  snapshot_id: field.optionalUuid,
  source_volid: field.optionalUuid,
  consistencygroup_id: field.optionalUuid,
  size: field.sizeOrNull,
  availability_zone: field.zone,
  multiattach: field.optionalBoolean,
  image_id: field.shortText,
  imageRef: field.shortText,
  group_id: field.shortText,
}
const schedulerHints = z
  .object({ same_host: field.optionalHosts, different_host: field.optionalHosts })
  .loose()
  .nullable()
  .optional()
const createBody = field.envelope({
  volume: z.object(createShape),
  'OS-SCH-HNT:scheduler_hints': schedulerHints,
})
/** From 3.53 unknown properties are refused. */
const strictCreateBody = field.envelope({
  volume: z.strictObject({ ...createShape, backup_id: field.optionalUuid }),
  'OS-SCH-HNT:scheduler_hints': schedulerHints,
})

const create = (call: Call) => {
  const body = call.microversion.atLeast('3.53') ? call.json(strictCreateBody) : call.json(createBody)
  const { volume: asked } = body
  const name = stripped('name', asked.name ?? asked.display_name)
  const description = stripped('description', asked.description ?? asked.display_description)
  const type = asked.volume_type ? volumeTypeBy(call, asked.volume_type) : undefined
  if (type?.encryption) notModelled(call, 'an encrypted volume type')
  const snapshot = asked.snapshot_id == null ? undefined : snapshotById(call, asked.snapshot_id)
  const source = asked.source_volid == null ? undefined : volumeOf(call, asked.source_volid)
  const consistencyGroup = asked.consistencygroup_id == null ? undefined : groupOf(call, asked.consistencygroup_id)
  const group = asked.group_id == null ? consistencyGroup : groupOf(call, asked.group_id)
  const imageRef = asked.image_id ?? asked.imageRef
  const image = imageRef == null ? undefined : imageByRef(call, imageRef)
  if (field.isTrue(asked.multiattach)) {
    throw badRequest(
      'multiattach parameter has been removed. The default behavior is to use multiattach enabled volume types. ' +
        'Contact your administrator to create a multiattach enabled volume type and use it to create multiattach volumes.',
    )
  }
  const volume = addVolume(call.context, {
    projectId: call.projectId,
    userId: call.userId,
    name,
    description,
    size: asked.size == null ? undefined : Number(asked.size),
    availabilityZone: asked.availability_zone ?? null,
    type,
    metadata: asked.metadata ?? {},
    image,
    snapshot,
    source,
    group,
    requestId: call.requestId,
  })
  return accepted({ volume: { ...volumeDetail(call, volume), created_at: isoMicros(volume.created_at) } })
}

const snapshotById = (call: Call, id: string): SnapshotRecord => {
  const snapshot = call.store.of(snapshots).get(id)
  if (!snapshot || (snapshot.project_id !== call.projectId && !call.isAdmin)) {
    throw notFound(`Snapshot ${id} could not be found.`)
  }
  return snapshot
}

/** An image by id, link or name. */
const imageByRef = (call: Call, ref: string) => {
  const id = ref.split('/').at(-1) ?? ''
  if (isUuidLike(id)) return usableImage(call.context, call.projectId, call.isAdmin, id)
  const named = call.store.of(images).where({ name: ref })
  const visible = named.filter((one) => one.visibility === 'public' || one.owner === call.projectId)
  if (visible.length > 1) {
    throw new ApiError(409, `Multiple matches found for '${ref}', use an ID to be more specific.`)
  }
  return usableImage(call.context, call.projectId, call.isAdmin, visible[0]?.id ?? '')
}

const show = (call: Call) => ok({ volume: volumeShown(call, volumeOf(call)) })

const updateBody = field.envelope({
  volume: z.strictObject({
    name: field.nullableText,
    description: field.nullableText,
    display_name: field.nullableText,
    display_description: field.nullableText,
    metadata: field.metadata,
  }),
})

const update = (call: Call) => {
  const { volume: asked } = call.json(updateBody)
  if (call.microversion.atLeast('3.53') && Object.keys(asked).length === 0) {
    throw badRequest(
      'Invalid input for field/attribute volume. Value: {}. {} is not valid under any of the given schemas',
    )
  }
  const name = asked.name === undefined ? asked.display_name : asked.name
  const description = asked.description === undefined ? asked.display_description : asked.description
  const changes = {
    ...(name === undefined ? {} : { name: stripped('name', name) }),
    ...(description === undefined ? {} : { description: stripped('description', description) }),
    ...(asked.metadata ? { metadata: asked.metadata } : {}),
  }
  const { id } = volumeOf(call)
  const changed = Object.keys(changes).length > 0
  const volume = changed ? call.store.of(volumes).update(id, { ...changes, updated_at: call.now }) : volumeOf(call)
  return ok({ volume: volumeDetail(call, volume) })
}

const deletable = ['available', 'error', 'error_restoring', 'error_extending', 'error_managing']

const remove = (call: Call) => {
  const cascade = booleanOf(call, 'cascade')
  const force = call.microversion.atLeast('3.23') && booleanOf(call, 'force')
  const volume = volumeOf(call)
  if (force) call.requireAdmin('volume:force_delete')
  deleteVolumeChecked(call, volume, { cascade, force })
  return acceptedAsHtml()
}

/** Deletes as far as the volume's state and snapshots allow; else Cinder's 400. */
export const deleteVolumeChecked = (
  call: Call,
  volume: VolumeRecord,
  { cascade, force }: { cascade: boolean; force: boolean },
): void => {
  const itsSnapshots = call.store.of(snapshots).where({ volume: volume.id })
  const areSnapshotsFine = cascade
    ? itsSnapshots.every(
        (one) => !one.group_snapshot_id && (force || ['available', 'error', 'deleting'].includes(one.status)),
      )
    : itsSnapshots.length === 0
  const isAttached = attachmentsOfVolume(call.context, volume.id).some((one) => one.attach_status === 'attached')
  if (isAttached || volume.group_id || !areSnapshotsFine || !(force || deletable.includes(volume.status))) {
    const status = force ? '' : `status must be ${deletable.slice(0, -1).join(' or ')} or error_managing and `
    throw invalidVolume(
      `Volume ${status}must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from snapshots after volume transfer.`,
    )
  }
  for (const snapshot of itsSnapshots) {
    call.store.of(snapshots).update(snapshot.id, { status: 'deleting', updated_at: call.now })
  }
  startDeleting(call.context, volume.id)
}

const summary = (call: Call) => {
  if (!call.microversion.atLeast('3.12')) throw notFound('The resource could not be found.')
  const all = call.store.of(volumes).where({ project: wantsAllTenants(call) ? undefined : call.projectId })
  const metadata: Record<string, string[]> = {}
  for (const [key, value] of all.flatMap((volume) => Object.entries(volume.metadata))) {
    const known = metadata[key] ?? []
    metadata[key] = known.includes(value) ? known : [...known, value]
  }
  return ok({
    'volume-summary': {
      total_count: all.length,
      total_size: all.reduce((total, volume) => total + volume.size, 0),
      ...(call.microversion.atLeast('3.36') ? { metadata } : {}),
    },
  })
}

/** https://docs.openstack.org/api-ref/block-storage/v3/#volumes-volumes */
export const volumeRoutes: readonly Route[] = [
  { method: 'POST', path: '/volumes', operation: 'volumes.create', handle: create },
  { method: 'GET', path: '/volumes', operation: 'volumes.list', handle: listVolumes('volumes', volumeSummary) },
  {
    method: 'GET',
    path: '/volumes/detail',
    operation: 'volumes.detail',
    handle: listVolumes('volumes/detail', volumeShown),
  },
  { method: 'GET', path: '/volumes/summary', operation: 'volumes.summary', handle: summary },
  { method: 'GET', path: '/volumes/:id', operation: 'volumes.show', handle: show },
  { method: 'PUT', path: '/volumes/:id', operation: 'volumes.update', handle: update },
  { method: 'DELETE', path: '/volumes/:id', operation: 'volumes.delete', handle: remove },
]
