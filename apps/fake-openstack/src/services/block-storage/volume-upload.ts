import * as z from 'zod'
import { ApiError } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { accepted } from '../../kernel/reply.ts'
import { images } from '../image/records.ts'
import { invalidVolume, orList } from './cinder-errors.ts'
import { uploadVolume } from './lifecycles.ts'
import { volumes, volumeTypes } from './records.ts'
import * as field from './schema-fields.ts'
import { storedTime } from './volume-view.ts'
import { volumeOf } from './volumes.ts'

const shape = {
  image_name: field.required(field.text(1, 255)),
  force: field.boolean,
  disk_format: field.word('raw', 'vmdk', 'vdi', 'qcow2', 'vhd', 'vhdx', 'ploop'),
  container_format: field.shortText,
}
const body = field.envelope({ 'os-volume_upload_image': z.strictObject(shape) })
/** From 3.1 the image's visibility can be chosen. */
const bodyFrom31 = field.envelope({
  'os-volume_upload_image': z.strictObject({
    ...shape,
    visibility: field.word('community', 'public', 'private', 'shared'),
    protected: field.boolean,
  }),
})

/** Writes a volume to a new image: the volume is `uploading`, the image `queued` until it is done. */
export const uploadToImage = (call: Call) => {
  const isNew = call.microversion.atLeast('3.1')
  const asked: Readonly<Record<string, unknown>> = (isNew ? call.json(bodyFrom31) : call.json(body))[
    'os-volume_upload_image'
  ]
  const volume = volumeOf(call)
  const visibility = isNew ? (asked['visibility'] ?? 'private') : 'shared'
  if (visibility === 'public' && !call.isAdmin) {
    throw new ApiError(403, "Policy doesn't allow volume_extension:volume_actions:upload_public to be performed.")
  }
  const allowed = field.isTrue(asked['force']) ? ['available', 'in-use'] : ['available']
  if (!allowed.includes(volume.status)) {
    throw invalidVolume(`Volume ${volume.id} status must be ${orList(allowed)}`)
  }
  const image = call.store.of(images).insert({
    id: call.context.ids.uuid(),
    name: String(asked['image_name']),
    status: 'queued',
    visibility:
      visibility === 'public' || visibility === 'community' || visibility === 'shared' ? visibility : 'private',
    owner: call.projectId,
    disk_format: String(asked['disk_format'] ?? 'raw'),
    container_format: String(asked['container_format'] ?? 'bare'),
    size: null,
    virtual_size: null,
    checksum: null,
    os_hash_algo: null,
    os_hash_value: null,
    min_disk: 0,
    min_ram: 0,
    protected: field.isTrue(asked['protected']),
    os_hidden: false,
    tags: [],
    properties: {},
    created_at: call.now,
    updated_at: call.now,
    isZeros: true,
    staged: null,
    stagedProblem: null,
  })
  call.store
    .of(volumes)
    .update(volume.id, { status: 'uploading', previous_status: volume.status, updated_at: call.now })
  call.context.lifecycle.start(uploadVolume, volume.id, { imageId: image.id })
  const type = volume.volume_type_id === null ? undefined : call.store.of(volumeTypes).get(volume.volume_type_id)
  return accepted({
    'os-volume_upload_image': {
      id: volume.id,
      updated_at: storedTime(call.now),
      status: 'uploading',
      display_description: volume.description,
      size: volume.size,
      volume_type: type
        ? {
            id: type.id,
            name: type.name,
            description: type.description,
            is_public: type.is_public,
            extra_specs: {},
            qos_specs_id: null,
            created_at: storedTime(volume.created_at),
            updated_at: storedTime(volume.created_at),
            deleted: false,
            deleted_at: null,
          }
        : null,
      image_id: image.id,
      container_format: image.container_format,
      disk_format: image.disk_format,
      image_name: image.name,
      ...(isNew ? { visibility: image.visibility, protected: image.protected } : {}),
    },
  })
}
