import { copyFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Cpi,
  type CpiCall,
  cloudError,
  diskCid,
  diskNotFound,
  isCpiError,
  type JsonObject,
  neverAborted,
  notSupported,
  type OptionalMethods,
  type Pace,
  snapshotCid,
  stemcellCid,
  vmCid,
  vmCreationFailed,
  vmNotFound,
  withRollback,
} from '@openstack-cpi/cpi-core'
import { attachedDisks, attachedTo, hint, recordAttachment, recordDetachment } from './attachments.ts'
import type { QemuConfig } from './config.ts'
import { killMachine, monitorOf, plugDisk, processOf, startMachine, unplugDisk } from './machine.ts'
import { withQmp } from './qmp.ts'
import type { Kind, Store } from './store.ts'
import { constructVm, readMachine } from './vm-folder.ts'

/** The methods that this CPI has: all but networks, which are the host's business. */
export type QemuCpi = Cpi & Pick<OptionalMethods, 'getDisks' | 'resizeDisk'>

/**
 * A CPI whose cloud is this machine: a VM is a QEMU process, a disk is a file. Made for one call.
 * Everything is under `store`; nothing else is kept.
 */
export function createQemuCpi(call: CpiCall, config: QemuConfig, store: Store): QemuCpi {
  const { log, signal } = call
  const pace: Pace = { log, signal, timeoutMs: config.timeout * 1000, pollIntervalMs: 2000 }
  const forCleanup: Pace = { ...pace, signal: neverAborted() }
  const imageOf = (kind: 'stemcell' | 'disk' | 'snapshot', id: string) => store.path(kind, id, 'image')
  const mergeMetadata = async (path: string, metadata: JsonObject) =>
    await store.writeJson(path, { ...(await store.readJson(path)), ...metadata })
  const existingVm = (vm: string): string => {
    if (!store.has('vm', vm)) throw vmNotFound(vmCid(vm))
    return store.path('vm', vm)
  }
  const existingDisk = (disk: string): void => {
    if (!store.has('disk', disk)) throw diskNotFound(diskCid(disk))
  }
  /** Creates something; a failure leaves nothing. What a killed process leaves, `removeAbandoned` finds. */
  const create = (kind: Kind, construct: (id: string, folder: string) => Promise<void>) =>
    withRollback({ log }, async (rollback) => {
      const id = store.newId(kind)
      rollback.add(`${kind} ${id}`, async () => {
        if (kind === 'vm') await killMachine(id, forCleanup)
        await store.remove(kind, id)
      })
      await store.create(kind, id, (folder) => construct(id, folder))
      signal.throwIfAborted()
      return id
    })

  return {
    createStemcell: async ({ imagePath }) =>
      stemcellCid(await create('stemcell', (_id, folder) => copyFile(imagePath, join(folder, 'image')))),
    deleteStemcell: (stemcell) => store.remove('stemcell', stemcell),

    createVm: async (request) => {
      if (!store.has('stemcell', request.stemcell)) {
        throw vmCreationFailed(`Stemcell '${request.stemcell}' does not exist`)
      }
      let networks: JsonObject = {}
      try {
        const id = await create('vm', async (vm, folder) => {
          const image = imageOf('stemcell', request.stemcell)
          networks = await constructVm({ vm, folder, image, request, config, store })
          await startMachine(config, await readMachine(store, vm, folder))
        })
        return { vm: vmCid(id), networks }
      } catch (cause) {
        if (isCpiError(cause) && cause.code === 'VmCreationFailed') throw cause
        const message = cause instanceof Error ? cause.message : String(cause)
        throw vmCreationFailed(message, { cause, okToRetry: false })
      }
    },
    deleteVm: async (vm) => {
      await killMachine(vm, pace)
      for (const disk of await attachedDisks(store, vm)) await recordDetachment(store, disk)
      await store.remove('vm', vm)
    },
    hasVm: async (vm) => store.has('vm', vm),
    rebootVm: async (vm) => {
      const folder = existingVm(vm)
      if ((await processOf(vm)) === undefined) await startMachine(config, await readMachine(store, vm, folder))
      else await withQmp(monitorOf(folder), signal, (execute) => execute('system_reset'))
    },
    setVmMetadata: (vm, metadata) => mergeMetadata(join(existingVm(vm), 'metadata.json'), metadata),

    createDisk: async ({ sizeMiB }) =>
      diskCid(
        await create('disk', async (_id, folder) => {
          await writeFile(join(folder, 'image'), '')
          await truncate(join(folder, 'image'), sizeMiB * 2 ** 20)
          await store.writeJson(join(folder, 'metadata.json'), {})
        }),
      ),
    deleteDisk: async (disk) => {
      const vm = await attachedTo(store, disk)
      if (vm !== undefined) throw cloudError(`Disk '${disk}' is attached to VM '${vm}': detach it first`)
      await store.remove('disk', disk)
    },
    hasDisk: async (disk) => store.has('disk', disk),
    attachDisk: async (vm, disk) => {
      const folder = existingVm(vm)
      existingDisk(disk)
      return await withRollback({ log }, async (rollback) => {
        // Recorded first: two calls cannot both record it, and a VM that is started again has the disk.
        if (await recordAttachment(store, vm, disk))
          rollback.add(`record of ${disk}`, () => recordDetachment(store, disk))
        if ((await processOf(vm)) !== undefined)
          await plugDisk(folder, { id: disk, path: imageOf('disk', disk) }, signal)
        return hint(disk)
      })
    },
    detachDisk: async (vm, disk) => {
      const folder = existingVm(vm)
      if ((await attachedTo(store, disk)) !== vm) return
      if ((await processOf(vm)) !== undefined) await unplugDisk(folder, disk, pace)
      await recordDetachment(store, disk)
    },
    getDisks: async (vm) => {
      existingVm(vm)
      return (await attachedDisks(store, vm)).map(diskCid)
    },
    resizeDisk: async (disk, newSizeMiB) => {
      existingDisk(disk)
      const vm = await attachedTo(store, disk)
      if (vm !== undefined) throw cloudError(`Disk '${disk}' is attached to VM '${vm}': detach it first`)
      const { size } = await stat(imageOf('disk', disk))
      if (newSizeMiB * 2 ** 20 < size) throw notSupported(`Disk '${disk}' cannot shrink to ${newSizeMiB} MiB`)
      await truncate(imageOf('disk', disk), newSizeMiB * 2 ** 20)
    },
    setDiskMetadata: (disk, metadata) => {
      existingDisk(disk)
      return mergeMetadata(store.path('disk', disk, 'metadata.json'), metadata)
    },

    snapshotDisk: async (disk) => {
      existingDisk(disk)
      const vm = await attachedTo(store, disk)
      const copy = () => create('snapshot', (_id, folder) => copyFile(imageOf('disk', disk), join(folder, 'image')))
      if (vm === undefined || (await processOf(vm)) === undefined) return snapshotCid(await copy())
      // A stopped VM has written everything that its guest was told is written.
      return await withQmp(monitorOf(store.path('vm', vm)), neverAborted(), async (execute) => {
        await execute('stop')
        try {
          return snapshotCid(await copy())
        } finally {
          await execute('cont')
        }
      })
    },
    deleteSnapshot: (snapshot) => store.remove('snapshot', snapshot),
  }
}

/** Removes what calls that were killed left under construction: processes and folders. Called before every call. */
export async function removeAbandoned(call: CpiCall, config: QemuConfig, store: Store): Promise<void> {
  const { log, signal } = call
  for (const { kind, id } of await store.abandoned()) {
    log.warn(`Removing ${kind} '${id}', left by a call that was killed`)
    if (kind === 'vm') await killMachine(id, { log, signal, timeoutMs: config.timeout * 1000, pollIntervalMs: 1000 })
    await store.remove(kind, id)
  }
}
