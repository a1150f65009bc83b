import { expect } from 'vitest'
import type { ContractCase } from './contract-case.ts'
import { object, text } from './contract-scenario.ts'
import { deleteAgain } from './delete-again.ts'

/** What contract §6.15 to §6.22 promise of methods that a cloud may be unable to offer. */
export const optionalCases: readonly ContractCase[] = [
  {
    title: 'contract §6.18 get_disks names the persistent disks of a VM, and none of another VM',
    needs: 'get_disks',
    run: async ({ call, createStemcell, createVm, createDisk }) => {
      const stemcell = await createStemcell()
      const [vm, other] = [await createVm(stemcell), await createVm(stemcell)]
      expect(await call('get_disks', [vm])).toEqual([])
      const [disk, othersDisk] = [await createDisk(), await createDisk()]
      await call('attach_disk', [vm, disk])
      await call('attach_disk', [other, othersDisk])
      expect(await call('get_disks', [vm])).toEqual([disk])
      expect(await call('get_disks', [other])).toEqual([othersDisk])
      await call('detach_disk', [vm, disk])
      expect(await call('get_disks', [vm])).toEqual([])
    },
  },
  {
    title: 'contract §6.15 resize_disk grows a disk, accepts the same size, and answers NotSupported to shrinking',
    needs: 'resize_disk',
    run: async ({ call, failure, createDisk, harness }) => {
      const { sizeMiB } = harness.disk
      const disk = await createDisk()
      expect(await call('resize_disk', [disk, sizeMiB * 2])).toBeNull()
      expect(await call('resize_disk', [disk, sizeMiB * 2])).toBeNull()
      expect((await failure('resize_disk', disk, sizeMiB)).type).toBe('Bosh::Clouds::NotSupported')
      expect(await call('has_disk', [disk])).toBe(true)
      const grown = await harness.probes?.diskSizeMiB?.(disk)
      if (grown !== undefined) expect(grown).toBeGreaterThanOrEqual(sizeMiB * 2)
    },
  },
  {
    title: 'contract §6.15 resize_disk refuses a disk in use',
    needs: 'resize_disk',
    run: async ({ call, failure, createVm, createDisk, harness }) => {
      const vm = await createVm()
      const disk = await createDisk()
      await call('attach_disk', [vm, disk])
      expect((await failure('resize_disk', disk, harness.disk.sizeMiB * 2)).message).not.toBe('')
    },
  },
  {
    title: 'contract §6.15 resize_disk fails for a disk that does not exist',
    needs: 'resize_disk',
    run: async ({ failure, harness }) => {
      const { type } = await failure('resize_disk', harness.missingCid, harness.disk.sizeMiB)
      expect(['Bosh::Clouds::DiskNotFound', 'Bosh::Clouds::CloudError']).toContain(type)
    },
  },
  {
    title: 'contract §6.16 update_disk with nothing to change keeps the disk',
    needs: 'update_disk',
    run: async ({ call, createDisk, harness }) => {
      const { sizeMiB, cloudProperties } = harness.disk
      const disk = await createDisk()
      expect([null, disk]).toContain(await call('update_disk', [disk, sizeMiB, cloudProperties]))
      expect(await call('has_disk', [disk])).toBe(true)
    },
  },
  {
    title: 'contract §6.16 update_disk grows a disk, or replaces it by a larger one',
    needs: 'update_disk',
    run: async ({ call, createDisk, harness }) => {
      const { sizeMiB, cloudProperties } = harness.disk
      const disk = await createDisk()
      const replaced = await call('update_disk', [disk, sizeMiB * 2, cloudProperties])
      const updated = replaced === null ? disk : text(replaced)
      expect(await call('has_disk', [updated])).toBe(true)
      if (updated !== disk) expect(await call('has_disk', [disk])).toBe(false)
      const grown = await harness.probes?.diskSizeMiB?.(updated)
      if (grown !== undefined) expect(grown).toBeGreaterThanOrEqual(sizeMiB * 2)
    },
  },
  {
    title: 'contract §6.19, §6.20 snapshot_disk makes a snapshot, and delete_snapshot succeeds again and again',
    needs: 'snapshots',
    run: async ({ call, createDisk }) => {
      const disk = await createDisk()
      const snapshot = text(await call('snapshot_disk', [disk, metadata]))
      const second = text(await call('snapshot_disk', [disk, metadata]))
      expect(second).not.toBe(snapshot)
      await call('delete_snapshot', [second])
      expect(await call('delete_snapshot', [snapshot])).toBeNull()
      await deleteAgain(call, 'delete_snapshot', snapshot, 'Bosh::Clouds::DiskNotFound')
      expect(await call('has_disk', [disk])).toBe(true)
    },
  },
  {
    title: 'contract §6.19 snapshot_disk takes a disk that is attached, and leaves it attached and its VM running',
    needs: 'snapshots',
    run: async ({ call, createVm, createDisk, harness }) => {
      const vm = await createVm()
      const disk = await createDisk()
      const hint = await call('attach_disk', [vm, disk])
      const snapshot = text(await call('snapshot_disk', [disk, metadata]))
      expect((await harness.probes?.guestDisks?.(vm)) ?? [disk]).toEqual([disk])
      expect(await harness.probes?.isRunning?.(vm)).not.toBe(false)
      expect(await call('attach_disk', [vm, disk])).toEqual(hint)
      await call('delete_snapshot', [snapshot])
    },
  },
  {
    title: 'contract §6.19 snapshot_disk answers DiskNotFound where there is no disk',
    needs: 'snapshots',
    run: async ({ failure, harness }) => {
      const missing = await failure('snapshot_disk', harness.missingCid, {})
      expect(missing).toMatchObject({ type: 'Bosh::Clouds::DiskNotFound', ok_to_retry: false })
    },
  },
  {
    title: 'contract §6.21, §6.22 create_network makes a network and says its range, and delete_network deletes it',
    needs: 'networks',
    run: async ({ call, skip, harness }) => {
      if (harness.network === undefined) return skip("the harness has no 'network', and 'networks' is not left out")
      const created = await call('create_network', [harness.network])
      const [network, address, cloudProperties] = Array.isArray(created) ? created : []
      expect(object(address)['reserved']).toEqual(expect.any(Array))
      if (harness.network['range'] === undefined) expect(object(address)['range']).toEqual(expect.any(String))
      object(cloudProperties)
      const second = await call('create_network', [harness.network])
      expect(Array.isArray(second) ? second[0] : second).not.toBe(text(network))
      expect(await call('delete_network', [text(network)])).toBeNull()
      await deleteAgain(call, 'delete_network', text(network), 'Bosh::Clouds::NetworkNotFound')
    },
  },
]

/** As a director sends them: the index is a number. */
const metadata = { deployment: 'd', job: 'j', index: 0, agent_id: 'self' }
