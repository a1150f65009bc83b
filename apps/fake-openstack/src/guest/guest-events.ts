import type { CloudContext } from '../kernel/cloud-context.ts'
import type { Disk, ServerRecord } from '../services/compute/records.ts'
import { disksOf } from '../services/compute/server-disks.ts'
import { type Boot, boot, connect, type DiskBus, disconnectOthers, type GuestState, neverBooted } from './disk-bus.ts'
import { compareLetters, firstFreeLetters, lettersOf } from './drive-letters.ts'

/** Key of a config drive that is shown as a disk. */
export const configDriveKey = 'config-drive'

/** Buses whose disks Linux's SCSI disk driver names. */
const scsiBuses = ['scsi', 'sata', 'ide', 'usb']

/** The bus that Nova puts disks on, from the image property `hw_disk_bus`: virtio-blk unless it says otherwise. */
export const diskBusOf = ({ image_properties }: Pick<ServerRecord, 'image_properties'>): DiskBus =>
  scsiBuses.includes(image_properties['hw_disk_bus'] ?? '') ? 'scsi' : 'virtio'

export const hasConfigDriveDisk = (context: CloudContext, server: Pick<ServerRecord, 'config_drive'>): boolean =>
  server.config_drive && context.settings.configDriveType === 'disk'

/** Root, ephemeral disks, swap, config drive, volumes: the order in which Nova writes a machine's definition. */
const writtenKeys = (context: CloudContext, server: ServerRecord, disks: readonly Disk[]): readonly string[] => {
  const isRoot = (disk: Disk): boolean => disk.boot_index === 0
  const isLocal = (disk: Disk): boolean => !isRoot(disk) && disk.destination_type === 'local'
  const isSwap = (disk: Disk): boolean => disk.guest_format === 'swap'
  const keys = (wanted: readonly Disk[]): readonly string[] => wanted.map(({ uuid }) => uuid)
  return [
    ...keys(disks.filter(isRoot)),
    ...keys(disks.filter((disk) => isLocal(disk) && !isSwap(disk))),
    ...keys(disks.filter((disk) => isLocal(disk) && isSwap(disk))),
    ...(hasConfigDriveDisk(context, server) ? [configDriveKey] : []),
    ...keys(disks.filter((disk) => !isRoot(disk) && !isLocal(disk))),
  ]
}

/**
 * The order in which a machine that is defined has its disks. libvirt sorts the disks of a bus by their target names, which
 * are Nova's; a disk that has no name at Nova takes the first one that is free. On a SCSI bus Nova itself numbers the
 * units, in the order of its definition.
 * https://github.com/libvirt/libvirt/blob/v9.0.0/src/conf/domain_conf.c (`virDomainDiskInsert`)
 */
const definedKeys = (context: CloudContext, server: ServerRecord, disks: readonly Disk[]): readonly string[] => {
  const keys = writtenKeys(context, server, disks)
  if (diskBusOf(server) === 'scsi') return keys
  const names = new Map(disks.flatMap(({ uuid, device_name: name }) => (name ? [[uuid, lettersOf(name)]] : [])))
  for (const key of keys) if (!names.has(key)) names.set(key, firstFreeLetters(new Set(names.values())))
  const nameOf = (key: string): string => names.get(key) ?? ''
  return keys.toSorted((a, b) => compareLetters(nameOf(a), nameOf(b)))
}

/**
 * The guest after a boot with these disks. A soft reboot keeps the machine (`kept`); everything else makes Nova define it
 * again (`renewed`).
 */
export const guestAfterBoot = (
  context: CloudContext,
  server: ServerRecord,
  places: Boot['places'],
  disks: readonly Disk[] = disksOf(context, server),
): GuestState =>
  boot(server.guest ?? neverBooted, { bus: diskBusOf(server), keys: definedKeys(context, server, disks), places })

/** The guest after another disk was connected; disks that were detached before are removed first. */
export const guestAfterAttach = (context: CloudContext, server: ServerRecord, disk: Disk): GuestState => {
  const connected = [...disksOf(context, server).map(({ uuid }) => uuid), configDriveKey]
  const isRunning = server.power_state === 1 || server.power_state === 3
  return connect(disconnectOthers(server.guest ?? neverBooted, connected), disk.uuid, isRunning)
}
