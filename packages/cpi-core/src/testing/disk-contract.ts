import { describe, expect, test } from 'vitest'
import type { Json } from '../model/json.ts'
import { type ContractScenario, text } from './contract-scenario.ts'

/** What contract §6.10 to §6.20 promises of disks and snapshots. */
export const describeDisksAndSnapshots = (scenario: () => ContractScenario): void => {
  describe('disks', () => {
    test('contract §6.10, §6.11, §6.12 has_disk follows the disk, and deleting it again is a success', async () => {
      const { call, deleteAgain, createDisk, expectNothingLeft } = scenario()
      const disk = await createDisk()
      expect(await call('has_disk', [disk])).toBe(true)
      expect(await call('delete_disk', [disk])).toBeNull()
      expect(await call('has_disk', [disk])).toBe(false)
      await deleteAgain('delete_disk', disk, 'Bosh::Clouds::DiskNotFound')
      await expectNothingLeft()
    })

    test('contract §6.10 a disk is made even if the VM it should be near is gone', async () => {
      const { call, createDisk, expectNothingLeft, harness } = scenario()
      const disk = await createDisk(harness.missingCid)
      await call('delete_disk', [disk])
      await expectNothingLeft()
    })

    test('contract §6.13, §6.14 attaching and detaching twice changes nothing; the hint stays the same', async () => {
      const { call, createDisk, withVm } = scenario()
      await withVm(async (vm) => {
        const disk = await createDisk(vm)
        const hint = await call('attach_disk', [vm, disk])
        expect(hint).toBeTruthy()
        expect(await call('attach_disk', [vm, disk])).toEqual(hint)
        expect(await call('attach_disk', [vm, disk], 1)).toBeNull()
        expect(await call('detach_disk', [vm, disk])).toBeNull()
        expect(await call('detach_disk', [vm, disk])).toBeNull()
        await call('delete_disk', [disk])
      })
    })

    test('contract §6.13 two disks on one VM get different hints', async () => {
      const { call, createDisk, withVm } = scenario()
      await withVm(async (vm) => {
        const disks = [await createDisk(), await createDisk()]
        const hints: Json[] = []
        for (const disk of disks) hints.push(await call('attach_disk', [vm, disk]))
        expect(hints[0]).not.toEqual(hints[1])
        for (const disk of disks) await call('detach_disk', [vm, disk])
        for (const disk of disks) await call('delete_disk', [disk])
      })
    })

    test('contract §6.13 a disk on one VM is refused by another', async () => {
      const { call, failure, createVm, createDisk, withVm } = scenario()
      await withVm(async (vm, stemcell) => {
        const other = await createVm(stemcell)
        const disk = await createDisk()
        await call('attach_disk', [vm, disk])
        expect((await failure('attach_disk', other, disk)).message).not.toBe('')
        await call('detach_disk', [vm, disk])
        await call('delete_disk', [disk])
        await call('delete_vm', [other])
      })
    })

    test('contract §6.13, §6.14 missing VMs and disks have their own error types', async () => {
      const { call, failure, createDisk, withVm, harness } = scenario()
      await withVm(async (vm) => {
        const disk = await createDisk()
        const missing = harness.missingCid
        expect((await failure('attach_disk', vm, missing)).type).toBe('Bosh::Clouds::DiskNotFound')
        expect((await failure('attach_disk', missing, disk)).type).toBe('Bosh::Clouds::VMNotFound')
        expect(await call('detach_disk', [vm, missing])).toBeNull()
        expect((await failure('detach_disk', missing, disk)).type).toBe('Bosh::Clouds::VMNotFound')
        await call('delete_disk', [disk])
      })
    })

    test('contract §6.11 a disk in use is not deleted', async () => {
      const { call, failure, createDisk, withVm } = scenario()
      await withVm(async (vm) => {
        const disk = await createDisk()
        await call('attach_disk', [vm, disk])
        expect((await failure('delete_disk', disk)).message).not.toBe('')
        expect(await call('has_disk', [disk])).toBe(true)
        await call('detach_disk', [vm, disk])
        await call('delete_disk', [disk])
      })
    })

    test('contract §6.5 a persistent disk survives its VM and can be attached to the next', async () => {
      const { call, createVm, createDisk, withVm } = scenario()
      await withVm(async (next, stemcell) => {
        const vm = await createVm(stemcell)
        const disk = await createDisk()
        await call('attach_disk', [vm, disk])
        await call('delete_vm', [vm])
        expect(await call('has_disk', [disk])).toBe(true)
        expect(await call('attach_disk', [next, disk])).toBeTruthy()
        await call('detach_disk', [next, disk])
        await call('delete_disk', [disk])
      })
    })

    test('contract §6.17 set_disk_metadata answers null for a disk and DiskNotFound for none', async () => {
      const { call, failure, createDisk, expectNothingLeft, harness } = scenario()
      const disk = await createDisk()
      expect(await call('set_disk_metadata', [disk, { director: 'd', instance_index: 0, note: null }])).toBeNull()
      await call('delete_disk', [disk])
      const { type } = await failure('set_disk_metadata', harness.missingCid, {})
      expect(type).toBe('Bosh::Clouds::DiskNotFound')
      await expectNothingLeft()
    })

    test('contract §6.18 get_disks names the persistent disks of a VM', async () => {
      const { call, failure, isOffered, createDisk, withVm, harness } = scenario()
      if (!(await isOffered('getDisks'))) {
        expect((await failure('get_disks', harness.missingCid)).type).toBe('Bosh::Clouds::NotImplemented')
        return
      }
      await withVm(async (vm) => {
        expect(await call('get_disks', [vm])).toEqual([])
        const disk = await createDisk()
        await call('attach_disk', [vm, disk])
        expect(await call('get_disks', [vm])).toEqual([disk])
        await call('detach_disk', [vm, disk])
        await call('delete_disk', [disk])
      })
    })

    test('contract §6.15 resize_disk grows, accepts the same size, and answers NotSupported to shrinking', async () => {
      const { call, failure, isOffered, createDisk, expectNothingLeft, harness } = scenario()
      const { sizeMiB } = harness.disk
      if (!(await isOffered('resizeDisk'))) {
        const { type } = await failure('resize_disk', harness.missingCid, sizeMiB)
        expect(type).toBe('Bosh::Clouds::NotImplemented')
        return
      }
      const disk = await createDisk()
      expect(await call('resize_disk', [disk, sizeMiB * 2])).toBeNull()
      expect(await call('resize_disk', [disk, sizeMiB * 2])).toBeNull()
      expect((await failure('resize_disk', disk, sizeMiB)).type).toBe('Bosh::Clouds::NotSupported')
      await call('delete_disk', [disk])
      await expectNothingLeft()
    })

    test('contract §6.16 update_disk with nothing to change keeps the disk', async () => {
      const { call, failure, isOffered, createDisk, expectNothingLeft, harness } = scenario()
      const { sizeMiB, cloudProperties } = harness.disk
      if (!(await isOffered('updateDisk'))) {
        const { type } = await failure('update_disk', harness.missingCid, sizeMiB, cloudProperties)
        expect(type).toBe('Bosh::Clouds::NotImplemented')
        return
      }
      const disk = await createDisk()
      const kept = await call('update_disk', [disk, sizeMiB, cloudProperties])
      expect([null, disk]).toContain(kept)
      await call('delete_disk', [disk])
      await expectNothingLeft()
    })
  })

  describe('snapshots', () => {
    test('contract §6.19, §6.20 a snapshot is made and deleted, and deleting it again is a success', async () => {
      const { call, deleteAgain, createDisk, expectNothingLeft } = scenario()
      const disk = await createDisk()
      const metadata = { deployment: 'd', job: 'j', index: 0, agent_id: 'self' }
      const snapshot = text(await call('snapshot_disk', [disk, metadata]))
      expect(await call('delete_snapshot', [snapshot])).toBeNull()
      await deleteAgain('delete_snapshot', snapshot, 'Bosh::Clouds::DiskNotFound')
      await call('delete_disk', [disk])
      await expectNothingLeft()
    })

    test('contract §6.19 a snapshot of no disk is DiskNotFound', async () => {
      const { failure, harness } = scenario()
      expect((await failure('snapshot_disk', harness.missingCid, {})).type).toBe('Bosh::Clouds::DiskNotFound')
    })
  })
}
