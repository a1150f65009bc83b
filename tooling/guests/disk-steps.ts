import { readYaml } from '@openstack-cpi/harness/call-script'
import type { Director } from '@openstack-cpi/harness/director'
import type { DiskBus } from '@openstack-cpi/harness/stemcell'

/** What decides about the names of disks in a guest. */
export interface Machine {
  readonly bus: DiskBus
  /** The flavor has an ephemeral disk. */
  readonly ephemeral: boolean
  readonly configDrive: 'disk' | 'cdrom' | undefined
}

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
  /** Tells the guest of a disk that was attached; it is blank the first time. */
  added?(cid: string, hint: unknown, isBlank: boolean): Promise<void>
  /** Tells the guest of a disk that will be detached. */
  removed?(cid: string): Promise<void>
  /** Resolves when the guest has booted that often, with these disks; `end` is how the boot before must have ended. */
  booted(times: number, attached: readonly string[], end: 'none' | 'clean'): Promise<void>
  /** Reboots the machine without its guest's help. */
  reset(): Promise<void>
  disks(cids: ReadonlyMap<string, string>): Promise<readonly SeenDisk[]>
}

type Verb = 'attach' | 'detach' | 'reboot' | 'reset' | 'look'
/** Names of the sequences of disk-steps.yaml. */
export type StepsName = 'growth' | 'reset'
const sequences: Readonly<Record<StepsName, readonly (readonly [verb: Verb, object: string])[]>> = readYaml(
  'disk-steps.yaml',
  import.meta.url,
)

/** Replaces volume ids, whole or cut to what virtio-blk keeps, in a name of `/dev/disk/by-id`. */
export function withoutIds(link: string, cids: ReadonlyMap<string, string>): string {
  for (const [cid, name] of cids) {
    for (const id of [cid, cid.slice(0, 20)]) if (link.endsWith(id)) return `${link.slice(0, -id.length)}${name}`
  }
  return link
}

/** A guest's disks after each step, by content. */
export type SeenDisks = Readonly<Record<string, readonly SeenDisk[]>>

/** Takes a VM through its first boot and the steps; the disks at each look, and the ids of those attached at the end. */
export async function takeSteps(
  stepped: SteppedVm,
  steps: StepsName,
): Promise<{ readonly seen: SeenDisks; readonly attached: readonly string[] }> {
  const { director, vm } = stepped
  const seen: Record<string, readonly SeenDisk[]> = {}
  const attached = new Set<string>()
  let boots = 1
  await stepped.booted(boots, [], 'none')
  const disks: Record<string, string> = { A: await stepped.createDisk(), B: await stepped.createDisk() }
  const names = new Map(Object.entries(disks).map(([name, cid]) => [cid, name]))
  const blank = new Set(names.keys())
  const take: Record<Verb, (object: string, cid: string) => Promise<void>> = {
    attach: async (_name, cid) => {
      const hint = await director.ask('attach_disk', [vm, cid])
      await stepped.added?.(cid, hint, blank.delete(cid))
      attached.add(cid)
    },
    detach: async (_name, cid) => {
      await stepped.removed?.(cid)
      await director.ask('detach_disk', [vm, cid])
      attached.delete(cid)
    },
    reboot: async () => {
      await director.ask('reboot_vm', [vm])
      await stepped.booted(++boots, [...attached], 'clean')
    },
    reset: async () => {
      await stepped.reset()
      await stepped.booted(++boots, [...attached], 'none')
    },
    look: async (step) => {
      seen[step] = (await stepped.disks(names)).toSorted((one, other) => (one.content < other.content ? -1 : 1))
    },
  }
  for (const [verb, object] of sequences[steps]) await take[verb](object, disks[object] ?? '')
  return { seen, attached: [...attached] }
}
