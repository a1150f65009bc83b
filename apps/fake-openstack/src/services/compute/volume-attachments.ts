import * as z from 'zod'
import { guestAfterAttach } from '../../guest/guest-events.ts'
import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { invalidInput, novaDialect } from '../../kernel/dialects/openstack-fault.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import { accepted, acceptedAsHtml, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { completeAttaching, releaseAttachment, startAttaching, startDetaching } from '../block-storage/attaching.ts'
import { volumeAttachments } from '../block-storage/records.ts'
import { ownVolume, reserve, wrappedCinderError } from './create/boot-disks.ts'
import { deviceFor } from './create/device-names.ts'
import { boolean, tag, uuid } from './field-schemas.ts'
import { integer } from './query.ts'
import { type Disk, type ServerRecord, servers } from './records.ts'
import { noteAction } from './server-actions-log.ts'
import { diskOfVolume, disksOf } from './server-disks.ts'
import { foundServer, requireLiveHost, requireState, wrongState } from './server-lookup.ts'
import type { VmState } from './views/server-status.ts'

const attachable: readonly VmState[] = ['active', 'paused', 'stopped', 'resized', 'shelved', 'shelved_offloaded']

const view = (call: Call, server: ServerRecord, disk: Disk) => ({
  ...(call.microversion.atLeast('2.89') ? {} : { id: disk.volume_id }),
  volumeId: disk.volume_id,
  serverId: server.id,
  ...(disk.device_name === null ? {} : { device: disk.device_name }),
  ...(call.microversion.atLeast('2.70') ? { tag: disk.tag } : {}),
  ...(call.microversion.atLeast('2.79') ? { delete_on_termination: disk.delete_on_termination } : {}),
  ...(call.microversion.atLeast('2.89') ? { attachment_id: disk.attachment_id, bdm_uuid: disk.uuid } : {}),
})

const list = (call: Call) => {
  const server = foundServer(call)
  const offset = integer(call, 'offset') ?? 0
  const limit = Math.min(integer(call, 'limit') || 1000, 1000)
  const disks = disksOf(call.context, server)
    .slice(offset, offset + limit)
    .filter((disk) => disk.volume_id !== null)
  return ok({ volumeAttachments: disks.map((disk) => view(call, server, disk)) })
}

const notAttached = (server: ServerRecord, volumeId: string) =>
  notFound(`Instance ${server.id} is not attached to volume ${volumeId}`)

const show = (call: Call) => {
  const server = foundServer(call)
  const volumeId = call.param('volume_id')
  const disk = diskOfVolume(call.context, server, volumeId)
  if (!disk) throw notAttached(server, volumeId)
  return ok({ volumeAttachment: view(call, server, disk) })
}

const device = z.union([
  z
    .string()
    .min(1)
    .max(255)
    .regex(/(^\/dev\/x{0,1}[a-z]{0,1}d{0,1})([a-z]+)[0-9]*$/),
  z.null(),
])

const attachSchema = z.strictObject({
  volumeAttachment: z.strictObject({
    volumeId: uuid,
    device: device.optional(),
    tag: tag.optional(),
    delete_on_termination: boolean.optional(),
  }),
})

/** Refuses fields that the microversion does not know. */
const checkFields = (call: Call, fields: Readonly<Record<string, string>>): void => {
  const { volumeAttachment } = call.rawJson as { volumeAttachment: Record<string, unknown> } // after the schema
  for (const [field, since] of Object.entries(fields)) {
    if (!(field in volumeAttachment) || call.microversion.atLeast(since)) continue
    const message = `Additional properties are not allowed (${pythonRepr(field)} was unexpected)`
    throw invalidInput({ path: ['volumeAttachment'], value: volumeAttachment, message })
  }
}

/** `available` → `reserved` immediately, then `attaching` and `in-use`; the device name is in the answer. */
const attach = (call: Call) => {
  const { volumeAttachment: params } = call.json(attachSchema)
  checkFields(call, { tag: '2.49', delete_on_termination: '2.79' })
  const server = foundServer(call)
  const isShelved = server.vm_state === 'shelved' || server.vm_state === 'shelved_offloaded'
  if (isShelved && !call.microversion.atLeast('2.20')) throw wrongState(server, 'attach_volume', 'vm_state')
  requireState(call, server, 'attach_volume', { vm: attachable })
  const volume = ownVolume(call, params.volumeId)
  if (!volume) throw notFound(`Volume ${params.volumeId} could not be found.`)
  if (volume.multiattach && diskOfVolume(call.context, server, volume.id)) {
    throw badRequest(`Invalid volume: volume ${volume.id} already attached`)
  }
  const attachmentId = reserve(call, volume, server.id)
  const disk: Disk = {
    uuid: call.context.ids.uuid(),
    source_type: 'volume',
    destination_type: 'volume',
    volume_id: volume.id,
    attachment_id: attachmentId,
    image_id: null,
    snapshot_id: null,
    volume_size: volume.size,
    volume_type: null,
    boot_index: -1,
    delete_on_termination: params.delete_on_termination ?? false,
    device_name: server.vm_state === 'shelved_offloaded' ? null : deviceFor(call, server, params.device ?? undefined),
    guest_format: null,
    tag: params.tag ?? null,
  }
  call.store.of(servers).update(server.id, {
    disks: [...disksOf(call.context, server), disk],
    guest: guestAfterAttach(call.context, server, disk),
  })
  noteAction(call, server.id, 'attach_volume')
  // A shelved server has no host that could attach it: Nova completes the attachment without one, so that it is in use.
  if (server.vm_state === 'shelved_offloaded') completeAttaching(call.context, attachmentId, null)
  else startAttaching(call.context, attachmentId, disk.device_name)
  // Since 2.101 the device is chosen after the answer.
  if (call.microversion.atLeast('2.101')) return acceptedAsHtml()
  return ok({
    volumeAttachment: {
      id: volume.id,
      serverId: server.id,
      volumeId: volume.id,
      device: disk.device_name,
      ...(call.microversion.atLeast('2.70') ? { tag: disk.tag } : {}),
      ...(call.microversion.atLeast('2.79') ? { delete_on_termination: disk.delete_on_termination } : {}),
    },
  })
}

const updateSchema = z.strictObject({
  volumeAttachment: z.strictObject({
    volumeId: uuid,
    id: uuid.optional(),
    serverId: uuid.optional(),
    device: device.optional(),
    tag: tag.optional(),
    delete_on_termination: boolean.optional(),
  }),
})

/** Only `delete_on_termination` can be changed; to swap volumes is for Cinder. */
const update = (call: Call) => {
  const { volumeAttachment: params } = call.json(updateSchema)
  const fields = ['id', 'serverId', 'device', 'tag', 'delete_on_termination']
  checkFields(call, Object.fromEntries(fields.map((field) => [field, '2.85'])))
  const server = foundServer(call)
  const volumeId = call.param('volume_id')
  if (!call.microversion.atLeast('2.85') || params.volumeId !== volumeId) {
    throw novaDialect.forbidden('os_compute_api:os-volumes-attachments:swap')
  }
  const disk = diskOfVolume(call.context, server, volumeId)
  if (!disk) throw notFound(`No volume Block Device Mapping with id ${volumeId}.`)
  const fixed: [string, unknown, unknown][] = [
    ['id', params.id, volumeId],
    ['serverId', params.serverId, server.id],
    ['device', params.device, disk.device_name],
    ['tag', params.tag, disk.tag],
  ]
  for (const [field, asked, actual] of fixed) {
    if (asked !== undefined && asked !== actual) throw badRequest(`The ${field} property is not mutable`)
  }
  const delete_on_termination = params.delete_on_termination ?? disk.delete_on_termination
  call.store.of(servers).update(server.id, {
    disks: server.disks.map((one) => (one === disk ? { ...one, delete_on_termination } : one)),
  })
  return accepted()
}

const detach = (call: Call) => {
  const server = foundServer(call)
  const volumeId = call.param('volume_id')
  const isShelved = server.vm_state === 'shelved' || server.vm_state === 'shelved_offloaded'
  if (isShelved && !call.microversion.atLeast('2.20')) throw wrongState(server, 'detach_volume', 'vm_state')
  const volume = ownVolume(call, volumeId)
  if (!volume) throw notFound(`Volume ${volumeId} could not be found.`)
  const disk = diskOfVolume(call.context, server, volumeId)
  if (!disk) throw notAttached(server, volumeId)
  if (disk.boot_index === 0) throw badRequest('Cannot detach a root device volume')
  requireState(call, server, 'detach_volume', { vm: attachable, isLockable: false })
  requireLiveHost(call, server)
  noteAction(call, server.id, 'detach_volume')
  const attachment = disk.attachment_id === null ? undefined : call.store.of(volumeAttachments).get(disk.attachment_id)
  if (!attachment || server.vm_state === 'shelved_offloaded') {
    if (attachment) releaseAttachment(call.context, attachment.id)
    call.store.of(servers).update(server.id, { disks: server.disks.filter((one) => one !== disk) })
    return accepted()
  }
  try {
    startDetaching(call.context, attachment.id)
  } catch (error) {
    throw wrappedCinderError(call, error)
  }
  return accepted()
}

const path = '/servers/:server_id/os-volume_attachments'

/** https://docs.openstack.org/api-ref/compute/#servers-with-volume-attachments-servers-os-volume-attachments */
export const volumeAttachmentRoutes: readonly Route[] = [
  { method: 'GET', path, operation: 'volume-attachments.list', handle: list },
  { method: 'POST', path, operation: 'volume-attachments.create', handle: attach },
  { method: 'GET', path: `${path}/:volume_id`, operation: 'volume-attachments.show', handle: show },
  { method: 'PUT', path: `${path}/:volume_id`, operation: 'volume-attachments.update', handle: update },
  { method: 'DELETE', path: `${path}/:volume_id`, operation: 'volume-attachments.delete', handle: detach },
]
