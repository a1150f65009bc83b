import { readYaml } from '@openstack-cpi/harness/call-script'
import type { Director } from '@openstack-cpi/harness/director'
import type { DiskBus } from '@openstack-cpi/harness/stemcell'

/** A disk as a guest names it; ids of volumes are replaced by the names A and B. */
export interface SeenDisk {
  /** `vdb` */
  readonly name: string
  /** `root`, `ephemeral`, `config-drive`, `A` or `B`. */
  readonly content: string
  /** Names in `/dev/disk/by-id`. */
  readonly byId: readonly string[]
}

/** A VM whose guest can be asked for its disks; `cids` has the names A and B by their ids. */
export interface SteppedVm {
  readonly director: Director
  readonly vm: string
  createDisk(): Promise<string>
  /** Tells the guest of a disk that was attached. */
  added(cid: string, hint: unknown): Promise<void>
  /** Tells the guest of a disk that will be detached. */
  removed(cid: string): Promise<void>
  /** Resolves when the guest has booted that often; `end` is how the boot before must have ended. */
  booted(times: number, end: 'none' | 'clean'): Promise<void>
  /** Reboots the machine without its guest's help. */
  reset(): Promise<void>
  disks(cids: ReadonlyMap<string, string>): Promise<readonly SeenDisk[]>
}

type Verb = 'attach' | 'detach' | 'reboot' | 'reset' | 'look'
type Steps = readonly (readonly [verb: Verb, object: string])[]

/** The sequences of disk-steps.yaml. */
export const diskSteps: Readonly<Record<'growth' | 'reset', Steps>> = readYaml('disk-steps.yaml', import.meta.url)

/** Replaces volume ids, whole or cut to what virtio-blk keeps, in a name of `/dev/disk/by-id`. */
export function withoutIds(link: string, cids: ReadonlyMap<string, string>): string {
  for (const [cid, name] of cids) {
    for (const id of [cid, cid.slice(0, 20)]) if (link.endsWith(id)) return `${link.slice(0, -id.length)}${name}`
  }
  return link
}

/** A guest's disks after each step, by content. */
export type SeenDisks = Readonly<Record<string, readonly SeenDisk[]>>

/** What two guests must agree on. On a SCSI bus names are by chance: there the links are what holds. */
export const comparableDisks = (bus: DiskBus, seen: SeenDisks) =>
  Object.entries(seen).map(([step, disks]) => ({
    step,
    disks: disks.map(({ content, byId, name }) => ({ content, byId, ...(bus === 'virtio' ? { name } : {}) })),
  }))

/** Takes a VM through its first boot and the steps; the disks at each look. */
export async function takeSteps(stepped: SteppedVm, steps: Steps): Promise<SeenDisks> {
  const { director, vm } = stepped
  const seen: Record<string, readonly SeenDisk[]> = {}
  let boots = 1
  await stepped.booted(boots, 'none')
  const disks: Record<string, string> = { A: await stepped.createDisk(), B: await stepped.createDisk() }
  const names = new Map(Object.entries(disks).map(([name, cid]) => [cid, name]))
  const take: Record<Verb, (object: string, cid: string) => Promise<void>> = {
    attach: async (_name, cid) => stepped.added(cid, await director.ask('attach_disk', [vm, cid])),
    detach: async (_name, cid) => {
      await stepped.removed(cid)
      await director.ask('detach_disk', [vm, cid])
    },
    reboot: async () => {
      await director.ask('reboot_vm', [vm])
      await stepped.booted(++boots, 'clean')
    },
    reset: async () => {
      await stepped.reset()
      await stepped.booted(++boots, 'none')
    },
    look: async (step) => {
      seen[step] = (await stepped.disks(names)).toSorted((one, other) => (one.content < other.content ? -1 : 1))
    },
  }
  for (const [verb, object] of steps) await take[verb](object, disks[object] ?? '')
  return seen
}
