import { ApiError, badRequest, forbidden } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import { reserveVolume } from '../../block-storage/attaching.ts'
import { type SnapshotRecord, snapshots, type VolumeRecord, volumes, volumeTypes } from '../../block-storage/records.ts'
import { type ImageRecord, imageMembers, images } from '../../image/records.ts'
import { type Disk, type FlavorRecord, servers } from '../records.ts'
import { diskOfVolume } from '../server-disks.ts'
import type { BlockDeviceRequest, ServerRequest } from './server-create-schema.ts'

const gib = 1024 ** 3

const invalid = (details: string): ApiError => badRequest(`Block Device Mapping is Invalid: ${details}`)

/** The image if the caller may see it. */
export const visibleImage = (call: Call, id: string): ImageRecord | undefined => {
  const image = call.store.of(images).get(id)
  if (!image) return undefined
  const isOpen = ['public', 'community'].includes(image.visibility)
  const isMember = image.visibility === 'shared' && call.store.of(imageMembers).has(`${id}/${call.projectId}`)
  return isOpen || isMember || image.owner === call.projectId || call.isAdmin ? image : undefined
}

/** The checks of the block devices' form that need no look at other services. */
export const checkBlockDeviceForm = (server: ServerRequest): void => {
  const { block_device_mapping: legacy = [], block_device_mapping_v2: devices = [] } = server
  if (legacy.length > 0 && devices.length > 0) {
    throw badRequest('Using different block_device_mapping syntaxes is not allowed in the same request.')
  }
  for (const device of devices) {
    if (device.no_device) continue
    const { source_type: source, destination_type: destination, uuid } = device
    if (source === 'blank' && uuid !== undefined) throw invalid('Invalid device UUID.')
    if (source !== 'blank' && uuid === undefined) throw invalid('Missing device UUID.')
    const isImageRoot = server.imageRef !== undefined && device.boot_index === 0
    if (source === 'image' && destination === 'local' && !isImageRoot) {
      throw invalid('Mapping image to local is not supported.')
    }
    if (device.volume_type) {
      if (destination === 'local') {
        throw invalid('Specifying a volume_type with destination_type=local is not supported.')
      }
      if (source === 'volume') throw invalid('Specifying volume type to existing volume is not supported.')
    }
    if (device.device_name?.includes(' ')) throw invalid('Device name contains spaces.')
  }
  const usesVolumes = legacy.length + devices.length > 0
  if (!server.imageRef && !usesVolumes) throw badRequest('Missing imageRef attribute')
}

const emptyDisk = (call: Call): Disk => ({
  uuid: call.context.ids.uuid(),
  source_type: 'blank',
  destination_type: 'local',
  volume_id: null,
  attachment_id: null,
  image_id: null,
  snapshot_id: null,
  volume_size: null,
  volume_type: null,
  boot_index: -1,
  delete_on_termination: false,
  device_name: null,
  guest_format: null,
  tag: null,
})

const diskOf = (call: Call, device: BlockDeviceRequest): Disk => {
  const source = device.source_type ?? (device.snapshot_id ? 'snapshot' : 'volume')
  const id = device.uuid ?? device.volume_id ?? device.snapshot_id ?? device.image_id ?? null
  return {
    ...emptyDisk(call),
    source_type: source,
    destination_type: device.destination_type ?? (source === 'blank' || source === 'image' ? 'local' : 'volume'),
    volume_id: source === 'volume' ? id : null,
    snapshot_id: source === 'snapshot' ? id : null,
    image_id: source === 'image' ? id : null,
    volume_size: device.volume_size ?? null,
    volume_type: device.volume_type ?? null,
    boot_index: device.boot_index ?? -1,
    delete_on_termination: device.delete_on_termination ?? false,
    device_name: device.device_name ? withDev(device.device_name) : null,
    guest_format: device.guest_format ?? null,
    tag: device.tag ?? null,
  }
}

const withDev = (device: string): string => (device.startsWith('/dev/') ? device : `/dev/${device}`)

/** The disks of a new server: those asked for, the image's root, and what the flavor adds. */
export const planDisks = (call: Call, server: ServerRequest, flavor: FlavorRecord): Disk[] => {
  const asked = (server.block_device_mapping_v2 ?? []).map((device) => diskOf(call, device))
  // In the old form the first volume is booted from when there is no image.
  const legacy = (server.block_device_mapping ?? []).map((device, i) => ({
    ...diskOf(call, device),
    boot_index: i === 0 && !server.imageRef ? 0 : -1,
  }))
  const disks = [...asked, ...legacy]
  // Who lists devices in the new form has to list the image's root disk too.
  if (server.imageRef && asked.length === 0) {
    disks.unshift({
      ...emptyDisk(call),
      source_type: 'image',
      image_id: server.imageRef,
      boot_index: 0,
      delete_on_termination: true,
    })
  }
  const isBlankLocal = (disk: Disk): boolean => disk.source_type === 'blank' && disk.destination_type === 'local'
  const isSwap = (disk: Disk): boolean => isBlankLocal(disk) && disk.guest_format === 'swap'
  if (flavor.ephemeral > 0 && !disks.some((disk) => isBlankLocal(disk) && !isSwap(disk))) {
    disks.push({ ...emptyDisk(call), delete_on_termination: true, volume_size: flavor.ephemeral })
  }
  if (flavor.swap > 0 && !disks.some(isSwap)) {
    disks.push({ ...emptyDisk(call), delete_on_termination: true, guest_format: 'swap', volume_size: flavor.swap })
  }
  return disks
}

/** The image whose properties count for the server: the one asked for, or the one the boot volume was made of. */
export const bootImage = (call: Call, server: ServerRequest, disks: readonly Disk[]): ImageRecord | undefined => {
  if (server.imageRef) {
    const image = visibleImage(call, server.imageRef)
    if (!image) throw badRequest('Can not find requested image')
    return image
  }
  const root = disks.find((disk) => disk.boot_index === 0)
  if (root?.source_type === 'image' && root.image_id !== null) {
    const image = visibleImage(call, root.image_id)
    if (!image) throw invalid(`failed to get image ${root.image_id}.`)
    return image
  }
  if (root?.snapshot_id && !ownSnapshot(call, root.snapshot_id)) {
    throw badRequest(`Snapshot ${root.snapshot_id} could not be found.`)
  }
  if (root?.volume_id) {
    const volume = ownVolume(call, root.volume_id)
    if (!volume) throw invalid(`failed to get volume ${root.volume_id}.`)
    if (!volume.bootable) throw badRequest(`Block Device ${volume.id} is not bootable.`)
  }
  return undefined
}

/** A volume that the caller's project owns. */
export const ownVolume = (call: Call, id: string): VolumeRecord | undefined => {
  const volume = call.store.of(volumes).get(id)
  return volume && (volume.project_id === call.projectId || call.isAdmin) ? volume : undefined
}

const ownSnapshot = (call: Call, id: string): SnapshotRecord | undefined => {
  const snapshot = call.store.of(snapshots).get(id)
  return snapshot && (snapshot.project_id === call.projectId || call.isAdmin) ? snapshot : undefined
}

/** Refuses flavors and volumes that the image does not fit on. */
export const checkImageFits = (image: ImageRecord | undefined, flavor: FlavorRecord, disks: readonly Disk[]): void => {
  if (!image) return
  if (image.status !== 'active') throw badRequest(`Image ${image.id} is not active.`)
  if (flavor.ram < image.min_ram) throw badRequest("Flavor's memory is too small for requested image.")
  const minBytes = image.min_disk * gib
  const root = disks.find((disk) => disk.boot_index === 0)
  if (root?.destination_type === 'volume') {
    if (root.volume_size !== null && image.min_disk > root.volume_size) {
      throw badRequest(
        `Volume is smaller than the minimum size specified in image metadata. Volume size is ${root.volume_size * gib} bytes, minimum size is ${minBytes} bytes.`,
      )
    }
    return
  }
  const diskBytes = flavor.disk * gib
  if (diskBytes === 0) throw forbidden('Only volume-backed servers are allowed for flavors with zero disk.')
  if ((image.size ?? 0) > diskBytes) {
    throw badRequest(
      `Flavor's disk is too small for requested image. Flavor disk is ${diskBytes} bytes, image is ${image.size} bytes.`,
    )
  }
  if (minBytes > diskBytes) {
    throw badRequest(
      `Flavor's disk is smaller than the minimum size specified in image metadata. Flavor disk is ${diskBytes} bytes, minimum size is ${minBytes} bytes.`,
    )
  }
}

/** Checks the mappings of one server and reserves the volumes that exist, as Nova does before it answers. */
export const reserveDisks = (call: Call, serverId: string, flavor: FlavorRecord, disks: readonly Disk[]): Disk[] => {
  const order = disks.map((disk) => disk.boot_index).filter((index) => index >= 0)
  order.sort((a, b) => a - b)
  if (order.length === 0 || order.some((index, i) => index !== i)) {
    throw invalid('Boot sequence for the instance and image/block device mapping combination is not valid.')
  }
  const reserved = disks.map((disk) => reserveDisk(call, serverId, disk))
  const local = reserved.filter((disk) => disk.source_type === 'blank' && disk.destination_type === 'local')
  const swaps = local.filter((disk) => disk.guest_format === 'swap')
  const ephemeral = local.filter((disk) => disk.guest_format !== 'swap')
  if (ephemeral.reduce((sum, disk) => sum + (disk.volume_size ?? flavor.ephemeral), 0) > flavor.ephemeral) {
    throw badRequest(
      'Ephemeral disks requested are larger than the instance type allows. If no size is given in one block device mapping, flavor ephemeral size will be used.',
    )
  }
  if (swaps.length > 1) throw invalid('More than one swap drive requested.')
  if ((swaps[0]?.volume_size ?? 0) > flavor.swap) {
    throw badRequest('Swap drive requested is larger than instance type allows.')
  }
  if (reserved.filter((disk) => disk.destination_type === 'local').length > 3) {
    throw invalid('You specified more local devices than the limit allows')
  }
  return reserved
}

const reserveDisk = (call: Call, serverId: string, asked: Disk): Disk => {
  const disk = { ...asked, uuid: call.context.ids.uuid() }
  if (disk.volume_type !== null) disk.volume_type = volumeTypeName(call, disk.volume_type)
  if (disk.image_id !== null) {
    if (!visibleImage(call, disk.image_id)) throw invalid(`failed to get image ${disk.image_id}.`)
    if (disk.destination_type === 'volume' && !disk.volume_size) {
      throw badRequest("Images with destination_type 'volume' need to have a non-zero size specified")
    }
  } else if (disk.volume_id !== null) {
    const volume = ownVolume(call, disk.volume_id)
    if (!volume) throw invalid(`failed to get volume ${disk.volume_id}.`)
    return { ...disk, volume_size: volume.size, attachment_id: reserve(call, volume, serverId) }
  } else if (disk.snapshot_id !== null) {
    const snapshot = ownSnapshot(call, disk.snapshot_id)
    if (!snapshot) throw invalid(`failed to get snapshot ${disk.snapshot_id}.`)
    return { ...disk, volume_size: disk.volume_size ?? snapshot.size }
  } else if (disk.destination_type === 'volume' && !disk.volume_size) {
    throw badRequest("Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size")
  }
  return disk
}

/** Reserves a volume; Cinder's refusal arrives wrapped in Nova's words. */
export const reserve = (call: Call, volume: VolumeRecord, serverId: string): string => {
  if (volume.multiattach && !call.microversion.atLeast('2.60')) {
    throw badRequest('Multiattach volumes are only supported starting with compute API version 2.60.')
  }
  if (!volume.multiattach) {
    const holders = call.store.of(servers).where({ volume: volume.id })
    const holding = holders.flatMap((one) => (diskOfVolume(call.context, one, volume.id) ? one.id : []))
    if (holding.length > 0) {
      throw badRequest(`Invalid volume: volume ${volume.id} is already attached to instances: ${holding.join(' ')}`)
    }
  }
  try {
    return reserveVolume(call.context, volume, serverId).id
  } catch (error) {
    throw wrappedCinderError(call, error)
  }
}

/** What Nova makes of a 400 of Cinder. */
export const wrappedCinderError = (call: Call, error: unknown): unknown => {
  if (!(error instanceof ApiError) || error.status !== 400) return error
  const reason = `Invalid input received: ${error.message} (HTTP 400) (Request-ID: ${call.requestId})`
  return badRequest(`Invalid volume: ${reason}`)
}

const volumeTypeName = (call: Call, idOrName: string): string => {
  const all = call.store.of(volumeTypes)
  const type = all.get(idOrName) ?? all.find({ name: idOrName.toLowerCase() })
  if (!type) throw badRequest(`Volume type ${idOrName} could not be found.`)
  return type.name
}
