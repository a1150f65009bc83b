import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Cpi } from '../contract/cpi.ts'
import type { WireError } from '../errors/to-wire.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { CpiAnswerError, type CpiClient, createCpiClient } from './cpi-client.ts'

/** One cloud under test, and what the suite must know of it. Made anew for each test. */
export interface CpiContractHarness {
  /** A driver of this cloud; asked for before each call, since each call of a director is a process of its own. */
  createCpi(): Promise<Cpi> | Cpi
  /** Arguments of `create_stemcell` that work. */
  readonly stemcell: { readonly imagePath: string; readonly cloudProperties: JsonObject }
  /** Arguments of `create_vm` that work; `networks` as on the wire. */
  readonly vm: { readonly cloudProperties: JsonObject; readonly networks: JsonObject; readonly env?: JsonObject }
  /** Arguments of `create_disk` that work. */
  readonly disk: { readonly sizeMiB: number; readonly cloudProperties: JsonObject }
  /** A CID in this cloud's form that names nothing, of any kind. */
  readonly missingCid: string
  /** A `create_vm` that this cloud refuses, by cloud properties. Without it the failed create is tried with no stemcell. */
  readonly refusedVmCloudProperties?: JsonObject
  /** Arguments of `create_network` that work; without them networks are not tried. */
  readonly network?: JsonObject
  /** Names all that exists beyond what the harness began with; when given, every test must end with none. */
  leftovers?(): Promise<readonly string[]> | readonly string[]
  close?(): Promise<void> | void
}

/**
 * The promises every CPI makes to its callers (contract §6), as tests against a driver: shapes, idempotence, error
 * types, nothing left behind. Call it at the top level of a vitest file. Optional methods a driver leaves out are
 * expected to answer `NotImplemented`.
 */
export const describeCpiContract = (
  name: string,
  makeHarness: () => Promise<CpiContractHarness> | CpiContractHarness,
): void => {
  describe(`CPI contract: ${name}`, () => {
    let harness: CpiContractHarness
    let client: CpiClient
    const call: CpiClient['call'] = (...request) => client.call(...request)

    beforeEach(async () => {
      harness = await makeHarness()
      client = createCpiClient(() => harness.createCpi())
    })
    afterEach(async () => {
      await harness.close?.()
    })

    /** Also proves that what a test made can be unmade without a trace. */
    const expectNothingLeft = async (): Promise<void> => {
      if (harness.leftovers !== undefined) expect(await harness.leftovers()).toEqual([])
    }
    const failure = async (method: string, ...values: Json[]): Promise<WireError> => {
      try {
        await call(method, values)
      } catch (error) {
        if (error instanceof CpiAnswerError) return error.answer
        throw error
      }
      throw new Error(`${method} was expected to fail`)
    }
    const isOffered = async (method: keyof Cpi): Promise<boolean> => method in (await harness.createCpi())

    const createStemcell = async (): Promise<string> =>
      text(await call('create_stemcell', [harness.stemcell.imagePath, harness.stemcell.cloudProperties]))
    const vmArguments = (stemcell: string, cloudProperties = harness.vm.cloudProperties): Json[] => {
      const { networks, env = null } = harness.vm
      return ['agent-007', stemcell, cloudProperties, networks, [], env]
    }
    const createVm = async (stemcell: string): Promise<string> => {
      const created = await call('create_vm', vmArguments(stemcell))
      expect(created).toEqual([expect.any(String), expect.any(Object)])
      return text(Array.isArray(created) ? created[0] : created)
    }
    const createDisk = async (near: string | null = null): Promise<string> =>
      text(await call('create_disk', [harness.disk.sizeMiB, harness.disk.cloudProperties, near]))
    const withVm = async (use: (vm: string, stemcell: string) => Promise<void>): Promise<void> => {
      const stemcell = await createStemcell()
      const vm = await createVm(stemcell)
      await use(vm, stemcell)
      await call('delete_vm', [vm])
      await call('delete_stemcell', [stemcell])
      await expectNothingLeft()
    }

    describe('stemcells', () => {
      test('§6.2, §6.3 a stemcell is made and deleted, and deleting it again is a success', async () => {
        const stemcell = await createStemcell()
        expect(await call('delete_stemcell', [stemcell])).toBeNull()
        expect(await call('delete_stemcell', [stemcell])).toBeNull()
        await expectNothingLeft()
      })

      test('§6.2 create_stemcell takes the tags of API version 3', async () => {
        const { imagePath, cloudProperties } = harness.stemcell
        const stemcell = await call('create_stemcell', [imagePath, cloudProperties, { tags: { team: 'blue' } }], 3)
        await call('delete_stemcell', [text(stemcell)])
        await expectNothingLeft()
      })

      test('§6.3 deleting a stemcell that never was is a success', async () => {
        expect(await call('delete_stemcell', [harness.missingCid])).toBeNull()
      })
    })

    describe('VMs', () => {
      test('§6.4 create_vm answers the CID and the networks it was given, completed', async () => {
        const stemcell = await createStemcell()
        const created = await call('create_vm', vmArguments(stemcell))
        const [vm, networks] = Array.isArray(created) ? created : []
        expect(Object.keys(object(networks))).toEqual(Object.keys(harness.vm.networks))
        for (const [network, settings] of Object.entries(harness.vm.networks)) {
          expect(object(networks)[network]).toMatchObject(object(settings))
        }
        await call('delete_vm', [text(vm)])
        await call('delete_stemcell', [stemcell])
        await expectNothingLeft()
      })

      test('§5 create_vm answers the bare CID to API version 1', async () => {
        const stemcell = await createStemcell()
        const vm = await call('create_vm', vmArguments(stemcell), 1)
        await call('delete_vm', [text(vm)])
        await call('delete_stemcell', [stemcell])
        await expectNothingLeft()
      })

      test('§6 a create_vm that fails leaves nothing behind', async () => {
        const stemcell = await createStemcell()
        const refused = harness.refusedVmCloudProperties
        const values = refused === undefined ? vmArguments(harness.missingCid) : vmArguments(stemcell, refused)
        const { type } = await failure('create_vm', ...values)
        expect(['Bosh::Clouds::VMCreationFailed', 'Bosh::Clouds::CloudError']).toContain(type)
        await call('delete_stemcell', [stemcell])
        await expectNothingLeft()
      })

      test('§6.5, §6.6 has_vm follows the VM, and deleting it again is a success', async () => {
        const stemcell = await createStemcell()
        const vm = await createVm(stemcell)
        expect(await call('has_vm', [vm])).toBe(true)
        expect(await call('delete_vm', [vm])).toBeNull()
        expect(await call('has_vm', [vm])).toBe(false)
        expect(await call('delete_vm', [vm])).toBeNull()
        await call('delete_stemcell', [stemcell])
        await expectNothingLeft()
      })

      test('§6.7 reboot_vm answers null for a VM and VMNotFound for none', async () => {
        await withVm(async (vm) => {
          expect(await call('reboot_vm', [vm])).toBeNull()
        })
        expect((await failure('reboot_vm', harness.missingCid)).type).toBe('Bosh::Clouds::VMNotFound')
      })

      test('§6.8 set_vm_metadata takes values of any kind and length', async () => {
        const odd = { 'a key with: odd/characters?': 'x'.repeat(2000), index: 0, flag: true, nothing: null, list: [1] }
        await withVm(async (vm) => {
          expect(await call('set_vm_metadata', [vm, { director: 'd', job: 'j', ...odd }])).toBeNull()
          expect(await call('set_vm_metadata', [vm, { director: 'd', index: '1' }])).toBeNull()
          expect(await call('has_vm', [vm])).toBe(true)
        })
        expect((await failure('set_vm_metadata', harness.missingCid, {})).type).toBe('Bosh::Clouds::VMNotFound')
      })

      test('§6.9 calculate_vm_cloud_properties answers an object', async () => {
        const wanted = { cpu: 1, ram: 64, ephemeral_disk_size: 0 }
        if (await isOffered('calculateVmCloudProperties')) {
          expect(await call('calculate_vm_cloud_properties', [wanted])).toEqual(expect.any(Object))
        } else {
          const { type } = await failure('calculate_vm_cloud_properties', wanted)
          expect(type).toBe('Bosh::Clouds::NotImplemented')
        }
      })
    })

    describe('disks', () => {
      test('§6.10 to §6.12 has_disk follows the disk, and deleting it again is a success', async () => {
        const disk = await createDisk()
        expect(await call('has_disk', [disk])).toBe(true)
        expect(await call('delete_disk', [disk])).toBeNull()
        expect(await call('has_disk', [disk])).toBe(false)
        expect(await call('delete_disk', [disk])).toBeNull()
        await expectNothingLeft()
      })

      test('§6.10 a disk is made even if the VM it should be near is gone', async () => {
        const disk = await createDisk(harness.missingCid)
        await call('delete_disk', [disk])
        await expectNothingLeft()
      })

      test('§6.13, §6.14 attaching and detaching twice changes nothing; the hint stays the same', async () => {
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

      test('§6.13 two disks on one VM get different hints', async () => {
        await withVm(async (vm) => {
          const disks = [await createDisk(), await createDisk()]
          const hints: Json[] = []
          for (const disk of disks) hints.push(await call('attach_disk', [vm, disk]))
          expect(hints[0]).not.toEqual(hints[1])
          for (const disk of disks) await call('detach_disk', [vm, disk])
          for (const disk of disks) await call('delete_disk', [disk])
        })
      })

      test('§6.13 a disk on one VM is refused by another', async () => {
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

      test('§6.13, §6.14 missing VMs and disks have their own error types', async () => {
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

      test('§6.11 a disk in use is not deleted', async () => {
        await withVm(async (vm) => {
          const disk = await createDisk()
          await call('attach_disk', [vm, disk])
          expect((await failure('delete_disk', disk)).message).not.toBe('')
          expect(await call('has_disk', [disk])).toBe(true)
          await call('detach_disk', [vm, disk])
          await call('delete_disk', [disk])
        })
      })

      test('§6.5 a persistent disk survives its VM and can be attached to the next', async () => {
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

      test('§6.17 set_disk_metadata answers null for a disk and DiskNotFound for none', async () => {
        const disk = await createDisk()
        expect(await call('set_disk_metadata', [disk, { director: 'd', instance_index: 0, note: null }])).toBeNull()
        await call('delete_disk', [disk])
        const { type } = await failure('set_disk_metadata', harness.missingCid, {})
        expect(type).toBe('Bosh::Clouds::DiskNotFound')
        await expectNothingLeft()
      })

      test('§6.18 get_disks names the persistent disks of a VM', async () => {
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

      test('§6.15 resize_disk grows, accepts the same size, and answers NotSupported to shrinking', async () => {
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

      test('§6.16 update_disk with nothing to change keeps the disk', async () => {
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
      test('§6.19, §6.20 a snapshot is made and deleted, and deleting it again is a success', async () => {
        const disk = await createDisk()
        const metadata = { deployment: 'd', job: 'j', index: 0, agent_id: 'self' }
        const snapshot = text(await call('snapshot_disk', [disk, metadata]))
        expect(await call('delete_snapshot', [snapshot])).toBeNull()
        expect(await call('delete_snapshot', [snapshot])).toBeNull()
        await call('delete_disk', [disk])
        await expectNothingLeft()
      })

      test('§6.19 a snapshot of no disk is DiskNotFound', async () => {
        expect((await failure('snapshot_disk', harness.missingCid, {})).type).toBe('Bosh::Clouds::DiskNotFound')
      })
    })

    test('§6.21, §6.22 a network is made and deleted, and its range is known', async () => {
      if (harness.network === undefined) {
        if (await isOffered('createNetwork')) return
        const { type } = await failure('create_network', { type: 'manual', range: '192.0.2.0/24' })
        expect(type).toBe('Bosh::Clouds::NotImplemented')
        return
      }
      const created = await call('create_network', [harness.network])
      const [network, address, cloudProperties] = Array.isArray(created) ? created : []
      expect(object(address)['reserved']).toEqual(expect.any(Array))
      if (harness.network['range'] === undefined) expect(object(address)['range']).toEqual(expect.any(String))
      expect(cloudProperties).toEqual(expect.any(Object))
      expect(await call('delete_network', [text(network)])).toBeNull()
      await expectNothingLeft()
    })
  })
}

/** A non-empty string, as every CID is. */
const text = (value: Json | undefined): string => {
  expect(value).toEqual(expect.stringMatching(/./))
  return typeof value === 'string' ? value : ''
}

const object = (value: Json | undefined): JsonObject => {
  expect(value).toEqual(expect.any(Object))
  return value as JsonObject // the line above would have failed
}
