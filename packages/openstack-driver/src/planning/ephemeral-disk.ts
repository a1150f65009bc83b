import type { FlavorFacts } from './flavor.ts'
import { invalidVm } from './invalid-vm.ts'

/**
 * Values of the image property `hw_disk_bus` for which Linux's SCSI disk driver names the disks: in the order in which
 * probing ends, so that `/dev/sdb` may be the root disk at one boot and the ephemeral disk at the next.
 * https://docs.openstack.org/glance/latest/admin/useful-image-properties.html
 */
export const busesWithoutStableNames: readonly string[] = ['scsi', 'sata', 'ide', 'usb']

/** What decides about the name of the ephemeral disk. */
export interface EphemeralDiskInput {
  readonly flavor: Pick<FlavorFacts, 'name' | 'ephemeralGiB'>
  /** The stemcell's image; `diskBus` is its `hw_disk_bus`, undefined when it leaves the bus to the hypervisor. */
  readonly image: { readonly id: string; readonly diskBus?: string }
}

/**
 * The agent's ephemeral disk, or null: the agent then splits the root disk (driver spec §8.1, contract §8.1). The agent
 * wipes the disk that it finds there. Throws `VmCreationFailed`, not to be retried, where the guest's name of the disk
 * can be that of another disk.
 */
export function planEphemeralDisk({ flavor, image }: EphemeralDiskInput): string | null {
  if (flavor.ephemeralGiB <= 0) return null
  if (image.diskBus !== undefined && busesWithoutStableNames.includes(image.diskBus.toLowerCase())) {
    throw invalidVm(
      `Flavor '${flavor.name}' has an ephemeral disk, and image '${image.id}' puts disks on a ${image.diskBus} bus ` +
        '(hw_disk_bus), where their names in the guest can change at each boot: the agent could wipe the root disk. ' +
        'Use a flavor without an ephemeral disk (the agent then splits the root disk), or a stemcell with hw_disk_bus virtio',
    )
  }
  return '/dev/sdb'
}
