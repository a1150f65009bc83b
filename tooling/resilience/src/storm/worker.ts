import type { CallResult, CrashingDirector } from './crashing-director.ts'
import type { ExpectedState } from './expected-state.ts'

/** The task of one worker of the director. */
export interface Work {
  readonly director: CrashingDirector
  readonly expected: ExpectedState
  /** Arguments of `create_vm` for a try; each try gets an address of its own, as the last one may still hold its address. */
  readonly createVm: (attempt: number) => readonly unknown[]
}

/** As often as a director tries by default. */
const tries = 5

/** The life cycle of a VM with a disk, as far as the calls succeed. What was not deleted stays in the expected state. */
export async function runLifeCycle({ director, expected, createVm }: Work): Promise<void> {
  const call = async (method: string, args: readonly unknown[]): Promise<CallResult> =>
    expected.count(method, await director.call(method, args))

  const vm = await createWithRetries()
  const disk = await create('create_disk', [1024, {}, vm ?? null], expected.disks)
  if (vm !== undefined) {
    await call('set_vm_metadata', [vm, { director: 'storm', deployment: 'storm', name: `storm/${vm}` }])
    if (disk !== undefined) {
      await call('attach_disk', [vm, disk])
      await call('set_disk_metadata', [disk, { deployment: 'storm' }])
    }
  }
  if (disk !== undefined) {
    const snapshot = await create('snapshot_disk', [disk, { deployment: 'storm' }], expected.snapshots)
    if (snapshot !== undefined) await remove('delete_snapshot', [snapshot], expected.snapshots)
    if (vm !== undefined) await call('detach_disk', [vm, disk])
    await remove('delete_disk', [disk], expected.disks)
  }
  if (vm !== undefined) await remove('delete_vm', [vm], expected.vms)

  async function createWithRetries(): Promise<string | undefined> {
    for (let attempt = 0; attempt < tries; attempt++) {
      const made = await call('create_vm', createVm(attempt))
      if (made.ending === 'success') {
        const [cid] = made.result as [string] // contract §6.4
        expected.vms.add(cid)
        return cid
      }
      if (made.ending === 'error' && made.error?.ok_to_retry === false) return undefined
    }
    return undefined
  }

  async function create(method: string, args: readonly unknown[], known: Set<string>): Promise<string | undefined> {
    const made = await call(method, args)
    if (made.ending !== 'success') return undefined
    const cid = String(made.result)
    known.add(cid)
    return cid
  }

  async function remove(method: string, args: readonly [string], known: Set<string>): Promise<void> {
    const deleted = await call(method, args)
    if (deleted.ending === 'success') known.delete(args[0])
  }
}

/** Deletes what the director still knows, without kills. Returns what could not be deleted. */
export async function deleteKnown(director: CrashingDirector, expected: ExpectedState): Promise<readonly string[]> {
  const problems: string[] = []
  const removeAll = (method: string, known: Set<string>) =>
    Promise.all(
      [...known].map(async (cid) => {
        const { error } = await director.callToEnd(method, [cid])
        if (error === undefined) known.delete(cid)
        else problems.push(`${method} ${cid}: ${error.type}: ${error.message}`)
      }),
    )
  await removeAll('delete_vm', expected.vms)
  await removeAll('delete_snapshot', expected.snapshots)
  await removeAll('delete_disk', expected.disks)
  return problems
}
