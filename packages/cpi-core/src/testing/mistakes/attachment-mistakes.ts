import { CpiError } from '../../errors/cpi-error.ts'
import type { DiskCid, VmCid } from '../../model/cid.ts'
import type { Mistake } from './mistake.ts'

/** Mistakes in attaching and detaching disks. */
export const attachmentMistakes: readonly Mistake[] = [
  {
    name: 'the hint is the CID of the disk',
    foundBy: 'attach_disk refuses a',
    change: ({ attachDisk }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        await attachDisk(vm, disk)
        return disk
      },
    }),
  },
  {
    name: 'the hint has a key that no agent knows',
    foundBy: 'attach_disk refuses a',
    change: ({ attachDisk }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => ({ device: await attachDisk(vm, disk) }),
    }),
  },
  {
    name: 'the hint is an empty object',
    foundBy: 'attach_disk refuses a',
    change: ({ attachDisk }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        await attachDisk(vm, disk)
        return {}
      },
    }),
  },
  {
    name: 'the hint is another one when the disk is attached already',
    foundBy: 'attach_disk refuses a',
    change: ({ attachDisk }, { memory }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        await attachDisk(vm, disk)
        memory.set('times', Number(memory.get('times') ?? 0) + 1)
        return `/dev/sd${String.fromCharCode(97 + Number(memory.get('times')))}`
      },
    }),
  },
  {
    name: 'two disks get the same hint',
    foundBy: 'two disks on',
    change: ({ attachDisk }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        await attachDisk(vm, disk)
        return '/dev/sdb'
      },
    }),
  },
  {
    name: 'attach_disk only changes the records',
    foundBy: 'attach_disk refuses a',
    change: ({ attachDisk, detachDisk }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        const hint = await attachDisk(vm, disk)
        await detachDisk(vm, disk)
        return hint
      },
    }),
  },
  {
    name: 'detach_disk only changes the records',
    foundBy: 'the guest has',
    change: ({ attachDisk, getDisks }, { memory }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        memory.delete(disk)
        return await attachDisk(vm, disk)
      },
      detachDisk: async (_vm: VmCid, disk: DiskCid) => void memory.set(disk, 'detached'),
      getDisks: async (vm: VmCid) => (await getDisks(vm)).filter((disk) => !memory.has(disk)),
    }),
  },
  {
    name: 'detach_disk takes the disk from whichever VM has it',
    foundBy: 'detach_disk does not',
    change: ({ attachDisk, detachDisk, hasVm }, { memory }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        const hint = await attachDisk(vm, disk)
        memory.set(disk, vm)
        return hint
      },
      detachDisk: async (vm: VmCid, disk: DiskCid) => {
        const holder = (await hasVm(vm)) ? memory.get(disk) : undefined
        await detachDisk((holder ?? vm) as VmCid, disk)
      },
    }),
  },
  {
    name: 'attach_disk takes a disk away from another VM',
    foundBy: 'attach_disk refuses a',
    change: ({ attachDisk, detachDisk }, { memory }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        const holder = memory.get(disk)
        if (holder !== undefined && holder !== vm) await detachDisk(holder as VmCid, disk)
        memory.set(disk, vm)
        return await attachDisk(vm, disk)
      },
    }),
  },
  {
    name: 'a disk cannot be attached a second time',
    foundBy: 'the guest has',
    change: ({ attachDisk, detachDisk }, { memory }) => ({
      attachDisk: async (vm: VmCid, disk: DiskCid) => {
        if (memory.get(disk) === 'detached') throw new Error('the device id is in use')
        memory.set(disk, 'attached')
        return await attachDisk(vm, disk)
      },
      detachDisk: async (vm: VmCid, disk: DiskCid) => {
        await detachDisk(vm, disk)
        if (memory.has(disk)) memory.set(disk, 'detached')
      },
    }),
  },
  {
    name: 'an attach_disk that fails leaves the disk attached',
    foundBy: 'an attach_disk that',
    failing: 'attach_disk',
    change: ({ attachDisk }) => ({
      attachDisk: (vm: VmCid, disk: DiskCid) =>
        attachDisk(vm, disk).catch(async (error: unknown) => {
          await attachDisk(vm, disk).catch(() => undefined) // what the failed one left
          throw error
        }),
    }),
  },
  {
    name: 'a missing disk is answered as a missing VM',
    foundBy: 'missing VMs and',
    change: ({ attachDisk }) => ({
      attachDisk: (vm: VmCid, disk: DiskCid) =>
        attachDisk(vm, disk).catch(({ message }: Error) => {
          throw new CpiError('VmNotFound', message)
        }),
    }),
  },
]
