import type { DiskHintForm } from './disk-hint.ts'
import type { FlavorFacts } from './flavor.ts'
import { invalidVm } from './invalid-vm.ts'

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
