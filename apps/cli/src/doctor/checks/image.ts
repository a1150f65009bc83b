import { busesRefusedForEphemeralDisks, type DriverContext, flavorNamed } from '@openstack-cpi/openstack-driver'
import { type Check, ok, problem, skipped, warning } from '../check.ts'
import { listFlavors } from './compute.ts'

export const imageChecks: readonly Check[] = [
  {
    group: 'image',
    title: 'images',
    run: async ({ ctx }) => {
      let seen = 0
      for await (const _ of ctx.services.image.images.list({ visibility: 'private' })) {
        if (++seen === 1) break // that they can be listed is all we want to know
      }
      if (ctx.config.stemcellPublicVisibility) {
        const { roles } = await ctx.services.identity.whoAmI()
        if (!roles.includes('admin')) {
          const why = 'Public images usually need administrator rights; uploads would fail with 403.'
          return [
            warning(
              'stemcell_public_visibility is set, the user is no admin',
              why,
              'Unset it, or allow publicize_image.',
            ),
          ]
        }
      }
      return [ok('images can be listed; uploading is tried by --deep')]
    },
  },
]

/** A stemcell's image that puts disks on a bus where guests name them by chance. */
interface UnstableImage {
  readonly id: string
  readonly name: string | null
  readonly bus: string
}

async function imagesWithoutStableNames({ config, services }: DriverContext): Promise<readonly UnstableImage[]> {
  const found: UnstableImage[] = []
  for (const bus of busesRefusedForEphemeralDisks(config.diskHint)) {
    for await (const image of services.image.images.list({ hw_disk_bus: bus })) {
      if (image.hw_disk_bus === bus) found.push({ id: image.id, name: image.name, bus }) // Glance may ignore the filter
    }
  }
  return found
}

/** Finds flavors that `create_vm` refuses with an image of the cloud (driver spec §8.1). */
export const ephemeralDisksCheck: Check = {
  group: 'compute',
  title: 'ephemeral disks',
  run: async ({ ctx, targets }) => {
    const all = await listFlavors(ctx)
    const flavors = targets.flavors.filter((name) => (flavorNamed(all, name)?.ephemeralGiB ?? 0) > 0)
    if (flavors.length === 0) return [skipped('no flavor named has an ephemeral disk')]
    const images = await imagesWithoutStableNames(ctx)
    const named = flavors.map((name) => `flavor ${name}`).join(', ')
    if (images.length === 0) return [ok(`${named}: no image puts disks on a bus without stable names`)]
    return images.map(({ id, name, bus }) =>
      problem(
        `${named} with image ${name ?? 'without a name'} (${id}), which has hw_disk_bus ${bus}`,
        'Guests name disks on this bus in the order in which probing ends: the agent could take the root disk for the ephemeral one and wipe it. create_vm refuses such VMs.',
        'Use flavors without an ephemeral disk with this stemcell, or a stemcell with hw_disk_bus virtio.',
      ),
    )
  },
}
