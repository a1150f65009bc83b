import type { Flavor } from '../services/compute/flavors.ts'
import { invalidVm } from './invalid-vm.ts'

/** What matters of a Nova flavor. Nova's sizes are MiB for RAM and swap, GiB for disks. */
export interface FlavorFacts {
  readonly id: string
  readonly name: string
  readonly vcpus: number
  readonly ramMiB: number
  /** Root disk; 0 for flavors that are meant to boot from a volume. */
  readonly diskGiB: number
  readonly ephemeralGiB: number
  readonly isDisabled: boolean
}

/** The ephemeral disk holds swap of RAM size and as much data: at least twice the RAM (driver spec §7.4). */
export function neededEphemeralGiB(flavor: FlavorFacts): number {
  return Math.floor(flavor.ramMiB / 1024) * 2
}

/** Whether the flavor has no ephemeral disk, or one large enough for the agent. */
export function hasFittingEphemeralDisk(flavor: FlavorFacts): boolean {
  return flavor.ephemeralGiB === 0 || flavor.ephemeralGiB >= neededEphemeralGiB(flavor)
}

/**
 * The flavor that `instance_type` names, or has as its id where no name matches (driver spec §5.1). Throws
 * `VmCreationFailed`, not to be retried, when there is none or its ephemeral disk is too small.
 */
export function chooseFlavorByName(flavors: readonly FlavorFacts[], instanceType: string): FlavorFacts {
  const flavor = flavors.find(({ name }) => name === instanceType) ?? flavors.find(({ id }) => id === instanceType)
  if (flavor === undefined) throw invalidVm(`Flavor '${instanceType}' not found`)
  if (!hasFittingEphemeralDisk(flavor)) {
    throw invalidVm(`Flavor '${flavor.name}' should have at least ${neededEphemeralGiB(flavor)} Gb of ephemeral disk`)
  }
  return flavor
}

/** Nova's flavor in our words. */
export function toFlavorFacts(flavor: Flavor): FlavorFacts {
  return {
    id: flavor.id,
    name: flavor.name,
    vcpus: flavor.vcpus,
    ramMiB: flavor.ram,
    diskGiB: flavor.disk,
    ephemeralGiB: flavor['OS-FLV-EXT-DATA:ephemeral'],
    isDisabled: flavor['OS-FLV-DISABLED:disabled'] ?? false,
  }
}
