import type { CreateVm } from '../../contract/cpi.ts'
import { vmNotFound } from '../../errors/failures.ts'
import type { DiskCid, VmCid } from '../../model/cid.ts'
import type { JsonObject } from '../../model/json.ts'
import { listIn, type Mistake } from './mistake.ts'

/** The probe that ends a VM, which tells the mistake which VMs it ended. */
const tellingCrashes: NonNullable<Mistake['shows']> = ({ crashVm }, memory) => ({
  crashVm: async (vm) => {
    listIn<string>(memory, 'crashed').push(vm)
    await crashVm?.(vm)
  },
})

/** Mistakes in the other methods for VMs. */
export const vmMistakes: readonly Mistake[] = [
  {
    name: 'set_vm_metadata replaces the metadata',
    foundBy: 'set_vm_metadata keeps the',
    probes: ['vmMetadata'],
    change: ({ setVmMetadata }, { memory }) => ({
      setVmMetadata: async (vm: VmCid, metadata: JsonObject) => {
        await setVmMetadata(vm, metadata)
        memory.set(vm, metadata)
      },
    }),
    shows: (_probes, memory) => ({ vmMetadata: (vm) => memory.get(vm) as JsonObject }),
  },
  {
    name: 'set_vm_metadata fails for a null value',
    foundBy: 'set_vm_metadata takes values',
    change: ({ setVmMetadata }) => ({
      setVmMetadata: async (vm: VmCid, metadata: JsonObject) => {
        if (Object.values(metadata).includes(null)) throw new TypeError('cannot read properties of null')
        await setVmMetadata(vm, metadata)
      },
    }),
  },
  {
    name: 'set_vm_metadata fails for a long value',
    foundBy: 'set_vm_metadata takes values',
    change: ({ setVmMetadata }) => ({
      setVmMetadata: async (vm: VmCid, metadata: JsonObject) => {
        if (JSON.stringify(metadata).length > 1000) throw new Error('400: too long')
        await setVmMetadata(vm, metadata)
      },
    }),
  },
  {
    name: 'set_vm_metadata succeeds for a VM that does not exist',
    foundBy: 'set_vm_metadata takes values',
    change: ({ setVmMetadata }) => ({
      setVmMetadata: (vm: VmCid, metadata: JsonObject) => setVmMetadata(vm, metadata).catch(() => undefined),
    }),
  },
  {
    name: 'has_vm is false on an I/O error',
    foundBy: 'has_vm fails when',
    failing: 'has_vm',
    change: ({ hasVm }) => ({ hasVm: (vm: VmCid) => hasVm(vm).catch(() => false) }),
  },
  { name: 'has_vm is true after the deletion', foundBy: 'has_vm is true', change: () => ({ hasVm: async () => true }) },
  { name: 'has_vm is no boolean', foundBy: 'has_vm is true', change: () => ({ hasVm: async () => 'yes' }) },
  {
    name: 'has_vm fails with VMNotFound where there is no VM',
    foundBy: 'has_vm is true',
    change: ({ hasVm }) => ({
      hasVm: async (vm: VmCid) => {
        if (!(await hasVm(vm))) throw vmNotFound(vm)
        return true
      },
    }),
  },
  {
    name: 'has_vm is false for a crashed VM',
    foundBy: 'a crashed VM exists',
    probes: ['crashVm'],
    shows: tellingCrashes,
    change: ({ hasVm }, { memory }) => ({
      hasVm: async (vm: VmCid) => !listIn<string>(memory, 'crashed').includes(vm) && (await hasVm(vm)),
    }),
  },
  {
    name: 'a crashed VM cannot be deleted',
    foundBy: 'a crashed VM exists',
    probes: ['crashVm'],
    shows: tellingCrashes,
    change: ({ deleteVm }, { memory }) => ({
      deleteVm: async (vm: VmCid) => {
        if (listIn<string>(memory, 'crashed').includes(vm)) throw new Error('connection refused')
        await deleteVm(vm)
      },
    }),
  },
  {
    name: 'a crashed VM cannot be rebooted',
    foundBy: 'reboot_vm answers null',
    probes: ['crashVm'],
    shows: tellingCrashes,
    change: ({ rebootVm }, { memory }) => ({
      rebootVm: async (vm: VmCid) => {
        if (listIn<string>(memory, 'crashed').includes(vm)) throw new Error('it does not run')
        await rebootVm(vm)
      },
    }),
  },
  {
    name: 'reboot_vm does not start a crashed VM',
    foundBy: 'reboot_vm answers null',
    probes: ['crashVm', 'isRunning'],
    change: ({ hasVm }) => ({
      rebootVm: async (vm: VmCid) => {
        if (!(await hasVm(vm))) throw vmNotFound(vm)
      },
    }),
  },
  {
    name: 'reboot_vm succeeds for a VM that does not exist',
    foundBy: 'reboot_vm answers null',
    change: ({ rebootVm }) => ({ rebootVm: (vm: VmCid) => rebootVm(vm).catch(() => undefined) }),
  },
  {
    name: 'delete_vm answers before the VM is gone',
    foundBy: 'has_vm is true',
    change: ({ deleteVm }) => ({
      deleteVm: async (vm: VmCid) => void setImmediate(() => deleteVm(vm).catch(() => undefined)),
    }),
  },
  {
    name: 'delete_vm does nothing',
    foundBy: 'has_vm is true',
    change: () => ({ deleteVm: async () => undefined }),
  },
  {
    name: 'delete_vm succeeds although the cloud refused',
    foundBy: 'a delete_vm that',
    failing: 'delete_vm',
    change: ({ deleteVm }) => ({ deleteVm: (vm: VmCid) => deleteVm(vm).catch(() => undefined) }),
  },
  {
    name: 'delete_vm fails for a VM that does not exist',
    foundBy: 'has_vm is true',
    change: ({ deleteVm, hasVm }) => ({
      deleteVm: async (vm: VmCid) => {
        if (!(await hasVm(vm))) throw new Error('404')
        await deleteVm(vm)
      },
    }),
  },
  {
    name: 'delete_vm deletes all VMs',
    foundBy: 'delete_vm deletes one',
    change: ({ createVm, deleteVm }, { memory }) => ({
      createVm: async (request: CreateVm) => {
        const created = await createVm(request)
        listIn<VmCid>(memory, 'made').push(created.vm)
        return created
      },
      deleteVm: async () => {
        for (const vm of listIn<VmCid>(memory, 'made').splice(0)) await deleteVm(vm)
      },
    }),
  },
  {
    name: 'delete_vm deletes the attached disks',
    foundBy: 'a disk of a',
    change: ({ attachDisk, deleteVm, deleteDisk }, { memory }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        listIn<DiskCid>(memory, vm).push(disk)
        return await attachDisk(vm, disk)
      },
      deleteVm: async (vm: VmCid) => {
        await deleteVm(vm)
        for (const disk of listIn<DiskCid>(memory, vm)) await deleteDisk(disk)
      },
    }),
  },
  {
    name: 'the disks of a deleted VM stay recorded as attached',
    foundBy: 'a disk of a',
    change: ({ attachDisk, detachDisk }, { memory }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        if ((memory.get(disk) ?? vm) !== vm) throw new Error(`in use by ${memory.get(disk)}`)
        memory.set(disk, vm)
        return await attachDisk(vm, disk)
      },
      detachDisk: async (vm: VmCid, disk: DiskCid) => {
        await detachDisk(vm, disk)
        if (memory.get(disk) === vm) memory.delete(disk)
      },
    }),
  },
]
