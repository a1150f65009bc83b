import type { FlavorFacts } from '../planning/flavor.ts'
import type { Flavor } from '../services/compute/flavors.ts'

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
