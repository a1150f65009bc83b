import { createHmac } from 'node:crypto'
import * as z from 'zod'
import { ApiError, badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { accepted, acceptedAsHtml, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { isoMicros } from '../../kernel/time-format.ts'
import { invalidSnapshot, invalidVolume } from './cinder-errors.ts'
import { reserveGigabytes, reserveSnapshots, reserveVolumes } from './quota-check.ts'
import { snapshots, type TransferRecord, type VolumeRecord, volumes, volumeTransfers } from './records.ts'
import { isTrue } from './schema-fields.ts'
import { listTransfers } from './transfer-list.ts'
import { transferDetail, transferSummary } from './transfer-view.ts'
import { volumeOf } from './volumes.ts'

/** The transfer of the path, if its volume is the caller's; else Cinder's 404. */
const transferOf = (call: Call): TransferRecord => {
  const id = call.param('id')
  const transfer = call.store.of(volumeTransfers).get(id)
  const volume = transfer && call.store.of(volumes).get(transfer.volume_id)
  if (!transfer || !(call.isAdmin || volume?.project_id === call.projectId)) throw transferNotFound(id)
  return transfer
}

const transferNotFound = (id: string): ApiError => notFound(`Transfer ${id} could not be found.`)

const createBody = z.object({
  transfer: z.object({
    volume_id: z.string(),
    name: z.string().nullish(),
    no_snapshots: z.unknown().optional(),
  }),
})

const create = (call: Call) => {
  const { transfer: asked } = call.json(createBody)
  const volume = volumeOf(call, asked.volume_id)
  if (volume.status !== 'available') throw invalidVolume('status must be available')
  const no_snapshots = isTrue(asked.no_snapshots)
  if (!no_snapshots) checkSnapshots(call, volume)
  call.store.of(volumes).update(volume.id, { status: 'awaiting-transfer', updated_at: call.now })
  const id = call.context.ids.uuid()
  const auth_key = createHmac('sha1', call.context.ids.hex()).update(id).digest('hex').slice(0, 16)
  const transfer = call.store.of(volumeTransfers).insert({
    id,
    volume_id: volume.id,
    name: asked.name?.trim() ?? null,
    auth_key,
    no_snapshots,
    source_project_id: volume.project_id,
    created_at: call.now,
  })
  const shown = transferDetail(call, transfer)
  return accepted({ transfer: { ...shown, created_at: isoMicros(transfer.created_at), auth_key } })
}

const checkSnapshots = (call: Call, volume: VolumeRecord): void => {
  const busy = call.store
    .of(snapshots)
    .where({ volume: volume.id })
    .find((one) => one.status !== 'available')
  if (busy) throw invalidSnapshot(`snapshot: ${busy.id} status must be available`)
}

const show = (call: Call) => ok({ transfer: transferDetail(call, transferOf(call)) })

const acceptBody = z.object({ accept: z.object({ auth_key: z.union([z.string(), z.number()]) }) })

/** A user who has the key may accept; the volume and its snapshots then count against the caller's quotas. */
const accept = (call: Call) => {
  const { auth_key } = call.json(acceptBody).accept
  const id = call.param('id')
  const transfer = call.store.of(volumeTransfers).get(id)
  if (!transfer) throw transferNotFound(id)
  if (String(auth_key) !== transfer.auth_key) {
    throw badRequest(`Invalid auth key: Attempt to transfer ${id} with invalid auth key.`)
  }
  const volume = call.store.of(volumes).get(transfer.volume_id)
  if (volume?.status !== 'awaiting-transfer') {
    throw invalidVolume(`Transfer ${id}: Volume id ${transfer.volume_id} expected in awaiting-transfer state.`)
  }
  const moved = transfer.no_snapshots ? [] : call.store.of(snapshots).where({ volume: volume.id })
  reserveTransferredGigabytes(call, volume.size)
  reserveVolumes(call.context, call.projectId)
  if (moved.length > 0) {
    reserveGigabytes(
      call.context,
      call.projectId,
      moved.reduce((total, one) => total + one.size, 0),
    )
    reserveSnapshots(call.context, call.projectId, moved.length)
  }
  const owner = { project_id: call.projectId, user_id: call.userId, updated_at: call.now }
  call.store.of(volumes).update(volume.id, { ...owner, status: 'available' })
  for (const snapshot of moved) call.store.of(snapshots).update(snapshot.id, owner)
  call.store.of(volumeTransfers).delete(id)
  return accepted({ transfer: transferSummary(call, transfer) })
}

/** Cinder words this refusal without the exception's name. */
const reserveTransferredGigabytes = (call: Call, sizeGiB: number): void => {
  try {
    reserveGigabytes(call.context, call.projectId, sizeGiB)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const message = error.message.replace(/^VolumeSizeExceedsAvailableQuota: /, '')
    throw new ApiError(413, message, {
      headers: error.headers,
      body: { overLimit: { code: 413, message, retryAfter: '0' } },
    })
  }
}

const remove = (call: Call) => {
  const transfer = transferOf(call)
  const volume = call.store.of(volumes).get(transfer.volume_id)
  if (volume?.status === 'awaiting-transfer') call.store.of(volumes).update(volume.id, { status: 'available' })
  call.store.of(volumeTransfers).delete(transfer.id)
  return acceptedAsHtml()
}

const routesOf = (path: string): Route[] => [
  { method: 'GET', path, operation: 'transfers.list', handle: listTransfers(path, transferSummary) },
  { method: 'POST', path, operation: 'transfers.create', handle: create },
  { method: 'GET', path: `${path}/detail`, operation: 'transfers.detail', handle: listTransfers(path, transferDetail) },
  { method: 'GET', path: `${path}/:id`, operation: 'transfers.show', handle: show },
  { method: 'DELETE', path: `${path}/:id`, operation: 'transfers.delete', handle: remove },
  { method: 'POST', path: `${path}/:id/accept`, operation: 'transfers.accept', handle: accept },
]

/** https://docs.openstack.org/api-ref/block-storage/v3/#volume-transfers-volume-transfers-3-55-or-later */
export const transferRoutes: readonly Route[] = [...routesOf('/os-volume-transfer'), ...routesOf('/volume-transfers')]
