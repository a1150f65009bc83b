import { expect } from 'vitest'
import { problemOfHint } from '../model/disk-hint.ts'
import type { Json } from '../model/json.ts'
import type { ContractCase } from './contract-case.ts'
import { CpiAnswerError } from './cpi-client.ts'
import { deleteAgain } from './delete-again.ts'

/** What contract §6.10 to §6.17 promise of disks. */
export const diskCases: readonly ContractCase[] = [
  {
    title: 'contract §6.10, §6.11, §6.12 has_disk is true until delete_disk, which succeeds again and again',
    run: async ({ call, createDisk }) => {
      const disk = await createDisk()
      expect(await createDisk()).not.toBe(disk)
      expect(await call('has_disk', [disk])).toBe(true)
      expect(await call('delete_disk', [disk])).toBeNull()
      expect(await call('has_disk', [disk])).toBe(false)
      await deleteAgain(call, 'delete_disk', disk, 'Bosh::Clouds::DiskNotFound')
    },
  },
  {
    title: 'contract §6.11 delete_disk deletes one disk and no other',
    run: async ({ call, createDisk }) => {
      const [kept, deleted] = [await createDisk(), await createDisk()]
      await call('delete_disk', [deleted])
      expect(await call('has_disk', [kept])).toBe(true)
    },
  },
  {
    title: 'contract §6.11, §6.12 has_disk is false for a disk that never existed, and delete_disk succeeds',
    run: async ({ call, harness }) => {
      expect(await call('has_disk', [harness.missingCid])).toBe(false)
      await deleteAgain(call, 'delete_disk', harness.missingCid, 'Bosh::Clouds::DiskNotFound')
    },
  },
  {
    title: 'contract §6.10 create_disk makes a disk of the size asked for, in MiB, rounded up',
    run: async ({ createDisk, probe, harness }) => {
      const diskSizeMiB = probe('diskSizeMiB')
      const madeMiB = await diskSizeMiB(await createDisk())
      expect(madeMiB).toBeGreaterThanOrEqual(harness.disk.sizeMiB)
      // Clouds round up, some generously; a size in KiB or GiB is another order of magnitude.
      expect(madeMiB).toBeLessThan(harness.disk.sizeMiB * 100)
    },
  },
  {
    title: 'contract §6.10 create_disk makes a disk even if the VM it should be near does not exist',
    run: async ({ call, createDisk, harness }) => {
      expect(await call('has_disk', [await createDisk(harness.missingCid)])).toBe(true)
    },
  },
  {
    title: 'contract §2, §6.10 calls of create_disk that run in parallel make a disk each',
    run: async ({ call, createDisk }) => {
      const disks = await Promise.all([createDisk(), createDisk(), createDisk()])
      expect(new Set(disks).size).toBe(disks.length)
      for (const disk of disks) expect(await call('has_disk', [disk])).toBe(true)
    },
  },
  {
    title: 'contract §6.10 a create_disk that the cloud fails leaves nothing behind',
    run: async ({ failure, probe, skip, harness }) => {
      if (!(await probe('failNext')('create_disk'))) skip("the harness cannot fail 'create_disk'")
      await failure('create_disk', harness.disk.sizeMiB, harness.disk.cloudProperties, null)
    },
  },
  {
    title: 'contract §6.11 a delete_disk that the cloud refuses fails, and the disk is still there',
    run: async ({ call, failure, createDisk, probe, skip }) => {
      const disk = await createDisk()
      if (!(await probe('failNext')('delete_disk'))) skip("the harness cannot fail 'delete_disk'")
      await failure('delete_disk', disk)
      expect(await call('has_disk', [disk])).toBe(true)
    },
  },
  {
    title: 'contract §6.13 an attach_disk that the cloud refuses fails, and the disk is free',
    run: async ({ call, failure, createVm, createDisk, probe, skip }) => {
      const vm = await createVm()
      const disk = await createDisk()
      if (!(await probe('failNext')('attach_disk'))) skip("the harness cannot fail 'attach_disk'")
      await failure('attach_disk', vm, disk)
      expect(await call('delete_disk', [disk])).toBeNull()
    },
  },
  {
    title: 'contract §6.12 has_disk fails when the cloud cannot say whether the disk exists',
    run: async ({ failure, createDisk, probe, skip }) => {
      const disk = await createDisk()
      if (!(await probe('failNext')('has_disk'))) skip("the harness cannot fail 'has_disk'")
      await failure('has_disk', disk)
    },
  },
  {
    title: 'contract §6.13, §6.14 attaching and detaching twice changes nothing; the hint stays the same',
    run: async ({ call, createVm, createDisk }) => {
      const vm = await createVm()
      const disk = await createDisk(vm)
      const hint = await call('attach_disk', [vm, disk])
      expect(problemOfHint(hint)).toBeUndefined()
      expect(hint).not.toBe(disk)
      expect(await call('attach_disk', [vm, disk])).toEqual(hint)
      expect(await call('attach_disk', [vm, disk], 1)).toBeNull()
      expect(await call('detach_disk', [vm, disk])).toBeNull()
      expect(await call('detach_disk', [vm, disk])).toBeNull()
    },
  },
  {
    title: 'contract §6.13, §6.14 the guest has a disk while it is attached, and again after it was detached',
    run: async ({ call, createVm, createDisk, probe }) => {
      const guestDisks = probe('guestDisks')
      const vm = await createVm()
      const disk = await createDisk()
      for (const _time of ['first', 'second']) {
        await call('attach_disk', [vm, disk])
        expect(await guestDisks(vm)).toEqual([disk])
        await call('detach_disk', [vm, disk])
        expect(await guestDisks(vm)).toEqual([])
      }
    },
  },
  {
    title: 'contract §6.13, §6.14 a disk can be attached again after it was detached, to the same VM and to another',
    run: async ({ call, createStemcell, createVm, createDisk }) => {
      const stemcell = await createStemcell()
      const [vm, other] = [await createVm(stemcell), await createVm(stemcell)]
      const disk = await createDisk()
      for (const next of [vm, vm, other]) {
        expect(problemOfHint(await call('attach_disk', [next, disk]))).toBeUndefined()
        await call('detach_disk', [next, disk])
      }
    },
  },
  {
    title: 'contract §6.13 two disks on one VM get different hints',
    run: async ({ call, createVm, createDisk }) => {
      const vm = await createVm()
      const hints: Json[] = []
      for (const disk of [await createDisk(), await createDisk()]) hints.push(await call('attach_disk', [vm, disk]))
      expect(hints[0]).not.toEqual(hints[1])
    },
  },
  {
    title: 'contract §6.13, §6.14 a VM with two disks keeps the first when the second is attached and detached',
    run: async ({ call, failure, createVm, createDisk, harness }) => {
      const vm = await createVm()
      const [kept, second] = [await createDisk(), await createDisk()]
      await call('attach_disk', [vm, kept])
      await call('attach_disk', [vm, second])
      await failure('delete_disk', kept) // in use
      await call('detach_disk', [vm, second])
      await failure('delete_disk', kept)
      expect((await harness.probes?.guestDisks?.(vm)) ?? [kept]).toEqual([kept])
    },
  },
  {
    title: 'contract §6.7 reboot_vm leaves the disks of the VM attached',
    run: async ({ call, failure, createVm, createDisk, harness }) => {
      const vm = await createVm()
      const disk = await createDisk()
      await call('attach_disk', [vm, disk])
      await call('reboot_vm', [vm])
      await failure('delete_disk', disk) // in use
      expect((await harness.probes?.guestDisks?.(vm)) ?? [disk]).toEqual([disk])
    },
  },
  {
    title: 'contract §6.13 attach_disk refuses a disk that is attached to another VM, and leaves it there',
    run: async ({ call, failure, createStemcell, createVm, createDisk }) => {
      const stemcell = await createStemcell()
      const [vm, other] = [await createVm(stemcell), await createVm(stemcell)]
      const disk = await createDisk()
      const hint = await call('attach_disk', [vm, disk])
      expect((await failure('attach_disk', other, disk)).message).not.toBe('')
      expect(await call('attach_disk', [vm, disk])).toEqual(hint)
    },
  },
  {
    title: 'contract §6.14 detach_disk does not take a disk from another VM',
    run: async ({ call, failure, createStemcell, createVm, createDisk, harness }) => {
      const stemcell = await createStemcell()
      const [vm, other] = [await createVm(stemcell), await createVm(stemcell)]
      const disk = await createDisk()
      await call('attach_disk', [vm, disk])
      await call('detach_disk', [other, disk]).catch((error: unknown) => {
        if (!(error instanceof CpiAnswerError)) throw error
      })
      await failure('delete_disk', disk) // in use
      expect((await harness.probes?.guestDisks?.(vm)) ?? [disk]).toEqual([disk])
    },
  },
  {
    title: 'contract §6.13, §6.14 missing VMs and disks have their own error types, which are not to be retried',
    run: async ({ call, failure, createVm, createDisk, harness }) => {
      const vm = await createVm()
      const disk = await createDisk()
      const missing = harness.missingCid
      const noDisk = await failure('attach_disk', vm, missing)
      expect(noDisk).toMatchObject({ type: 'Bosh::Clouds::DiskNotFound', ok_to_retry: false })
      expect((await failure('attach_disk', missing, disk)).type).toBe('Bosh::Clouds::VMNotFound')
      expect(await call('detach_disk', [vm, missing])).toBeNull()
      expect((await failure('detach_disk', missing, disk)).type).toBe('Bosh::Clouds::VMNotFound')
    },
  },
  {
    title: 'contract §6.11 delete_disk refuses a disk in use',
    run: async ({ call, failure, createVm, createDisk }) => {
      const vm = await createVm()
      const disk = await createDisk()
      await call('attach_disk', [vm, disk])
      expect((await failure('delete_disk', disk)).message).not.toBe('')
      expect(await call('has_disk', [disk])).toBe(true)
    },
  },
  {
    title: 'contract §6.5 a persistent disk survives its VM and can be attached to the next',
    run: async ({ call, createStemcell, createVm, createDisk }) => {
      const stemcell = await createStemcell()
      const [vm, next] = [await createVm(stemcell), await createVm(stemcell)]
      const disk = await createDisk()
      await call('attach_disk', [vm, disk])
      await call('delete_vm', [vm])
      expect(await call('has_disk', [disk])).toBe(true)
      expect(problemOfHint(await call('attach_disk', [next, disk]))).toBeUndefined()
    },
  },
  {
    title: 'contract §6.17 set_disk_metadata answers null for a disk and DiskNotFound where there is none',
    run: async ({ call, failure, createDisk, harness }) => {
      const disk = await createDisk()
      expect(await call('set_disk_metadata', [disk, { director: 'd', instance_index: 0, note: null }])).toBeNull()
      const missing = await failure('set_disk_metadata', harness.missingCid, {})
      expect(missing).toMatchObject({ type: 'Bosh::Clouds::DiskNotFound', ok_to_retry: false })
    },
  },
  {
    title: 'contract §6.17 set_disk_metadata takes an attached disk: a director calls it after each attach_disk',
    run: async ({ call, createVm, createDisk }) => {
      const vm = await createVm()
      const disk = await createDisk()
      await call('attach_disk', [vm, disk])
      expect(await call('set_disk_metadata', [disk, { director: 'd', attached_at: 'now' }])).toBeNull()
    },
  },
  {
    title: 'contract §6.17 set_disk_metadata keeps the metadata it does not name',
    run: async ({ call, createDisk, probe }) => {
      const diskMetadata = probe('diskMetadata')
      const disk = await createDisk()
      await call('set_disk_metadata', [disk, { deployment: 'first', instance_group: 'kept' }])
      await call('set_disk_metadata', [disk, { deployment: 'second' }])
      expect(await diskMetadata(disk)).toMatchObject({ deployment: 'second', instance_group: 'kept' })
    },
  },
]
