import type { FlavorFacts } from './flavors.ts'
import { invalidVm } from './invalid-vm.ts'

const bytesPerGiB = 1024 ** 3

/** What matters of the stemcell's image when its root disk is planned. */
export interface ImageFacts {
  readonly id: string
  readonly minDiskGiB: number
  /** Of the disk inside the image; null when Glance does not know it. */
  readonly virtualSizeBytes: number | null
  /** `hw_disk_bus`; undefined when the image leaves the bus to the hypervisor. */
  readonly diskBus?: string
}

/** Where the root disk comes from (driver spec §8.2). */
export type BootSource =
  | { readonly kind: 'image' }
  | { readonly kind: 'volume'; readonly sizeGiB: number; readonly volumeType?: string }

export interface BootSourceInput {
  readonly bootFromVolume: boolean
  readonly flavor: FlavorFacts
  readonly image: ImageFacts
  readonly rootDiskSizeGiB?: number
  readonly volumeType?: string
}

/** Throws `VmCreationFailed`, not to be retried, when no size is known or the image does not fit. */
export function planBootSource(input: BootSourceInput): BootSource {
  if (!input.bootFromVolume) return { kind: 'image' }
  const { flavor } = input
  const sizeGiB = input.rootDiskSizeGiB ?? flavor.diskGiB
  if (sizeGiB === 0) {
    throw invalidVm(
      `Flavor '${flavor.name}' has a root disk size of 0. Either pick a different flavor or define root_disk.size in your VM cloud_properties`,
    )
  }
  const neededGiB = imageDiskGiB(input.image)
  if (sizeGiB < neededGiB) {
    throw invalidVm(
      `The boot volume of ${sizeGiB} GiB is too small for image '${input.image.id}', which needs ${neededGiB} GiB: set root_disk.size in your VM cloud_properties`,
    )
  }
  return { kind: 'volume', sizeGiB, ...(input.volumeType === undefined ? {} : { volumeType: input.volumeType }) }
}

function imageDiskGiB({ minDiskGiB, virtualSizeBytes }: ImageFacts): number {
  return Math.max(minDiskGiB, Math.ceil((virtualSizeBytes ?? 0) / bytesPerGiB))
}

/** One entry of `block_device_mapping_v2`. */
export interface BootMapping {
  readonly boot_index: 0
  readonly uuid: string
  readonly source_type: 'image' | 'volume'
  readonly destination_type: 'volume'
  readonly volume_size?: number
  readonly volume_type?: string
  readonly delete_on_termination: true
}

/**
 * The `block_device_mapping_v2` of a server that boots from a volume: one that Nova makes of the image, or one that
 * exists. No device name, which would be wrong for other buses than virtio. `volumeType` needs Nova 2.67.
 */
export function bootMapping(
  source:
    | { readonly imageId: string; readonly sizeGiB: number; readonly volumeType?: string }
    | { readonly volumeId: string },
): BootMapping[] {
  const common = { boot_index: 0, destination_type: 'volume', delete_on_termination: true } as const
  if ('volumeId' in source) return [{ ...common, uuid: source.volumeId, source_type: 'volume' }]
  return [
    {
      ...common,
      uuid: source.imageId,
      source_type: 'image',
      volume_size: source.sizeGiB,
      ...(source.volumeType === undefined ? {} : { volume_type: source.volumeType }),
    },
  ]
}
