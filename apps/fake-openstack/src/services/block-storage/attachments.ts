import * as z from 'zod'
import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { completeAttaching, releaseAttachment, reserveVolume } from './attaching.ts'
import { since } from './cinder-errors.ts'
import { listOf } from './list-query.ts'
import { unmodelledAttachmentColumns } from './query-keys.ts'
import { type AttachmentRecord, volumeAttachments, volumes } from './records.ts'
import { rulesOf } from './release-rules.ts'
import * as field from './schema-fields.ts'
import { noSuchAction } from './volume-actions.ts'
import { heldByNova } from './volume-attaching-actions.ts'
import { storedTime } from './volume-view.ts'
import { volumeOf } from './volumes.ts'

const knownAttachment = (call: Call): AttachmentRecord => {
  const attachment = call.store.of(volumeAttachments).get(call.param('id'))
  if (!attachment) throw unknownAttachment(call)
  if (!rulesOf(call).showsAttachmentsOfOthers) refuseOthers(call, attachment)
  return attachment
}

const refuseOthers = (call: Call, attachment: AttachmentRecord): void => {
  if (attachment.project_id !== call.projectId && !call.isAdmin) throw unknownAttachment(call)
}

const attachmentOf = (call: Call): AttachmentRecord => {
  const attachment = knownAttachment(call)
  refuseOthers(call, attachment)
  return attachment
}

const unknownAttachment = (call: Call) =>
  notFound(`Volume attachment could not be found with filter: attachment_id = ${call.param('id')}.`)

const summary = (attachment: AttachmentRecord) => ({
  id: attachment.id,
  status: attachment.attach_status,
  instance: attachment.server_id,
  volume_id: attachment.volume_id,
})

const detail = (attachment: AttachmentRecord) => ({
  ...summary(attachment),
  attached_at: storedTime(attachment.attached_at) ?? '',
  detached_at: '',
  attach_mode: attachment.attach_mode,
  connection_info: attachment.connection_info,
})

const createShape = {
  volume_uuid: field.required(field.uuid),
  instance_uuid: field.uuid,
  connector: field.objectOrNull,
}

const create = (call: Call) => {
  const hasMode = call.microversion.atLeast('3.54')
  const { attachment: asked } = call.json(
    field.envelope({
      attachment: z.strictObject(hasMode ? { ...createShape, mode: field.word('rw', 'ro') } : createShape),
    }),
  )
  const volume = volumeOf(call, asked.volume_uuid)
  const attachment = reserveVolume(call.context, volume, asked.instance_uuid ?? null)
  const mode = 'mode' in asked && (asked.mode === 'rw' || asked.mode === 'ro') ? asked.mode : 'null'
  const isReady = asked.connector !== undefined && asked.connector !== null
  const updated = call.store.of(volumeAttachments).update(attachment.id, {
    attach_mode: mode,
    ...(isReady ? connected(call, attachment, asked.connector ?? {}) : {}),
  })
  return ok({ attachment: detail(updated) })
}

/** What a connector changes: the volume is being attached. */
const connected = (call: Call, attachment: AttachmentRecord, connector: Readonly<Record<string, unknown>>) => {
  call.store.of(volumes).update(attachment.volume_id, { status: 'attaching', updated_at: call.now })
  const mountpoint = connector['mountpoint']
  return {
    attach_status: 'attaching' as const,
    attach_mode: connector['mode'] === 'ro' ? ('ro' as const) : ('rw' as const),
    device: typeof mountpoint === 'string' ? mountpoint : null,
    attached_at: call.now,
    connection_info: {
      driver_volume_type: 'fake',
      volume_id: attachment.volume_id,
      attachment_id: attachment.id,
      access_mode: 'rw',
      encrypted: false,
    },
  }
}

const update = (call: Call) => {
  const { attachment: asked } = call.json(
    field.envelope({ attachment: z.strictObject({ connector: field.required(field.anyObject) }) }),
  )
  const attachment = attachmentOf(call)
  if (Object.keys(asked.connector).length === 0) {
    throw badRequest('Invalid input for field/attribute connector. Value: {}. {} does not have enough properties')
  }
  const updated = call.store.of(volumeAttachments).update(attachment.id, connected(call, attachment, asked.connector))
  return ok({ attachment: detail(updated) })
}

/** Users may not delete what Nova holds. */
const remove = (call: Call) => {
  const attachment = attachmentOf(call)
  if (attachment.attach_status === 'attached' && attachment.server_id !== null) throw heldByNova(attachment.server_id)
  releaseAttachment(call.context, attachment.id)
  return ok({ attachments: [] })
}

const complete = (call: Call) => {
  const attachment = attachmentOf(call)
  completeAttaching(call.context, attachment.id, attachment.device)
  return noContent()
}

const listWith = (view: (attachment: AttachmentRecord) => unknown) => (call: Call) => {
  const everybody = call.isAdmin && call.query.has('all_tenants')
  const page: Readonly<Record<string, unknown>> = listOf(
    call,
    call.store.of(volumeAttachments),
    {
      project: everybody ? undefined : call.projectId,
      volume: call.query.get('volume_id') ?? undefined,
      server: call.query.get('instance_id') ?? undefined,
    },
    {
      collection: 'attachments',
      linksKey: 'attachments_links',
      linkPath: 'attachments',
      unknownMarker: (marker) => `Volume attachment could not be found with filter: attachment_id = ${marker}.`,
      sortKeys: { id: (a) => a.id, created_at: (a) => a.attached_at, attach_status: (a) => a.attach_status },
      filters: {
        volume_id: (a, value) => a.volume_id === value,
        instance_id: (a, value) => a.server_id === value,
        status: (a, value) => a.attach_status === value,
        attach_status: (a, value) => a.attach_status === value,
      },
      adminFilters: {
        id: (a, value) => a.id === value,
        instance_uuid: (a, value) => a.server_id === value,
        project_id: (a, value) => a.project_id === value,
      },
      unmodelled: unmodelledAttachmentColumns,
      allTenants: 'any',
      strictFrom: '3.31',
    },
    view,
  )
  return ok({ attachments: page['attachments'] })
}

/** https://docs.openstack.org/api-ref/block-storage/v3/#attachments */
export const attachmentRoutes: readonly Route[] = [
  { method: 'GET', path: '/attachments', operation: 'attachments.list', handle: since('3.27', listWith(summary)) },
  {
    method: 'GET',
    path: '/attachments/detail',
    operation: 'attachments.detail',
    handle: since('3.27', listWith(detail)),
  },
  { method: 'POST', path: '/attachments', operation: 'attachments.create', handle: since('3.27', create) },
  {
    method: 'GET',
    path: '/attachments/:id',
    operation: 'attachments.show',
    handle: since('3.27', (call) => ok({ attachment: detail(knownAttachment(call)) })),
  },
  { method: 'PUT', path: '/attachments/:id', operation: 'attachments.update', handle: since('3.27', update) },
  { method: 'DELETE', path: '/attachments/:id', operation: 'attachments.delete', handle: since('3.27', remove) },
  {
    method: 'POST',
    path: '/attachments/:id/action',
    operation: 'attachments.action',
    handle: noSuchAction,
    actions: { 'os-complete': { operation: 'attachments.complete', handle: since('3.44', complete) } },
  },
]
