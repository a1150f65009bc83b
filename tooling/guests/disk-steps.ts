import type { Director } from '@openstack-cpi/harness/director'

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
  /** Resolves when the guest has booted that often. */
  booted(times: number): Promise<void>
  disks(cids: ReadonlyMap<string, string>): Promise<readonly SeenDisk[]>
}

/** Replaces volume ids, whole or cut to what virtio-blk keeps, in a name of `/dev/disk/by-id`. */
export function withoutIds(link: string, cids: ReadonlyMap<string, string>): string {
  for (const [cid, name] of cids) {
    for (const id of [cid, cid.slice(0, 20)]) if (link.endsWith(id)) return `${link.slice(0, -id.length)}${name}`
  }
  return link
}

/**
 * What a director does when a disk grows: attach A and B, detach A, reboot, attach A again, reboot. Returns the guest's
 * disks after each step, by content.
 */
export async function takeDiskSteps(stepped: SteppedVm): Promise<Readonly<Record<string, readonly SeenDisk[]>>> {
  const { director, vm } = stepped
  const seen: Record<string, readonly SeenDisk[]> = {}
  await stepped.booted(1)
  const [a, b] = [await stepped.createDisk(), await stepped.createDisk()]
  const cids = new Map([
    [a, 'A'],
    [b, 'B'],
  ])
  const look = async (step: string) => {
    seen[step] = (await stepped.disks(cids)).toSorted((one, other) => (one.content < other.content ? -1 : 1))
  }
  const attach = async (cid: string) => stepped.added(cid, await director.ask('attach_disk', [vm, cid]))

  await look('first boot')
  await attach(a)
  await attach(b)
  await look('A and B attached')
  await stepped.removed(a)
  await director.ask('detach_disk', [vm, a])
  await look('A detached')
  await director.ask('reboot_vm', [vm])
  await stepped.booted(2)
  await look('second boot')
  await attach(a)
  await look('A attached again')
  await director.ask('reboot_vm', [vm])
  await stepped.booted(3)
  await look('third boot')
  return seen
}
