import { describe, expect, test } from 'vitest'
import { type ContractScenario, object, text } from './contract-scenario.ts'

/** What contract §6.2 to §6.9 promises of stemcells and VMs. */
export const describeStemcellsAndVms = (scenario: () => ContractScenario): void => {
  describe('stemcells', () => {
    test('contract §6.2, §6.3 a stemcell is made and deleted, and deleting it again is a success', async () => {
      const { call, createStemcell, expectNothingLeft } = scenario()
      const stemcell = await createStemcell()
      expect(await call('delete_stemcell', [stemcell])).toBeNull()
      expect(await call('delete_stemcell', [stemcell])).toBeNull()
      await expectNothingLeft()
    })

    test('contract §6.2 create_stemcell takes the tags of API version 3', async () => {
      const { call, expectNothingLeft, harness } = scenario()
      const { imagePath, cloudProperties } = harness.stemcell
      const stemcell = await call('create_stemcell', [imagePath, cloudProperties, { tags: { team: 'blue' } }], 3)
      await call('delete_stemcell', [text(stemcell)])
      await expectNothingLeft()
    })

    test('contract §6.3 deleting a stemcell that never was is a success', async () => {
      const { call, harness } = scenario()
      expect(await call('delete_stemcell', [harness.missingCid])).toBeNull()
    })
  })

  describe('VMs', () => {
    test('contract §6.4 create_vm answers the CID and the networks it was given, completed', async () => {
      const { call, createStemcell, vmArguments, expectNothingLeft } = scenario()
      const stemcell = await createStemcell()
      const values = vmArguments(stemcell)
      const given = object(values[3])
      const created = await call('create_vm', values)
      const [vm, networks] = Array.isArray(created) ? created : []
      expect(Object.keys(object(networks))).toEqual(Object.keys(given))
      for (const [network, settings] of Object.entries(given)) {
        expect(object(networks)[network]).toMatchObject(object(settings))
      }
      await call('delete_vm', [text(vm)])
      await call('delete_stemcell', [stemcell])
      await expectNothingLeft()
    })

    test('contract §5 create_vm answers the bare CID to API version 1', async () => {
      const { call, createStemcell, vmArguments, expectNothingLeft } = scenario()
      const stemcell = await createStemcell()
      const vm = await call('create_vm', vmArguments(stemcell), 1)
      await call('delete_vm', [text(vm)])
      await call('delete_stemcell', [stemcell])
      await expectNothingLeft()
    })

    test('contract §6 a create_vm that fails leaves nothing behind', async () => {
      const { call, failure, createStemcell, vmArguments, expectNothingLeft, harness } = scenario()
      const stemcell = await createStemcell()
      const refused = harness.refusedVmCloudProperties
      const values = refused === undefined ? vmArguments(harness.missingCid) : vmArguments(stemcell, refused)
      const { type } = await failure('create_vm', ...values)
      expect(['Bosh::Clouds::VMCreationFailed', 'Bosh::Clouds::CloudError']).toContain(type)
      await call('delete_stemcell', [stemcell])
      await expectNothingLeft()
    })

    test('contract §6.5, §6.6 has_vm follows the VM, and deleting it again is a success', async () => {
      const { call, deleteAgain, createStemcell, createVm, expectNothingLeft } = scenario()
      const stemcell = await createStemcell()
      const vm = await createVm(stemcell)
      expect(await call('has_vm', [vm])).toBe(true)
      expect(await call('delete_vm', [vm])).toBeNull()
      expect(await call('has_vm', [vm])).toBe(false)
      await deleteAgain('delete_vm', vm, 'Bosh::Clouds::VMNotFound')
      await call('delete_stemcell', [stemcell])
      await expectNothingLeft()
    })

    test('contract §6.7 reboot_vm answers null for a VM and VMNotFound for none', async () => {
      const { call, failure, withVm, harness } = scenario()
      await withVm(async (vm) => {
        expect(await call('reboot_vm', [vm])).toBeNull()
      })
      expect((await failure('reboot_vm', harness.missingCid)).type).toBe('Bosh::Clouds::VMNotFound')
    })

    test('contract §6.8 set_vm_metadata takes values of any kind and length', async () => {
      const { call, failure, withVm, harness } = scenario()
      const odd = { 'a key with: odd/characters?': 'x'.repeat(2000), index: 0, flag: true, nothing: null, list: [1] }
      await withVm(async (vm) => {
        expect(await call('set_vm_metadata', [vm, { director: 'd', job: 'j', ...odd }])).toBeNull()
        expect(await call('set_vm_metadata', [vm, { director: 'd', index: '1' }])).toBeNull()
        expect(await call('has_vm', [vm])).toBe(true)
      })
      expect((await failure('set_vm_metadata', harness.missingCid, {})).type).toBe('Bosh::Clouds::VMNotFound')
    })

    test('contract §6.9 calculate_vm_cloud_properties answers an object', async () => {
      const { call, failure, isOffered } = scenario()
      const wanted = { cpu: 1, ram: 64, ephemeral_disk_size: 0 }
      if (await isOffered('calculateVmCloudProperties')) {
        expect(await call('calculate_vm_cloud_properties', [wanted])).toEqual(expect.any(Object))
      } else {
        const { type } = await failure('calculate_vm_cloud_properties', wanted)
        expect(type).toBe('Bosh::Clouds::NotImplemented')
      }
    })
  })
}
