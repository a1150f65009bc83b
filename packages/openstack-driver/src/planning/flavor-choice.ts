import { CpiError, type JsonObject, type VmResources } from '@openstack-cpi/cpi-core'
import { type FlavorFacts, hasFittingEphemeralDisk } from './flavor.ts'

/** What the operating system takes of a root disk. */
const osDiskGiB = 3

/**
 * The smallest flavor that gives what is wanted, as cloud properties that `create_vm` reads (driver spec §7.9).
 * Throws `CloudError`, listing the flavors, when none does.
 */
export function chooseVmCloudProperties(
  flavors: readonly FlavorFacts[],
  wanted: VmResources,
  bootFromVolume: boolean,
): JsonObject {
  const [smallest] = candidates(flavors, wanted, bootFromVolume).toSorted(bySize)
  if (smallest === undefined) throw noFlavor(flavors, wanted)
  const rootDiskGiB = osDiskGiB + wanted.ephemeralDiskMiB / 1024
  if (!bootFromVolume || smallest.diskGiB >= rootDiskGiB) return { instance_type: smallest.name }
  return { instance_type: smallest.name, root_disk: { size: Math.ceil(rootDiskGiB) } }
}

/** Whether `chooseVmCloudProperties` would find one. */
export function hasFittingFlavor(
  flavors: readonly FlavorFacts[],
  wanted: VmResources,
  bootFromVolume: boolean,
): boolean {
  return candidates(flavors, wanted, bootFromVolume).length > 0
}

function candidates(
  flavors: readonly FlavorFacts[],
  wanted: VmResources,
  bootFromVolume: boolean,
): readonly FlavorFacts[] {
  const fitting = flavors.filter(
    (flavor) => !flavor.isDisabled && flavor.vcpus >= wanted.cpu && flavor.ramMiB >= wanted.ramMiB,
  )
  if (bootFromVolume) return fitting.filter((flavor) => flavor.ephemeralGiB === 0)
  return withLocalDisks(fitting, Math.ceil(wanted.ephemeralDiskMiB / 1024))
}

/** A separate ephemeral disk if any flavor has one; else a root disk with room for both. */
function withLocalDisks(flavors: readonly FlavorFacts[], ephemeralGiB: number): readonly FlavorFacts[] {
  const usable = flavors.filter(hasFittingEphemeralDisk)
  const separate = usable.filter((flavor) => flavor.ephemeralGiB >= ephemeralGiB && flavor.diskGiB >= osDiskGiB)
  if (separate.length > 0) return separate
  return usable.filter((flavor) => flavor.ephemeralGiB === 0 && flavor.diskGiB >= ephemeralGiB + osDiskGiB)
}

function bySize(a: FlavorFacts, b: FlavorFacts): number {
  return (
    a.vcpus - b.vcpus ||
    a.ramMiB - b.ramMiB ||
    a.diskGiB + a.ephemeralGiB - (b.diskGiB + b.ephemeralGiB) ||
    a.diskGiB - b.diskGiB ||
    (a.name < b.name ? -1 : 1)
  )
}

function noFlavor(flavors: readonly FlavorFacts[], wanted: VmResources): CpiError {
  const rows = flavors
    .toSorted(bySize)
    .map((f) => `${f.name}: ${f.vcpus} CPU, ${f.ramMiB} MB RAM, ${f.diskGiB} GB disk, ${f.ephemeralGiB} GB ephemeral`)
  const diskGiB = (wanted.ephemeralDiskMiB / 1024).toFixed(1)
  return new CpiError(
    'CloudError',
    `Unable to meet requested VM requirements: ${wanted.cpu} CPU, ${wanted.ramMiB} MB RAM, ${diskGiB} GB Disk.\n` +
      `Available flavors: ${rows.length === 0 ? 'none' : `\n${rows.join('\n')}`}`,
  )
}
