import { ApiError, badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { CloudContext } from '../../kernel/cloud-context.ts'
import { RequestedFailure } from '../../kernel/failure.ts'
import { type ImageRecord, imageMembers, images } from '../image/records.ts'
import { invalidInput, invalidSnapshot, invalidVolume } from './cinder-errors.ts'
import { invalidGroup } from './group-lookup.ts'
import type { GroupRecord } from './group-records.ts'
import { createVolume, createVolumeFromImage } from './lifecycles.ts'
import { reserveGigabytes, reserveVolumes } from './quota-check.ts'
import {
  type Metadata,
  type SnapshotRecord,
  type VolumeRecord,
  type VolumeTypeRecord,
  volumes,
  volumeTypes,
} from './records.ts'
import { noBackend } from './user-messages.ts'

const gib = 1024 ** 3

/** What a new volume is made of, already looked up. */
export interface VolumeRequest {
  projectId: string
  userId: string
  name: string | null
  description: string | null
  /** GiB; undefined takes the size of the source. */
  size: number | undefined
  availabilityZone: string | null
  type?: VolumeTypeRecord | undefined
  metadata?: Metadata
  image?: ImageRecord | undefined
  snapshot?: SnapshotRecord | undefined
  source?: VolumeRecord | undefined
  group?: GroupRecord | undefined
  /** The group's lifecycle makes it available. */
  isCopiedWithGroup?: boolean
  /** Of the request to Cinder, for the message that a failure leaves. */
  requestId?: string
}

/**
 * Creates a volume in `creating` and starts its lifecycle, after the checks of Cinder's create flow in their order:
 * source, size, image, zone, quota. Compute makes boot volumes by it.
 */
export const addVolume = (context: CloudContext, request: VolumeRequest): VolumeRecord => {
  const { snapshot, source, image, group } = request
  if (group && !request.isCopiedWithGroup) checkTypeInGroup(group, request.type)
  if (snapshot && snapshot.status !== 'available') {
    throw invalidSnapshot("Originating snapshot status must be one of 'available' values")
  }
  if (source && !['available', 'in-use'].includes(source.status)) {
    throw invalidVolume("Originating source volume status must be one of 'available, in-use' values")
  }
  if (group && !['available', 'creating'].includes(group.status)) {
    throw invalidGroup("Originating group status must be one of 'available, creating' values")
  }
  const size = sizeOf(request)
  if (image) checkImage(image, size)
  const origin = source ?? (snapshot && context.store.of(volumes).get(snapshot.volume_id))
  const zone =
    group?.availability_zone ??
    request.availabilityZone ??
    origin?.availability_zone ??
    context.settings.volumeZones[0] ??
    'nova'
  if (!context.settings.volumeZones.includes(zone)) throw badRequest(`Availability zone '${zone}' is invalid.`)
  const type = request.type ?? inheritedType(context, origin) ?? defaultVolumeType(context)
  reserveGigabytes(context, request.projectId, size, type?.id)
  reserveVolumes(context, request.projectId, type?.id)
  const volume = context.store.of(volumes).insert({
    id: context.ids.uuid(),
    project_id: request.projectId,
    user_id: request.userId,
    name: request.name,
    description: request.description,
    size,
    status: 'creating',
    previous_status: null,
    availability_zone: zone,
    volume_type_id: type?.id ?? null,
    snapshot_id: snapshot?.id ?? null,
    source_volid: source?.id ?? null,
    metadata: request.metadata ?? {},
    admin_metadata: {},
    bootable: image ? false : (origin?.bootable ?? false),
    multiattach: type?.extra_specs['multiattach'] === '<is> True',
    ...(group ? { group_id: group.id } : {}),
    image_metadata: image ? imageMetadata(image) : (origin?.image_metadata ?? null),
    created_at: context.clock.now(),
    updated_at: null,
  })
  if (request.isCopiedWithGroup) return volume
  const payload = request.requestId === undefined ? {} : { requestId: request.requestId }
  const start = () => context.lifecycle.start(image ? createVolumeFromImage : createVolume, volume.id, payload)
  if (hasBackend(type)) start()
  else context.lifecycle.failing(new RequestedFailure({ to: 'error', message: noBackend }), start)
  return volume
}

/** Whether the one backend is what the type asks for; Cinder's scheduler looks at the vendor, among others. */
export const hasBackend = (type: VolumeTypeRecord | undefined): boolean =>
  ['Open Source', null].includes(type?.extra_specs['vendor_name'] ?? null)

const checkTypeInGroup = (group: GroupRecord, type: VolumeTypeRecord | undefined): void => {
  if (!type) throw invalidInput('volume_type must be provided when creating a volume in a group.')
  if (group.volume_type_ids.includes(type.id)) return
  throw invalidInput(
    `Invalid volume_type provided: VolumeType(${type.id}) (requested type must be supported by this group).`,
  )
}

/** The image if the project may use it. Throws Cinder's 400 for all others. */
export const usableImage = (
  context: CloudContext,
  projectId: string,
  isAdmin: boolean,
  imageId: string,
): ImageRecord => {
  const image = context.store.of(images).get(imageId)
  const isMember = image?.visibility === 'shared' && context.store.of(imageMembers).has(`${imageId}/${projectId}`)
  const isVisible =
    image && (isAdmin || image.owner === projectId || isMember || ['public', 'community'].includes(image.visibility))
  if (!image || !isVisible) throw badRequest('Invalid image identifier or unable to access requested image.')
  return image
}

/** The volume type for volumes that name none. */
export const defaultVolumeType = (context: CloudContext): VolumeTypeRecord | undefined =>
  context.store
    .of(volumeTypes)
    .all()
    .find((type) => type.is_default)

/** Whether the caller's project may use the type: it is public, or the project has access. */
export const isUsableType = (call: Call, type: VolumeTypeRecord): boolean =>
  call.isAdmin || type.is_public || (type.access?.includes(call.projectId) ?? false)

/** A type by id or name, if the caller may use it; Cinder's 404 says which was meant. */
export const volumeTypeBy = (call: Call, idOrName: string): VolumeTypeRecord => {
  const types = call.store.of(volumeTypes)
  const type = types.get(idOrName) ?? types.find({ name: idOrName.toLowerCase() })
  if (type && isUsableType(call, type)) return type
  throw notFound(
    looksLikeUuid(idOrName)
      ? `Volume type ${idOrName} could not be found.`
      : `Volume type with name ${idOrName} could not be found.`,
  )
}

const looksLikeUuid = (text: string): boolean => /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(text)

const inheritedType = (context: CloudContext, origin: VolumeRecord | undefined): VolumeTypeRecord | undefined =>
  origin?.volume_type_id ? context.store.of(volumeTypes).get(origin.volume_type_id) : undefined

const sizeOf = ({ size: wanted, source, snapshot }: VolumeRequest): number => {
  const size = wanted ?? source?.size ?? snapshot?.size
  if (size === undefined) {
    throw new ApiError(
      400,
      'The server could not comply with the request since it is either malformed or otherwise incorrect.',
    )
  }
  if (!Number.isInteger(size) || size <= 0) {
    throw invalidInput(`Volume size '${size}' must be an integer and greater than 0`)
  }
  if (source && size < source.size) {
    throw invalidInput(
      `Volume size '${size}'GB cannot be smaller than original volume size  ${source.size}GB. They must be >= original volume size.`,
    )
  }
  if (!source && snapshot && size < snapshot.size) {
    throw invalidInput(
      `Volume size '${size}'GB cannot be smaller than the snapshot size ${snapshot.size}GB. They must be >= original snapshot size.`,
    )
  }
  return size
}

const checkImage = (image: ImageRecord, size: number): void => {
  if (image.status !== 'active') throw invalidInput(`Image ${image.id} is not active.`)
  const imageGiB = Math.ceil((image.size ?? 0) / gib)
  if (imageGiB > size) {
    throw invalidInput(`Size of specified image ${imageGiB}GB is larger than volume size ${size}GB.`)
  }
  if (image.min_disk > size) {
    throw invalidInput(`Volume size ${size}GB cannot be smaller than the image minDisk size ${image.min_disk}GB.`)
  }
}

/** What Cinder keeps of an image: its properties and its core fields, all as strings. */
const imageMetadata = (image: ImageRecord): Metadata => ({
  signature_verified: 'False',
  ...image.properties,
  image_id: image.id,
  ...(image.name === null ? {} : { image_name: image.name }),
  ...(image.checksum === null ? {} : { checksum: image.checksum }),
  ...(image.container_format === null ? {} : { container_format: image.container_format }),
  ...(image.disk_format === null ? {} : { disk_format: image.disk_format }),
  min_disk: String(image.min_disk),
  min_ram: String(image.min_ram),
  size: String(image.size ?? 0),
})
