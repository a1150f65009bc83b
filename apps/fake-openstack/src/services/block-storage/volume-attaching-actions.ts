import * as z from 'zod'
import { ApiError, badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { acceptedAsJson } from '../../kernel/reply.ts'
import type { Action } from '../../kernel/service.ts'
import { servers } from '../compute/records.ts'
import { attachmentsOfVolume, beginDetaching, releaseAttachment } from './attaching.ts'
import { invalidInput, invalidVolume } from './cinder-errors.ts'
import { type AttachmentRecord, volumeAttachments, volumes } from './records.ts'
import * as field from './schema-fields.ts'
import { volumeOf } from './volumes.ts'

const reserve = (call: Call) => {
  const volume = volumeOf(call)
  const allowed = volume.multiattach ? ['available', 'in-use'] : ['available']
  if (!allowed.includes(volume.status)) {
    throw invalidVolume(`Volume status must be ${allowed.join(' or ')} to reserve, but the status is ${volume.status}.`)
  }
  call.store.of(volumes).update(volume.id, { status: 'attaching', updated_at: call.now })
  return acceptedAsJson()
}

/** Does nothing, with 202, when the volume was not reserved. */
const unreserve = (call: Call) => {
  const volume = volumeOf(call)
  if (volume.status === 'attaching') {
    const isInUse = attachmentsOfVolume(call.context, volume.id).some((one) => one.attach_status === 'attached')
    call.store.of(volumes).update(volume.id, { status: isInUse ? 'in-use' : 'available', updated_at: call.now })
  }
  return acceptedAsJson()
}

const startToDetach = (call: Call) => {
  beginDetaching(call.context, volumeOf(call))
  return acceptedAsJson()
}

/** Does nothing, with 202, when the volume was not being detached. */
const rollDetaching = (call: Call) => {
  const volume = volumeOf(call)
  if (volume.status === 'detaching') {
    call.store.of(volumes).update(volume.id, { status: 'in-use', updated_at: call.now })
  }
  return acceptedAsJson()
}

/** The old way of attaching, without Nova: immediately, to a server or a host. */
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
    id: call.context.ids.uuid(),
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
  return acceptedAsJson()
}

/** Whether Nova knows the volume as attached to the server; what was attached through Cinder alone it does not. */
const isUsedByNova = (call: Call, { volume_id, server_id }: AttachmentRecord): boolean =>
  server_id !== null &&
  (call.store
    .of(servers)
    .get(server_id)
    ?.disks.some((disk) => disk.volume_id === volume_id) ??
    false)

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
  const attached = attachmentsOfVolume(call.context, volume.id).filter((one) => one.attach_status === 'attached')
  const held = attached.find((one) => isUsedByNova(call, one))
  if (held) throw heldByNova(held.server_id ?? '')
  for (const one of attached) releaseAttachment(call.context, one.id)
  return acceptedAsJson()
}

/** The refusal of a detach that should go through Nova (CVE-2023-2088). */
export const heldByNova = (serverId: string): ApiError =>
  new ApiError(409, `ConflictNovaUsingAttachment: Detach volume from instance ${serverId} using the Compute API`)

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
  return acceptedAsJson()
}

/** What Nova does to a volume, and what was acceptedAsJson before there were attachments of their own. */
export const attachingActions: Readonly<Record<string, Action>> = {
  'os-reserve': { operation: 'volumes.reserve', handle: reserve },
  'os-unreserve': { operation: 'volumes.unreserve', handle: unreserve },
  'os-begin_detaching': { operation: 'volumes.begin-detaching', handle: startToDetach },
  'os-roll_detaching': { operation: 'volumes.roll-detaching', handle: rollDetaching },
  'os-attach': { operation: 'volumes.attach', handle: attach },
  'os-detach': { operation: 'volumes.detach', handle: detach },
  'os-initialize_connection': { operation: 'volumes.initialize-connection', handle: initializeConnection },
  'os-terminate_connection': { operation: 'volumes.terminate-connection', handle: terminateConnection },
}
