import type { CrashingDirector } from './director.ts'

/** As often as a director tries by default. */
const tries = 5

/**
 * The life cycle of a VM with a disk, as far as the calls succeed. What was not deleted stays known to the director.
 * @param createVm arguments for a try; each try gets an address of its own, as the last one may still hold its address
 */
export async function runLifeCycle(
  director: CrashingDirector,
  createVm: (attempt: number) => readonly unknown[],
): Promise<void> {
  const vm = await createWithRetries(director, createVm)
  const { cid: disk } = await director.create('volumes', 'create_disk', [1024, {}, vm ?? null])
  if (vm !== undefined) {
    await director.call('set_vm_metadata', [vm, { director: 'storm', deployment: 'storm', name: `storm/${vm}` }])
    if (disk !== undefined) {
      await director.call('attach_disk', [vm, disk])
      await director.call('set_disk_metadata', [disk, { deployment: 'storm' }])
    }
  }
  if (disk !== undefined) {
    const { cid } = await director.create('snapshots', 'snapshot_disk', [disk, { deployment: 'storm' }])
    if (cid !== undefined) await director.delete('snapshots', cid)
    if (vm !== undefined) await director.call('detach_disk', [vm, disk])
    await director.delete('volumes', disk)
  }
  if (vm !== undefined) await director.delete('servers', vm)
}

async function createWithRetries(
  director: CrashingDirector,
  createVm: (attempt: number) => readonly unknown[],
): Promise<string | undefined> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const { ending, error, cid } = await director.create('servers', 'create_vm', createVm(attempt))
    if (cid !== undefined || (ending === 'error' && error?.ok_to_retry === false)) return cid
  }
  return undefined
}
