import type { CallResult, DeadlyDirector } from './deadly-director.ts'
import type { Ledger } from './ledger.ts'

/** What one worker of the director has to do. */
export interface Work {
  readonly director: DeadlyDirector
  readonly ledger: Ledger
  /** Arguments of `create_vm` for a try; each try gets an address of its own, as the last one may still hold its. */
  readonly createVm: (attempt: number) => readonly unknown[]
}

/** As often as a director tries by default. */
const tries = 5

/** The life of a VM with a disk, as far as the calls let it come. What was not told to be gone stays in the ledger. */
export async function liveThrough({ director, ledger, createVm }: Work): Promise<void> {
  const call = async (method: string, args: readonly unknown[]): Promise<CallResult> =>
    ledger.count(method, await director.call(method, args))

  const vm = await createSomehow()
  const disk = await told('create_disk', [1024, {}, vm ?? null], ledger.disks)
  if (vm !== undefined) {
    await call('set_vm_metadata', [vm, { director: 'storm', deployment: 'storm', name: `storm/${vm}` }])
    if (disk !== undefined) {
      await call('attach_disk', [vm, disk])
      await call('set_disk_metadata', [disk, { deployment: 'storm' }])
    }
  }
  if (disk !== undefined) {
    const snapshot = await told('snapshot_disk', [disk, { deployment: 'storm' }], ledger.snapshots)
    if (snapshot !== undefined) await gone('delete_snapshot', [snapshot], ledger.snapshots)
    if (vm !== undefined) await call('detach_disk', [vm, disk])
    await gone('delete_disk', [disk], ledger.disks)
  }
  if (vm !== undefined) await gone('delete_vm', [vm], ledger.vms)

  async function createSomehow(): Promise<string | undefined> {
    for (let attempt = 0; attempt < tries; attempt++) {
      const made = await call('create_vm', createVm(attempt))
      if (made.ending === 'success') {
        const [cid] = made.result as [string] // contract §6.4
        ledger.vms.add(cid)
        return cid
      }
      if (made.ending === 'error' && made.error?.ok_to_retry === false) return undefined
    }
    return undefined
  }

  async function told(method: string, args: readonly unknown[], known: Set<string>): Promise<string | undefined> {
    const made = await call(method, args)
    if (made.ending !== 'success') return undefined
    const cid = String(made.result)
    known.add(cid)
    return cid
  }

  async function gone(method: string, args: readonly [string], known: Set<string>): Promise<void> {
    const deleted = await call(method, args)
    if (deleted.ending === 'success') known.delete(args[0])
  }
}

/** What a director does about what it still knows, once its workers live: it deletes it. Answers what would not go. */
export async function deleteKnown(director: DeadlyDirector, ledger: Ledger): Promise<readonly string[]> {
  const problems: string[] = []
  const removeAll = (method: string, known: Set<string>) =>
    Promise.all(
      [...known].map(async (cid) => {
        const { error } = await director.spare(method, [cid])
        if (error === undefined) known.delete(cid)
        else problems.push(`${method} ${cid}: ${error.type}: ${error.message}`)
      }),
    )
  await removeAll('delete_vm', ledger.vms)
  await removeAll('delete_snapshot', ledger.snapshots)
  await removeAll('delete_disk', ledger.disks)
  return problems
}
