import type { CreateDisk, CreatedVm, CreateStemcell, CreateVm, NetworkDefinition } from '../../contract/cpi.ts'
import type { DiskCid, SnapshotCid, StemcellCid, VmCid } from '../../model/cid.ts'
import type { JsonObject } from '../../model/json.ts'
import { listIn, type Mistake } from './mistake.ts'

/** An `attach_disk` that keeps which disks a VM has, and their order. */
const recordingAttachments =
  (attachDisk: (vm: VmCid, disk: DiskCid) => Promise<unknown>, memory: Map<string, unknown>) =>
  async (vm: VmCid, disk: DiskCid): Promise<unknown> => {
    const hint = await attachDisk(vm, disk)
    listIn<DiskCid>(memory, vm).push(disk)
    return hint
  }

/** Mistakes by which a call changes more than the objects it names, or leaves them in another state than it found them. */
export const neighbourMistakes: readonly Mistake[] = [
  {
    name: 'delete_disk deletes all disks',
    foundBy: 'delete_disk deletes one',
    change: ({ createDisk, deleteDisk }, { memory }) => ({
      createDisk: async (request: CreateDisk) => {
        const disk = await createDisk(request)
        listIn<DiskCid>(memory, 'made').push(disk)
        return disk
      },
      deleteDisk: async (disk: DiskCid) => {
        await deleteDisk(disk)
        for (const other of listIn<DiskCid>(memory, 'made').splice(0)) await deleteDisk(other)
      },
    }),
  },
  {
    name: 'delete_stemcell deletes all stemcells',
    foundBy: 'delete_stemcell deletes one',
    change: ({ createStemcell, deleteStemcell }, { memory }) => ({
      createStemcell: async (request: CreateStemcell) => {
        const stemcell = await createStemcell(request)
        listIn<StemcellCid>(memory, 'made').push(stemcell)
        return stemcell
      },
      deleteStemcell: async (stemcell: StemcellCid) => {
        await deleteStemcell(stemcell)
        for (const other of listIn<StemcellCid>(memory, 'made').splice(0)) await deleteStemcell(other)
      },
    }),
  },
  {
    name: 'delete_snapshot deletes the disk',
    foundBy: 'snapshot_disk makes a',
    needs: 'snapshots',
    change: ({ snapshotDisk, deleteSnapshot, deleteDisk }, { memory }) => ({
      snapshotDisk: async (disk: DiskCid, metadata: JsonObject) => {
        const snapshot = await snapshotDisk(disk, metadata)
        memory.set(snapshot, disk)
        return snapshot
      },
      deleteSnapshot: async (snapshot: SnapshotCid) => {
        await deleteSnapshot(snapshot)
        const disk = memory.get(snapshot) as DiskCid | undefined
        if (disk !== undefined) await deleteDisk(disk).catch(() => undefined) // one in use stays
      },
    }),
  },
  {
    name: 'detach_disk detaches all disks of the VM',
    foundBy: 'a VM with two',
    change: ({ attachDisk, detachDisk }, { memory }) => ({
      attachDisk: recordingAttachments(attachDisk, memory),
      detachDisk: async (vm: VmCid, disk: DiskCid) => {
        for (const attached of [disk, ...listIn<DiskCid>(memory, vm).splice(0)]) await detachDisk(vm, attached)
      },
    }),
  },
  {
    name: 'attach_disk detaches the disk that the VM has',
    foundBy: 'a VM with two',
    change: ({ attachDisk, detachDisk }, { memory }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        for (const attached of listIn<DiskCid>(memory, vm).splice(0)) {
          if (attached !== disk) await detachDisk(vm, attached)
        }
        return await recordingAttachments(attachDisk, memory)(vm, disk)
      },
    }),
  },
  {
    name: 'reboot_vm detaches the disks',
    foundBy: 'reboot_vm leaves the',
    change: ({ attachDisk, detachDisk, rebootVm }, { memory }) => ({
      attachDisk: recordingAttachments(attachDisk, memory),
      rebootVm: async (vm: VmCid) => {
        for (const disk of listIn<DiskCid>(memory, vm).splice(0)) await detachDisk(vm, disk)
        await rebootVm(vm)
      },
    }),
  },
  {
    name: 'set_disk_metadata fails for an attached disk',
    foundBy: 'set_disk_metadata takes an',
    change: ({ attachDisk, setDiskMetadata }, { memory }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        memory.set(disk, vm)
        return await attachDisk(vm, disk)
      },
      setDiskMetadata: async (disk: DiskCid, metadata: JsonObject) => {
        if (memory.has(disk)) throw new Error('409: the disk is in use')
        await setDiskMetadata(disk, metadata)
      },
    }),
  },
  {
    name: 'set_vm_metadata changes all VMs',
    foundBy: 'set_vm_metadata changes one',
    probes: ['vmMetadata'],
    change: ({ createVm, setVmMetadata }, { memory }) => ({
      createVm: async (request: CreateVm) => {
        const created = await createVm(request)
        listIn<VmCid>(memory, 'made').push(created.vm)
        return created
      },
      setVmMetadata: async (vm: VmCid, metadata: JsonObject) => {
        await setVmMetadata(vm, metadata)
        for (const other of listIn<VmCid>(memory, 'made')) await setVmMetadata(other, metadata)
      },
    }),
  },
  {
    name: 'snapshot_disk powers the VM off',
    foundBy: 'snapshot_disk takes a',
    needs: 'snapshots',
    probes: ['isRunning', 'crashVm'],
    change: ({ attachDisk, snapshotDisk }, { memory, harness }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        memory.set(disk, vm)
        return await attachDisk(vm, disk)
      },
      snapshotDisk: async (disk: DiskCid, metadata: JsonObject) => {
        const snapshot = await snapshotDisk(disk, metadata)
        const vm = memory.get(disk)
        if (vm !== undefined) await harness.probes?.crashVm?.(String(vm))
        return snapshot
      },
    }),
  },
  {
    name: 'resize_disk grows a disk in use',
    foundBy: 'resize_disk refuses a',
    needs: 'resize_disk',
    change: ({ attachDisk, detachDisk, resizeDisk }, { memory }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        memory.set(disk, vm)
        return await attachDisk(vm, disk)
      },
      resizeDisk: async (disk: DiskCid, sizeMiB: number) => {
        const vm = memory.get(disk) as VmCid | undefined
        if (vm !== undefined) await detachDisk(vm, disk)
        await resizeDisk(disk, sizeMiB)
        if (vm !== undefined) await attachDisk(vm, disk)
      },
    }),
  },
  {
    name: 'all VMs get the same MAC',
    foundBy: 'each create_vm makes',
    change: ({ createVm }) => ({
      createVm: async (request: CreateVm): Promise<CreatedVm> => {
        const { vm, networks } = await createVm(request)
        const withMac = (settings: unknown) => ({ ...(settings as JsonObject), mac: 'fa:16:3e:00:00:01' })
        return { vm, networks: Object.fromEntries(Object.entries(networks).map(([name, own]) => [name, withMac(own)])) }
      },
    }),
  },
  {
    name: 'create_network answers one network to all',
    foundBy: 'create_network makes a',
    needs: 'networks',
    change: ({ createNetwork }, { memory }) => ({
      createNetwork: async (definition: NetworkDefinition) => {
        const made = listIn<unknown>(memory, 'made')
        if (made[0] === undefined) made.push(await createNetwork(definition))
        return made[0]
      },
    }),
  },
]
