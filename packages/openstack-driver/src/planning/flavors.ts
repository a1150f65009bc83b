import { CpiError, type JsonObject, type VmResources } from '@openstack-cpi/cpi-core'
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

/** The flavor that `instance_type` names, or has as its id where no name matches (driver spec §5.1). */
export function flavorNamed(flavors: readonly FlavorFacts[], instanceType: string): FlavorFacts | undefined {
  return flavors.find(({ name }) => name === instanceType) ?? flavors.find(({ id }) => id === instanceType)
}

/**
 * The same, for a VM. Throws `VmCreationFailed`, not to be retried, when there is none or its ephemeral disk is too small.
 */
export function chooseFlavorByName(flavors: readonly FlavorFacts[], instanceType: string): FlavorFacts {
  const flavor = flavorNamed(flavors, instanceType)
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
