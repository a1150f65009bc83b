import type { CloudContext } from '../kernel/cloud-context.ts'
import { volumeAttachments } from '../services/block-storage/records.ts'
import { type Disk, type ServerRecord, servers } from '../services/compute/records.ts'
import { disksOf } from '../services/compute/server-disks.ts'
import { configDrive, type GuestDocuments, metadataService } from '../services/compute/views/guest-documents.ts'
import type { ConnectedDisk, DiskBus } from './disk-bus.ts'
import { compareLetters, lettersOf } from './drive-letters.ts'
import { configDriveKey, diskBusOf, hasConfigDriveDisk } from './guest-events.ts'

/** virtio-blk keeps this much of a serial. VIRTIO specification, `VIRTIO_BLK_ID_BYTES`. */
const virtioSerialCharacters = 20

export type GuestDiskContent = 'root' | 'ephemeral' | 'swap' | 'config-drive' | 'volume'

/** A disk as the guest's kernel and udev show it. */
export interface GuestDisk {
  /** For example `/dev/vdb`. */
  readonly device: string
  readonly bus: DiskBus
  /** As the guest reads it: the volume's id, of which virtio-blk keeps 20 characters; null for disks that have none. */
  readonly serial: string | null
  /** Links of udev that lead to it, whole paths below `/dev/disk/by-id`. */
  readonly links: readonly string[]
  readonly content: GuestDiskContent
  /** Label of its file system, where Nova makes one. */
  readonly label: string | null
  readonly sizeGiB: number | null
  readonly volumeId: string | null
  /** What Nova calls it, right or wrong; null where Nova's API does not show the disk. */
  readonly novaDevice: string | null
}

/** Files by path; JSON documents as text. */
export type GuestFiles = Readonly<Record<string, string>>

/** What a server's guest sees. */
export interface Guest {
  readonly serverId: string
  readonly isRunning: boolean
  readonly boots: number
  /** By device; empty while the guest is off. */
  readonly disks: readonly GuestDisk[]
  /** What the config drive shows; null without one. */
  readonly configDrive: { readonly type: 'cdrom' | 'disk'; readonly files: GuestFiles } | null
  /** What the metadata service answers, by path. */
  readonly metadata: GuestFiles
}

/** The guest of a server, or undefined when the server does not exist or has no host. */
export const guestOf = (context: CloudContext, serverId: string): Guest | undefined => {
  context.lifecycle.settle()
  const server = context.store.of(servers).get(serverId)
  const metadata = metadataService(context, serverId)
  if (server === undefined || metadata === undefined) return undefined
  const drive = configDrive(context, serverId)
  const isRunning = server.power_state === 1 || server.power_state === 3
  return {
    serverId,
    isRunning,
    boots: server.guest?.boots ?? 0,
    disks: isRunning ? guestDisks(context, server) : [],
    configDrive: drive === undefined ? null : { type: context.settings.configDriveType, files: textFiles(drive) },
    metadata: textFiles(metadata),
  }
}

const guestDisks = (context: CloudContext, server: ServerRecord): readonly GuestDisk[] => {
  const bus = diskBusOf(server)
  const attachments = context.store.of(volumeAttachments)
  const mappings = new Map(disksOf(context, server).map((disk) => [disk.uuid, disk]))
  const seen = (server.guest?.disks ?? []).flatMap((place): GuestDisk[] => {
    if (place.letters === null) return []
    const device = `/dev/${bus === 'virtio' ? 'v' : 's'}d${place.letters}`
    if (place.key === configDriveKey)
      return hasConfigDriveDisk(context, server) ? [configDriveDisk(bus, device, place)] : []
    const disk = mappings.get(place.key)
    if (disk === undefined) return []
    // A volume is in the guest once Cinder says that it is attached.
    if (disk.attachment_id !== null && attachments.get(disk.attachment_id)?.attach_status !== 'attached') return []
    return [guestDisk(bus, device, place, disk, server)]
  })
  return seen.toSorted((a, b) => compareLetters(lettersOf(a.device), lettersOf(b.device)))
}

const guestDisk = (bus: DiskBus, device: string, place: ConnectedDisk, disk: Disk, server: ServerRecord): GuestDisk => {
  const content = contentOf(disk)
  const sizeGiB = content === 'root' && disk.volume_size === null ? server.flavor.disk : disk.volume_size
  return {
    device,
    bus,
    ...identity(bus, place, disk.volume_id),
    content,
    label: content === 'ephemeral' ? 'ephemeral0' : null,
    sizeGiB,
    volumeId: disk.volume_id,
    novaDevice: disk.device_name,
  }
}

const configDriveDisk = (bus: DiskBus, device: string, place: ConnectedDisk): GuestDisk => ({
  device,
  bus,
  ...identity(bus, place, null),
  content: 'config-drive',
  label: 'config-2',
  sizeGiB: null,
  volumeId: null,
  novaDevice: null,
})

const contentOf = (disk: Disk): GuestDiskContent => {
  if (disk.boot_index === 0) return 'root'
  if (disk.destination_type === 'volume') return 'volume'
  return disk.guest_format === 'swap' ? 'swap' : 'ephemeral'
}

/** Nova sets the serial of volumes only; libvirt names SCSI disks without one by their unit. */
const identity = (
  bus: DiskBus,
  { place }: ConnectedDisk,
  volumeId: string | null,
): Pick<GuestDisk, 'serial' | 'links'> => {
  if (bus === 'scsi') {
    return {
      serial: volumeId,
      links: [`/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_${volumeId ?? `drive-scsi0-0-0-${place}`}`],
    }
  }
  const serial = volumeId?.slice(0, virtioSerialCharacters) ?? null
  return { serial, links: serial === null ? [] : [`/dev/disk/by-id/virtio-${serial}`] }
}

const textFiles = (files: GuestDocuments): GuestFiles =>
  Object.fromEntries(
    Object.entries(files).map(([path, content]) => {
      if (content instanceof Uint8Array) return [path, new TextDecoder().decode(content)]
      return [path, typeof content === 'string' ? content : JSON.stringify(content)]
    }),
  )
