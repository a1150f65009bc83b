import type { JsonObject, VmResources } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { collect } from '../http/service-client.ts'
import type { FlavorFacts } from '../planning/flavors.ts'
import { chooseVmCloudProperties, hasFittingFlavor, toFlavorFacts } from '../planning/flavors.ts'

/**
 * The smallest flavor that gives what is wanted (driver spec §7.9). Throws `CloudError`, listing the flavors, when there
 * is none.
 */
export async function calculateVmCloudProperties(ctx: DriverContext, wanted: VmResources): Promise<JsonObject> {
  const { bootFromVolume } = ctx.config
  const withEnoughRam = await listFlavors(ctx, wanted.ramMiB)
  // Only the message of a failure needs the flavors that are too small.
  const flavors = hasFittingFlavor(withEnoughRam, wanted, bootFromVolume) ? withEnoughRam : await listFlavors(ctx, 0)
  return chooseVmCloudProperties(flavors, wanted, bootFromVolume)
}

async function listFlavors(ctx: DriverContext, minRam: number): Promise<FlavorFacts[]> {
  const { flavors } = ctx.services.compute
  return (await collect(flavors.list(minRam > 0 ? { minRam } : {}))).map(toFlavorFacts)
}
