import { CpiError } from '@openstack-cpi/cpi-core'
import type { DiskHintForm } from '../config/openstack-schema.ts'
import type { FlavorFacts } from './flavors.ts'
import { invalidVm } from './invalid-vm.ts'

/**
 * What takes device letters before the first attached volume (driver spec §8.1). Unknown flavor: the first two
 * undefined.
 */
export interface LetterTakers {
  readonly ephemeralGiB?: number
  /** Nova writes "no swap" as an empty text. */
  readonly swap?: number | string
  /** How the server's config drive is presented; undefined when it has none. */
  readonly configDrive: 'disk' | 'cdrom' | undefined
}

const devicePattern = /^\/dev\/(?:s|v|xv)d([a-z])$/

/**
 * The device an attached volume is given or presumed at, `/dev/sd<letter>`: the first letter that is free. Agents try
 * the virtio and Xen spellings of it as well. Throws `CloudError` when `z` is passed.
 */
export function firstFreeDevice(takers: LetterTakers, attachedDevices: readonly (string | null | undefined)[]): string {
  const taken = new Set(attachedDevices.map(deviceLetter))
  const fixed =
    Number((takers.ephemeralGiB ?? 0) > 0) +
    Number(Number(takers.swap ?? 0) > 0) +
    Number(takers.configDrive === 'disk')
  const letter = [...'bcdefghijklmnopqrstuvwxyz'].slice(fixed).find((candidate) => !taken.has(candidate))
  if (letter === undefined) throw new CpiError('CloudError', 'Server has too many disks attached')
  return `/dev/sd${letter}`
}

/** `c` of `/dev/vdc`; undefined for anything that is no whole disk. */
export function deviceLetter(device: string | null | undefined): string | undefined {
  return devicePattern.exec(device ?? '')?.[1]
}

const virtioBlkDisk = /^\/dev\/vd[a-z]+$/
const wholeDisk = /^\/dev\/(?:s|v|xv)d([a-z]+)$/
/** virtio-blk keeps this much of a disk's serial, which is the volume's id: VIRTIO specification, `VIRTIO_BLK_ID_BYTES`. */
const virtioSerialCharacters = 20

/**
 * The hint for the agent (driver spec §7.13, contract §8.2). A disk that Nova calls `/dev/vd…` is named by the link that
 * udev makes from its serial: Nova's letters follow the order of attachment, the guest's the place on the bus, and after
 * a detachment and a reboot they differ. Agents find SCSI disks by the volume's whole id, so the letter of those is a
 * last resort, as `/dev/sd<letters>`. Other devices are returned unchanged. Undefined when Nova names none.
 */
export function diskHint(volumeId: string, device: string | null | undefined, form: DiskHintForm): string | undefined {
  if (device === null || device === undefined || device === '') return undefined
  if (form === 'by-id' && virtioBlkDisk.test(device)) return virtioLink(volumeId)
  const letters = wholeDisk.exec(device)?.[1]
  return letters === undefined ? device : `/dev/sd${letters}`
}

function virtioLink(volumeId: string): string {
  return `/dev/disk/by-id/virtio-${volumeId.slice(0, virtioSerialCharacters)}`
}

/**
 * Values of the image property `hw_disk_bus` for which Linux's SCSI disk driver names the disks: in the order in which
 * probing ends, so that `/dev/sdb` may be the root disk at one boot and the ephemeral disk at the next.
 * https://docs.openstack.org/glance/latest/admin/useful-image-properties.html
 */
const busesNamedByProbing = ['scsi', 'sata', 'ide', 'usb'] as const

/**
 * The link that udev makes for the second disk on QEMU's SCSI controller. Nova puts the root disk on unit 0, also when it
 * is a volume, and the ephemeral disk on unit 1; libvirt names a disk without serial by its unit.
 */
const scsiEphemeralLink = '/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_drive-scsi0-0-0-1'

/** What decides about the name of the ephemeral disk. */
export interface EphemeralDiskInput {
  readonly flavor: Pick<FlavorFacts, 'name' | 'ephemeralGiB'>
  /** The stemcell's image; `diskBus` is its `hw_disk_bus`, undefined when it leaves the bus to the hypervisor. */
  readonly image: { readonly id: string; readonly diskBus?: string }
  /** `letter` where guests make no links in `/dev/disk/by-id`. */
  readonly diskHint: DiskHintForm
}

/** The values of `hw_disk_bus` with which `create_vm` refuses a flavor that has an ephemeral disk (driver spec §8.1). */
export function busesRefusedForEphemeralDisks(diskHint: DiskHintForm): readonly string[] {
  return busesNamedByProbing.filter((bus) => bus !== 'scsi' || diskHint === 'letter')
}

/**
 * The agent's ephemeral disk, or null: the agent then splits the root disk (driver spec §8.1, contract §8.1). The agent
 * wipes the disk that it finds there. Throws `VmCreationFailed`, not to be retried, where the guest's name of the disk
 * can be that of another disk.
 */
export function planEphemeralDisk({ flavor, image, diskHint }: EphemeralDiskInput): string | null {
  if (flavor.ephemeralGiB <= 0) return null
  const bus = image.diskBus?.toLowerCase() ?? 'virtio'
  if (busesRefusedForEphemeralDisks(diskHint).includes(bus)) {
    throw invalidVm(
      `Flavor '${flavor.name}' has an ephemeral disk, and image '${image.id}' puts disks on a ${bus} bus ` +
        '(hw_disk_bus), where their names in the guest can change at each boot: the agent could wipe the root disk. ' +
        'Use a flavor without an ephemeral disk (the agent then splits the root disk), or a stemcell with hw_disk_bus virtio',
    )
  }
  return bus === 'scsi' ? scsiEphemeralLink : '/dev/sdb'
}
