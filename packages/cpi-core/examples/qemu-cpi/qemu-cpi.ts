import { copyFile, mkdir, readFile, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import * as core from '@openstack-cpi/cpi-core'
import { type QemuConfig, readVmProperties } from './config.ts'
import { constructVm, createImage } from './construct-vm.ts'
import { killMachine, linkInGuest, monitorOf, plugDisk, processOf, startMachine, unplugDisk } from './machine.ts'
import { withQmp } from './qmp.ts'
import { type Entry, isId, type Kind, Store } from './store.ts'

/**
 * A CPI whose cloud is this machine: a VM is a QEMU process, a disk is a file. Made for one call, it first removes what
 * calls that were killed have left. It has all methods but those for networks, which are the host's business.
 */
export async function openQemuCpi(call: core.CpiCall, config: QemuConfig): Promise<core.Cpi> {
  const { log, signal, afterAnswer } = call
  const store = new Store(config.folder)
  const pace: core.Pace = { log, signal, timeoutMs: config.timeout * 1000, pollIntervalMs: 2000 }

  /** Removes something, whatever state it is in. Nothing but what this CPI made has such an id. */
  const remove = async (kind: Kind, id: string, at = pace): Promise<void> => {
    if (!isId(id)) return
    if (kind === 'vm') {
      await killMachine(id, at)
      for (const disk of await store.disksOf(id)) await change('disk', disk, { vm: null })
    }
    await store.remove(kind, id)
  }
  /** Creates something; a failure leaves nothing. What a call leaves that is killed before its answer, the next removes. */
  const create = (kind: Kind, construct: (folder: string, id: string) => Promise<void>) =>
    core.withRollback({ log }, async (rollback) => {
      const id = store.newId(kind)
      rollback.add(`${kind} ${id}`, (uninterrupted) => remove(kind, id, { ...pace, signal: uninterrupted }))
      await mkdir(store.path(kind, id), { recursive: true })
      await construct(store.path(kind, id), id)
      signal.throwIfAborted()
      afterAnswer(() => store.write(kind, id, { metadata: {} })) // then it exists
      return id
    })
  const change = async (kind: Kind, id: string, entry: Partial<Entry>): Promise<void> =>
    await store.write(kind, id, { metadata: {}, ...(await store.read(kind, id)), ...entry })
  const existing = async (kind: Kind, id: string, missing: core.CpiError): Promise<Entry> => {
    const entry = await store.read(kind, id)
    if (entry === undefined) throw missing
    return entry
  }
  const vmEntry = (vm: core.VmCid) => existing('vm', vm, core.vmNotFound(vm))
  const diskEntry = (disk: core.DiskCid) => existing('disk', disk, core.diskNotFound(disk))
  /** The disk may be in no VM, or in this one. */
  const requireFree = (disk: core.DiskCid, { vm: holder = null }: Partial<Entry>, vm?: core.VmCid): void => {
    if (holder !== null && holder !== vm) throw core.cloudError(`Disk '${disk}' is attached to VM '${holder}'`)
  }
  const imageOf = (kind: Kind, id: string): string => store.path(kind, id, 'image')
  const isRunning = async (vm: string): Promise<boolean> => (await processOf(vm)) !== undefined

  for await (const { kind, id } of store.abandoned()) {
    log.warn(`Removing ${kind} '${id}', left by a call that was killed`)
    await remove(kind, id)
  }

  return {
    createStemcell: async ({ imagePath }) =>
      core.stemcellCid(await create('stemcell', (folder) => copyFile(imagePath, join(folder, 'image')))),
    deleteStemcell: (stemcell) => remove('stemcell', stemcell),

    createVm: async (request) => {
      const properties = readVmProperties(request.cloudProperties, call)
      if ((await store.read('stemcell', request.stemcell)) === undefined) {
        throw core.vmCreationFailed(`Stemcell '${request.stemcell}' does not exist`)
      }
      let networks: core.JsonObject = {}
      const vm = await create('vm', async (folder, id) => {
        await copyFile(imageOf('stemcell', request.stemcell), join(folder, 'root.img'))
        const made = await constructVm({ id, folder }, request, properties, config.agent)
        networks = made.networks
        signal.throwIfAborted()
        afterAnswer(await startMachine(config, folder, made.machine))
      })
      return { vm: core.vmCid(vm), networks }
    },
    deleteVm: (vm) => remove('vm', vm),
    hasVm: async (vm) => (await store.read('vm', vm)) !== undefined,
    rebootVm: async (vm) => {
      await vmEntry(vm)
      const machine = JSON.parse(await readFile(store.path('vm', vm, 'machine.json'), 'utf8'))
      const disks = (await store.disksOf(vm)).map((id) => ({ id, path: imageOf('disk', id) }))
      // A new process also where the VM runs: QEMU's reset can stop a guest for good whose BIOS is just starting.
      await killMachine(vm, pace)
      await (await startMachine(config, store.path('vm', vm), machine, disks))()
    },
    setVmMetadata: async (vm, metadata) =>
      await change('vm', vm, { metadata: { ...(await vmEntry(vm)).metadata, ...metadata } }),

    createDisk: async ({ sizeMiB }) =>
      core.diskCid(await create('disk', (folder) => createImage(join(folder, 'image'), sizeMiB))),
    deleteDisk: async (disk) => {
      requireFree(disk, (await store.read('disk', disk)) ?? {})
      await remove('disk', disk)
    },
    hasDisk: async (disk) => (await store.read('disk', disk)) !== undefined,
    attachDisk: async (vm, disk) => {
      await vmEntry(vm)
      const before = await diskEntry(disk)
      requireFree(disk, before, vm)
      await core.withRollback({ log }, async (rollback) => {
        // Recorded first: a VM that is started again has the disk.
        rollback.add(`record of ${disk}`, () => store.write('disk', disk, before))
        await change('disk', disk, { vm })
        const attached = { id: disk, path: imageOf('disk', disk) }
        if (await isRunning(vm)) await plugDisk(store.path('vm', vm), attached, signal)
      })
      return linkInGuest(disk)
    },
    detachDisk: async (vm, disk) => {
      await vmEntry(vm)
      if ((await store.read('disk', disk))?.vm !== vm) return
      if (await isRunning(vm)) await unplugDisk(store.path('vm', vm), disk, pace)
      await change('disk', disk, { vm: null })
    },
    getDisks: async (vm) => {
      await vmEntry(vm)
      return (await store.disksOf(vm)).map(core.diskCid)
    },
    resizeDisk: async (disk, newSizeMiB) => {
      requireFree(disk, await diskEntry(disk))
      const { size } = await stat(imageOf('disk', disk))
      if (newSizeMiB * 2 ** 20 < size) throw core.notSupported(`Disk '${disk}' cannot shrink to ${newSizeMiB} MiB`)
      await truncate(imageOf('disk', disk), newSizeMiB * 2 ** 20)
    },
    setDiskMetadata: async (disk, metadata) =>
      await change('disk', disk, { metadata: { ...(await diskEntry(disk)).metadata, ...metadata } }),

    snapshotDisk: async (disk) => {
      const { vm = null } = await diskEntry(disk)
      const copy = async () =>
        core.snapshotCid(await create('snapshot', (folder) => copyFile(imageOf('disk', disk), join(folder, 'image'))))
      if (vm === null || !(await isRunning(vm))) return await copy()
      // A stopped VM has written everything that its guest was told is written.
      return await withQmp(monitorOf(store.path('vm', vm)), core.neverAborted(), async (execute) => {
        await execute('stop')
        return await copy().finally(() => execute('cont'))
      })
    },
    deleteSnapshot: (snapshot) => remove('snapshot', snapshot),
  }
}
