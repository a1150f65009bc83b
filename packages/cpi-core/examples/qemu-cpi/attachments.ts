import { readFile, rm, writeFile } from 'node:fs/promises'
import { cloudError, type DiskHint, devicePath } from '@openstack-cpi/cpi-core'
import { linkInGuest } from './machine.ts'
import type { Store } from './store.ts'

// Which VM has a disk is recorded beside the disk, in one place only: a file that holds the VM's id.

const recordOf = (store: Store, disk: string): string => store.path('disk', disk, 'attached-to')

/** How the agent finds a disk, at every boot and whatever else is attached. */
export const hint = (disk: string): DiskHint => devicePath(linkInGuest(disk))

/** The VM that has a disk; undefined when none has, or when there is no such disk. */
export async function attachedTo(store: Store, disk: string): Promise<string | undefined> {
  if (!store.has('disk', disk)) return undefined
  try {
    return await readFile(recordOf(store, disk), 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** The disks of a VM. */
export async function attachedDisks(store: Store, vm: string): Promise<readonly string[]> {
  const disks: string[] = []
  for (const disk of await store.ids('disk')) if ((await attachedTo(store, disk)) === vm) disks.push(disk)
  return disks.sort()
}

/**
 * Records that a VM has a disk. Returns false when it had it before. Throws `CloudError` when another VM has it.
 */
export async function recordAttachment(store: Store, vm: string, disk: string): Promise<boolean> {
  try {
    await writeFile(recordOf(store, disk), vm, { flag: 'wx' })
    return true
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    const holder = await attachedTo(store, disk)
    if (holder !== vm) throw cloudError(`Disk '${disk}' is attached to VM '${holder}': detach it first`)
    return false
  }
}

export async function recordDetachment(store: Store, disk: string): Promise<void> {
  await rm(recordOf(store, disk), { force: true })
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
