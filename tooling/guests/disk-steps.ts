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

/** Attach A and B, detach A, attach it again, reset. */
export async function takeResetSteps(stepped: SteppedVm): Promise<SeenDisks> {
  const { a, b, seen, look, attach, detach } = await startSteps(stepped)
  await attach(a)
  await attach(b)
  await detach(a)
  await attach(a)
  await look('A attached again')
  await stepped.reset()
  await stepped.booted(2, 'none')
  await look('reset')
  return seen
}

/** What a director does when a disk grows: attach A and B, detach A, reboot, attach A again, reboot. */
export async function takeDiskSteps(stepped: SteppedVm): Promise<SeenDisks> {
  const { director, vm } = stepped
  const { a, b, seen, look, attach, detach } = await startSteps(stepped)
  await look('first boot')
  await attach(a)
  await attach(b)
  await look('A and B attached')
  await detach(a)
  await look('A detached')
  await director.ask('reboot_vm', [vm])
  await stepped.booted(2, 'clean')
  await look('second boot')
  await attach(a)
  await look('A attached again')
  await director.ask('reboot_vm', [vm])
  await stepped.booted(3, 'clean')
  await look('third boot')
  return seen
}

async function startSteps(stepped: SteppedVm) {
  const { director, vm } = stepped
  const seen: Record<string, readonly SeenDisk[]> = {}
  await stepped.booted(1, 'none')
  const [a, b] = [await stepped.createDisk(), await stepped.createDisk()]
  const cids = new Map([
    [a, 'A'],
    [b, 'B'],
  ])
  const look = async (step: string) => {
    seen[step] = (await stepped.disks(cids)).toSorted((one, other) => (one.content < other.content ? -1 : 1))
  }
  const attach = async (cid: string) => stepped.added(cid, await director.ask('attach_disk', [vm, cid]))
  const detach = async (cid: string) => {
    await stepped.removed(cid)
    await director.ask('detach_disk', [vm, cid])
  }
  return { a, b, seen, look, attach, detach }
}
