import type { StemcellCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined } from '../../http/openstack-error.ts'
import type { ImageFacts } from '../../planning/boot-source.ts'
import { chooseFlavorByName, type FlavorFacts } from '../../planning/flavor.ts'
import { invalidVm } from '../../planning/invalid-vm.ts'
import { parseStemcellCid } from '../../planning/stemcell-cid.ts'
import { toFlavorFacts } from '../flavor-facts.ts'

/** The stemcell's image; must be there and active (driver spec §7.4). */
export async function findImage(ctx: DriverContext, stemcell: StemcellCid): Promise<ImageFacts> {
  const { imageId: id } = parseStemcellCid(stemcell)
  const image = await foundOrUndefined(ctx.services.image.images.show(id))
  if (image === undefined) throw invalidVm(`Image '${id}' not found`)
  if (image.status !== 'active') throw invalidVm(`Image '${id}' is ${image.status}, not active`)
  return { id, minDiskGiB: image.min_disk, virtualSizeBytes: image.virtual_size }
}

/** The flavor by name, else by id. Nova has no filter by name: reads pages until the name is found (driver spec §3.4). */
export async function findFlavor(ctx: DriverContext, instanceType: string): Promise<FlavorFacts> {
  const seen: FlavorFacts[] = []
  for await (const flavor of ctx.services.compute.flavors.list()) {
    seen.push(toFlavorFacts(flavor))
    if (flavor.name === instanceType) break
  }
  return chooseFlavorByName(seen, instanceType)
}

/** Makes sure that the key pair exists, if one is wanted. Key pairs belong to the user, not to the project. */
export async function checkKeyPair(ctx: DriverContext, name: string | undefined): Promise<void> {
  if (name === undefined) return
  const keypair = await foundOrUndefined(ctx.services.compute.keypairs.show(name))
  if (keypair === undefined) throw invalidVm(`Key-pair '${name}' not found`)
}
