import type { Call } from '../../kernel/call.ts'
import { isoMicros } from '../../kernel/time-format.ts'
import { attachmentsOfVolume } from './attaching.ts'
import { poolOf } from './hosts.ts'
import { type VolumeRecord, volumeTypes } from './records.ts'

/** A stored moment: the database keeps whole seconds. */
export const storedTime = (epochMs: number | null): string | null =>
  epochMs === null ? null : isoMicros(Math.floor(epochMs / 1000) * 1000)

/** Self and bookmark links; the project is in them when it was in the request's path. */
export const linksOf = (call: Call, collection: string, id: string) => {
  const project = call.params['project_id']
  const path = project === undefined ? `${collection}/${id}` : `${project}/${collection}/${id}`
  return [
    { rel: 'self', href: `${call.serviceUrl}/v3/${path}` },
    { rel: 'bookmark', href: `${call.serviceUrl}/${path}` },
  ]
}

export const volumeSummary = (call: Call, volume: VolumeRecord) => ({
  id: volume.id,
  name: volume.name,
  links: linksOf(call, 'volumes', volume.id),
})

/** The body of answers to create and update; `volumeShown` adds what only show and list have. */
export const volumeDetail = (call: Call, volume: VolumeRecord) => {
  const { microversion } = call
  const type = volume.volume_type_id === null ? undefined : call.store.of(volumeTypes).get(volume.volume_type_id)
  return {
    id: volume.id,
    status: volume.status,
    size: volume.size,
    availability_zone: volume.availability_zone,
    created_at: storedTime(volume.created_at),
    updated_at: storedTime(volume.updated_at),
    name: volume.name,
    description: volume.description,
    volume_type: type?.name ?? volume.volume_type_id,
    snapshot_id: volume.snapshot_id,
    source_volid: volume.source_volid,
    metadata: { ...volume.metadata, ...volume.admin_metadata },
    links: linksOf(call, 'volumes', volume.id),
    user_id: volume.user_id,
    bootable: String(volume.bootable),
    encrypted: false,
    replication_status: null,
    consistencygroup_id: null,
    multiattach: volume.multiattach,
    attachments: attachmentsOfVolume(call.context, volume.id)
      .filter((one) => one.attach_status === 'attached')
      .map((one) => ({
        id: volume.id,
        attachment_id: one.id,
        volume_id: volume.id,
        server_id: one.server_id,
        host_name: null,
        device: one.device,
        attached_at: storedTime(one.attached_at),
      })),
    ...(call.isAdmin ? { migration_status: null } : {}),
    ...(microversion.atLeast('3.13') ? { group_id: volume.group_id ?? null } : {}),
    ...(call.isAdmin && microversion.atLeast('3.21') ? { provider_id: null } : {}),
    ...(microversion.atLeast('3.48') ? { shared_targets: false, service_uuid: serviceUuid } : {}),
    ...(call.isAdmin && microversion.atLeast('3.61') ? { cluster_name: null } : {}),
    ...(microversion.atLeast('3.63') ? { volume_type_id: volume.volume_type_id } : {}),
    ...(microversion.atLeast('3.65') ? { consumes_quota: true } : {}),
  }
}

/** The one volume service that the fake has. */
const serviceUuid = '5f1d7b1e-6f0e-4a52-9d53-3c1c1b2f7a10'

export const volumeShown = (call: Call, volume: VolumeRecord) => ({
  ...volumeDetail(call, volume),
  'os-vol-tenant-attr:tenant_id': volume.project_id,
  ...(call.isAdmin
    ? {
        'os-vol-host-attr:host': poolOf(volume.availability_zone),
        'os-vol-mig-status-attr:migstat': null,
        'os-vol-mig-status-attr:name_id': null,
      }
    : {}),
  ...(volume.image_metadata ? { volume_image_metadata: volume.image_metadata } : {}),
})
