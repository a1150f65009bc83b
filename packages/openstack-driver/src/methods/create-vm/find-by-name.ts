import type { StemcellCid } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined } from '../../http/openstack-error.ts'
import { collect } from '../../http/service-client.ts'
import type { ImageFacts } from '../../planning/boot-source.ts'
import { isResourceId, parseStemcellCid } from '../../planning/cids.ts'
import { chooseFlavorByName, type FlavorFacts, toFlavorFacts } from '../../planning/flavors.ts'
import { invalidVm, invalidVmProblems } from '../../planning/invalid-vm.ts'
import type { SecurityGroup } from '../../services/network/security-groups.ts'

/** The stemcell's image; must be there and active (driver spec §7.4). */
export async function findImage(ctx: DriverContext, stemcell: StemcellCid): Promise<ImageFacts> {
  const { imageId: id } = parseStemcellCid(stemcell)
  const image = await foundOrUndefined(ctx.services.image.images.show(id))
  if (image === undefined) throw invalidVm(`Image '${id}' not found`)
  if (image.status !== 'active') throw invalidVm(`Image '${id}' is ${image.status}, not active`)
  const diskBus = image.hw_disk_bus
  return {
    id,
    minDiskGiB: image.min_disk,
    virtualSizeBytes: image.virtual_size,
    ...(diskBus === undefined ? {} : { diskBus }),
  }
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

const fields = ['id', 'name', 'project_id']

/**
 * The ids of security groups given by name or id, in one or two requests however many there are (driver spec §6.1).
 * Throws `VmCreationFailed`, not to be retried, for a name that none or several of the project's groups have.
 */
export async function securityGroupIds(ctx: DriverContext, namesOrIds: readonly string[]): Promise<readonly string[]> {
  if (namesOrIds.length === 0) return []
  const { securityGroups } = ctx.services.network
  const named = await collect(securityGroups.list({ name: namesOrIds, fields }))
  // Neutron's database compares names without case; an operator who writes a name means that name.
  const byName = Map.groupBy(named, ({ name }) => name)
  const maybeIds = namesOrIds.filter((entry) => !byName.has(entry) && isResourceId(entry))
  const byId = maybeIds.length === 0 ? [] : await collect(securityGroups.list({ id: maybeIds, fields }))
  const missing = namesOrIds.filter((entry) => !byName.has(entry) && !byId.some(({ id }) => id === entry))
  if (missing.length > 0) {
    throw invalidVmProblems(
      'Security groups are missing',
      missing.map((entry) => `Security group '${entry}' not found`),
    )
  }
  const ids: string[] = []
  for (const entry of namesOrIds) ids.push(await idOf(ctx, entry, byName.get(entry) ?? []))
  return [...new Set(ids)]
}

async function idOf(ctx: DriverContext, entry: string, groups: readonly SecurityGroup[]): Promise<string> {
  const [only] = groups
  if (only === undefined) return entry
  if (groups.length === 1) return only.id
  // Groups shared by other projects may have the same name.
  const { projectId } = await ctx.services.identity.whoAmI()
  const own = groups.filter((group) => group.project_id === projectId)
  const [ours] = own
  if (ours !== undefined && own.length === 1) return ours.id
  throw invalidVm(
    `Security group name '${entry}' is ambiguous, use an id instead: ${groups.map(({ id }) => id).join(', ')}`,
  )
}
