import { type DiskCid, diskCid, type VmCid } from '../../src/model/cid.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { InMemoryCpi } from '../../src/testing/in-memory-cpi.ts'
import { asNoError, type Mistake, override } from './mistake.ts'

/** Mistakes in the methods for disks and snapshots. */
export const diskMistakes: readonly Mistake[] = [
  [
    'the hint is the CID of the disk',
    (cpi) => override(cpi, { attachDisk: async (_vm: VmCid, disk: DiskCid) => disk }),
  ],
  [
    'the hint has a key that no agent knows',
    (cpi) => override(cpi, { attachDisk: async () => ({ device: '/dev/sdb' }) }),
  ],
  [
    'detach_disk only changes the books',
    (cpi) => {
      const booked = new Set<DiskCid>()
      const attach = cpi.attachDisk.bind(cpi)
      override(cpi, {
        attachDisk: async (vm: VmCid, disk: DiskCid) => {
          booked.add(disk)
          return await attach(vm, disk)
        },
        detachDisk: async (_vm: VmCid, disk: DiskCid) => void booked.delete(disk),
        getDisks: async (vm: VmCid) =>
          (await InMemoryCpi.prototype.getDisks.call(cpi, vm)).filter((d) => booked.has(d)),
      })
    },
  ],
  ['attach_disk only changes the books', (cpi) => override(cpi, { attachDisk: async () => '/dev/sdb' })],
  [
    'set_disk_metadata replaces the metadata',
    (cpi) =>
      override(cpi, {
        setDiskMetadata: async (disk: DiskCid, metadata: JsonObject) => {
          await InMemoryCpi.prototype.setDiskMetadata.call(cpi, disk, metadata)
          const found = cpi.cloud.disks.get(disk)
          if (found !== undefined) found.metadata = metadata
        },
      }),
  ],
  [
    'has_disk is false on an I/O error',
    (cpi) => {
      const has = cpi.hasDisk.bind(cpi)
      cpi.hasDisk = (disk) => asNoError(() => has(disk), false)
    },
  ],
  [
    'get_disks names the disks of other VMs',
    (cpi) => {
      cpi.getDisks = async () => [...cpi.cloud.vms.values()].flatMap(({ disks }) => disks)
    },
  ],
  [
    'create_disk fails when the VM it should be near is gone',
    (cpi) => {
      const create = cpi.createDisk.bind(cpi)
      cpi.createDisk = async (request) => {
        if (request.vm !== undefined && !cpi.cloud.vms.has(request.vm)) throw new Error('no such VM')
        return await create(request)
      }
    },
  ],
  [
    'create_disk makes a disk that is too small',
    (cpi) => {
      const create = cpi.createDisk.bind(cpi)
      cpi.createDisk = (request) => create({ ...request, sizeMiB: request.sizeMiB - 1 })
    },
  ],
  [
    'attach_disk takes a disk away from another VM',
    (cpi) => {
      const attach = cpi.attachDisk.bind(cpi)
      cpi.attachDisk = async (vm, disk) => {
        const owner = cpi.cloud.ownerOf(disk)
        if (owner !== undefined && owner !== vm) await cpi.detachDisk(owner, disk)
        return await attach(vm, disk)
      }
    },
  ],
  [
    'two disks get the same hint',
    (cpi) => {
      const attach = cpi.attachDisk.bind(cpi)
      cpi.attachDisk = async (vm, disk) => {
        await attach(vm, disk)
        return '/dev/sdb'
      }
    },
  ],
  [
    'a disk cannot be attached a second time',
    (cpi) => {
      const attach = cpi.attachDisk.bind(cpi)
      const detached = new Set<DiskCid>()
      const detach = cpi.detachDisk.bind(cpi)
      cpi.attachDisk = async (vm, disk) => {
        if (detached.has(disk)) throw new Error('the device id is in use')
        return await attach(vm, disk)
      }
      cpi.detachDisk = async (vm, disk) => {
        if (cpi.cloud.ownerOf(disk) !== undefined) detached.add(disk)
        await detach(vm, disk)
      }
    },
  ],
  [
    'delete_disk deletes a disk in use',
    (cpi) => {
      cpi.deleteDisk = async (disk) => {
        const owner = cpi.cloud.ownerOf(disk)
        if (owner !== undefined) await cpi.detachDisk(owner, disk)
        cpi.cloud.disks.delete(disk)
      }
    },
  ],
  [
    'resize_disk shrinks',
    (cpi) =>
      override(cpi, {
        resizeDisk: async (disk: DiskCid, sizeMiB: number) => {
          const found = cpi.cloud.disks.get(disk)
          if (found !== undefined) found.sizeMiB = sizeMiB
        },
      }),
  ],
  [
    'resize_disk does nothing',
    (cpi) => {
      const resize = cpi.resizeDisk.bind(cpi)
      cpi.resizeDisk = async (disk, sizeMiB) => {
        const found = cpi.cloud.disks.get(disk)
        const before = found?.sizeMiB ?? 0
        await resize(disk, sizeMiB)
        if (found !== undefined && before < 2000) found.sizeMiB = before
      }
    },
  ],
  [
    'update_disk replaces the disk and keeps the old one',
    (cpi) =>
      override(cpi, {
        updateDisk: async (_disk: DiskCid, sizeMiB: number, cloudProperties: JsonObject) =>
          await cpi.createDisk({ sizeMiB, cloudProperties }),
      }),
  ],
  [
    'snapshot_disk detaches the disk',
    (cpi) => {
      const snapshot = cpi.snapshotDisk.bind(cpi)
      cpi.snapshotDisk = async (disk, metadata) => {
        const owner = cpi.cloud.ownerOf(diskCid(disk))
        // The disk goes to the end of the VM's disks, as after another attachment; here it is simply gone.
        if (owner !== undefined) {
          await cpi.detachDisk(owner, disk)
          await cpi.attachDisk(owner, await cpi.createDisk({ sizeMiB: 1, cloudProperties: {} }))
        }
        return await snapshot(disk, metadata)
      }
    },
  ],
  ['snapshots are missing without being left out', (cpi) => override(cpi, { snapshotDisk: undefined })],
]
