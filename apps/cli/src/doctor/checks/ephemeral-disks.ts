import { busesRefusedForEphemeralDisks, type DriverContext } from '@openstack-cpi/openstack-driver'
import { type Check, ok, problem, skipped } from '../check.ts'

/** A stemcell's image that puts disks on a bus where guests name them by chance. */
interface Image {
  readonly id: string
  readonly name: string | null
  readonly bus: string
}

async function imagesWithoutStableNames({ config, services }: DriverContext): Promise<readonly Image[]> {
  const found: Image[] = []
  for (const bus of busesRefusedForEphemeralDisks(config.diskHint)) {
    for await (const image of services.image.images.list({ hw_disk_bus: bus })) {
      if (image.hw_disk_bus === bus) found.push({ id: image.id, name: image.name, bus }) // Glance may ignore the filter
    }
  }
  return found
}

async function namedFlavorsWithEphemeralDisk(ctx: DriverContext, names: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>()
  for await (const flavor of ctx.services.compute.flavors.list()) {
    const name = names.find((wanted) => wanted === flavor.name) ?? names.find((wanted) => wanted === flavor.id)
    if (name !== undefined && flavor['OS-FLV-EXT-DATA:ephemeral'] > 0) found.add(name)
  }
  return [...found]
}

/** Finds flavors that `create_vm` refuses with an image of the cloud (driver spec §8.1). */
export const ephemeralDisksCheck: Check = {
  group: 'compute',
  title: 'ephemeral disks',
  run: async ({ ctx, targets }) => {
    const flavors = await namedFlavorsWithEphemeralDisk(ctx, targets.flavors)
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
