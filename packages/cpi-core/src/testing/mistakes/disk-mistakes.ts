import type { CreateDisk } from '../../contract/cpi.ts'
import { cloudError, diskNotAttached, diskNotFound, vmNotFound } from '../../errors/failures.ts'
import type { DiskCid, VmCid } from '../../model/cid.ts'
import type { JsonObject } from '../../model/json.ts'
import { listIn, type Mistake } from './mistake.ts'

/** Mistakes in the methods for disks, without attaching. */
export const diskMistakes: readonly Mistake[] = [
  {
    name: 'set_disk_metadata replaces the metadata',
    foundBy: 'set_disk_metadata keeps the',
    probes: ['diskMetadata'],
    change: ({ setDiskMetadata }, { memory }) => ({
      setDiskMetadata: async (disk: DiskCid, metadata: JsonObject) => {
        await setDiskMetadata(disk, metadata)
        memory.set(disk, metadata)
      },
    }),
    shows: (_probes, memory) => ({ diskMetadata: (disk) => memory.get(disk) as JsonObject }),
  },
  {
    name: 'set_disk_metadata fails for a null value',
    foundBy: 'set_disk_metadata answers null',
    change: ({ setDiskMetadata }) => ({
      setDiskMetadata: async (disk: DiskCid, metadata: JsonObject) => {
        if (Object.values(metadata).includes(null)) throw new TypeError('cannot read properties of null')
        await setDiskMetadata(disk, metadata)
      },
    }),
  },
  {
    name: 'has_disk is false on an I/O error',
    foundBy: 'has_disk fails when',
    failing: 'has_disk',
    change: ({ hasDisk }) => ({ hasDisk: (disk: DiskCid) => hasDisk(disk).catch(() => false) }),
  },
  {
    name: 'has_disk is true for every disk',
    foundBy: 'has_disk is true',
    change: () => ({ hasDisk: async () => true }),
  },
  {
    name: 'create_disk fails when the VM it should be near is gone',
    foundBy: 'create_disk makes a disk even',
    change: ({ createDisk, hasVm }) => ({
      createDisk: async (request: CreateDisk) => {
        if (request.vm !== undefined && !(await hasVm(request.vm))) throw vmNotFound(request.vm)
        return await createDisk(request)
      },
    }),
  },
  {
    name: 'create_disk takes the size for half of it',
    foundBy: 'create_disk makes a disk of',
    probes: ['diskSizeMiB'],
    change: ({ createDisk }) => ({
      createDisk: (request: CreateDisk) => createDisk({ ...request, sizeMiB: request.sizeMiB / 2 }),
    }),
  },
  {
    name: 'create_disk takes the size for GiB',
    foundBy: 'create_disk makes a disk of',
    probes: ['diskSizeMiB'],
    change: ({ createDisk }) => ({
      createDisk: (request: CreateDisk) => createDisk({ ...request, sizeMiB: request.sizeMiB * 1024 }),
    }),
  },
  {
    name: 'create_disk in parallel answers one disk to all',
    foundBy: 'calls of create_disk',
    change: ({ createDisk }, { memory }) => ({
      createDisk: async (request: CreateDisk) => {
        const running = (memory.get('running') as Promise<DiskCid> | undefined) ?? createDisk(request)
        memory.set('running', running)
        const disk = await running
        await new Promise(setImmediate)
        memory.delete('running')
        return disk
      },
    }),
  },
  {
    name: 'a create_disk that fails leaves a disk',
    foundBy: 'a create_disk that',
    failing: 'create_disk',
    change: ({ createDisk }) => ({
      createDisk: (request: CreateDisk) =>
        createDisk(request).catch(async (error: unknown) => {
          await createDisk(request) // what the failed one left
          throw error
        }),
    }),
  },
  {
    name: 'delete_disk fails for a disk that does not exist',
    foundBy: 'has_disk is true',
    change: ({ deleteDisk, hasDisk }) => ({
      deleteDisk: async (disk: DiskCid) => {
        if (!(await hasDisk(disk))) throw new Error('404')
        await deleteDisk(disk)
      },
    }),
  },
  {
    name: 'delete_disk answers before the disk is gone',
    foundBy: 'has_disk is true',
    change: ({ deleteDisk }) => ({
      deleteDisk: async (disk: DiskCid) => void setImmediate(() => deleteDisk(disk).catch(() => undefined)),
    }),
  },
  {
    name: 'delete_disk succeeds although the cloud refused',
    foundBy: 'a delete_disk that',
    failing: 'delete_disk',
    change: ({ deleteDisk }) => ({ deleteDisk: (disk: DiskCid) => deleteDisk(disk).catch(() => undefined) }),
  },
  {
    name: 'delete_disk deletes a disk in use',
    foundBy: 'delete_disk refuses a',
    change: ({ attachDisk, detachDisk, deleteDisk }, { memory }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        memory.set(disk, vm)
        return await attachDisk(vm, disk)
      },
      deleteDisk: async (disk: DiskCid) => {
        const vm = memory.get(disk)
        if (vm !== undefined) await detachDisk(vm as VmCid, disk)
        await deleteDisk(disk)
      },
    }),
  },
  {
    name: 'resize_disk ignores that a disk is to shrink',
    foundBy: 'resize_disk grows a',
    needs: 'resize_disk',
    change: ({ resizeDisk }) => ({
      resizeDisk: (...values: Parameters<typeof resizeDisk>) => resizeDisk(...values).catch(() => undefined),
    }),
  },
  {
    name: 'resize_disk answers CloudError to shrinking',
    foundBy: 'resize_disk grows a',
    needs: 'resize_disk',
    change: ({ resizeDisk }) => ({
      resizeDisk: (...values: Parameters<typeof resizeDisk>) =>
        resizeDisk(...values).catch(({ message }: Error) => {
          throw cloudError(message)
        }),
    }),
  },
  {
    name: 'resize_disk does nothing',
    foundBy: 'resize_disk grows a',
    needs: 'resize_disk',
    probes: ['diskSizeMiB'],
    change: ({ hasDisk }) => ({
      resizeDisk: async (disk: DiskCid) => {
        if (!(await hasDisk(disk))) throw diskNotFound(disk)
      },
    }),
  },
  {
    name: 'update_disk replaces the disk and keeps the old one',
    foundBy: 'update_disk with nothing',
    needs: 'update_disk',
    change: ({ createDisk }) => ({
      updateDisk: async (_disk: DiskCid, sizeMiB: number, cloudProperties: JsonObject) =>
        await createDisk({ sizeMiB, cloudProperties }),
    }),
  },
  {
    name: 'snapshot_disk detaches the disk',
    foundBy: 'snapshot_disk takes a',
    needs: 'snapshots',
    probes: ['guestDisks'],
    change: ({ attachDisk, detachDisk, snapshotDisk }, { memory }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        memory.set(disk, vm)
        return await attachDisk(vm, disk)
      },
      snapshotDisk: async (disk: DiskCid, metadata: JsonObject) => {
        const vm = memory.get(disk)
        if (vm !== undefined) await detachDisk(vm as VmCid, disk)
        return await snapshotDisk(disk, metadata)
      },
    }),
  },
  {
    name: 'snapshot_disk answers CloudError where there is no disk',
    foundBy: 'snapshot_disk answers DiskNotFound',
    needs: 'snapshots',
    change: ({ snapshotDisk, hasDisk }) => ({
      snapshotDisk: async (disk: DiskCid, metadata: JsonObject) => {
        if (!(await hasDisk(disk))) throw cloudError('no such disk')
        return await snapshotDisk(disk, metadata)
      },
    }),
  },
  {
    name: 'snapshot_disk answers one snapshot to all',
    foundBy: 'snapshot_disk makes a',
    needs: 'snapshots',
    change: ({ snapshotDisk }, { memory }) => ({
      snapshotDisk: async (disk: DiskCid, metadata: JsonObject) => {
        const made = listIn<unknown>(memory, 'made')
        if (made[0] === undefined) made.push(await snapshotDisk(disk, metadata))
        return made[0]
      },
    }),
  },
  {
    name: 'delete_snapshot fails for a snapshot that does not exist',
    foundBy: 'snapshot_disk makes a',
    needs: 'snapshots',
    change: ({ deleteSnapshot }, { memory }) => ({
      deleteSnapshot: async (snapshot: Parameters<typeof deleteSnapshot>[0]) => {
        if (memory.has(snapshot)) throw new Error('404')
        memory.set(snapshot, 'deleted')
        await deleteSnapshot(snapshot)
      },
    }),
  },
  {
    name: 'snapshots are missing without being left out',
    foundBy: 'snapshot_disk makes a',
    needs: 'snapshots',
    change: () => ({ snapshotDisk: undefined }),
  },
  {
    name: 'get_disks names the disks of other VMs',
    foundBy: 'get_disks names the',
    needs: 'get_disks',
    change: ({ attachDisk, getDisks }, { memory }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        listIn<DiskCid>(memory, 'attached').push(disk)
        return await attachDisk(vm, disk)
      },
      getDisks: async (vm: VmCid) => [...new Set([...(await getDisks(vm)), ...listIn<DiskCid>(memory, 'attached')])],
    }),
  },
  {
    name: 'detach_disk fails for a disk that is not attached',
    foundBy: 'attaching and detaching',
    change: ({ detachDisk }, { memory }) => ({
      detachDisk: async (vm: VmCid, disk: DiskCid) => {
        if (memory.has(disk)) throw diskNotAttached(disk, vm)
        await detachDisk(vm, disk)
        memory.set(disk, 'detached')
      },
    }),
  },
]
