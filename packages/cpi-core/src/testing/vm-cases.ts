import { expect } from 'vitest'
import { problemsOfAgentSettings } from '../agent/read-agent-settings.ts'
import type { Json } from '../model/json.ts'
import type { ContractCase } from './contract-case.ts'
import { object, suiteAgentId, text } from './contract-scenario.ts'
import { deleteAgain } from './delete-again.ts'

/** What contract §6.4 to §6.9 and §8 promise of VMs. */
export const vmCases: readonly ContractCase[] = [
  {
    title: 'contract §6.4, §8.1 create_vm answers the CID and the networks of the request, completed for the agent',
    run: async ({ call, createStemcell, vmArguments }) => {
      const values = vmArguments(await createStemcell())
      const given = object(values[3])
      const created = await call('create_vm', values)
      const [vm, networks] = Array.isArray(created) ? created : []
      text(vm)
      expect(Object.keys(object(networks))).toEqual(Object.keys(given))
      for (const [name, settings] of Object.entries(given)) {
        const { prefix: _prefix, nic_group: _nicGroup, ...unchanged } = object(settings)
        expect(object(networks)[name]).toMatchObject(unchanged)
      }
      expect(problemsOfAgentSettings({ agent_id: 'any', networks: object(networks) })).toEqual([])
    },
  },
  {
    title: 'contract §5 create_vm answers the bare CID to API version 1',
    run: async ({ call, createStemcell, vmArguments }) => {
      text(await call('create_vm', vmArguments(await createStemcell()), 1))
    },
  },
  {
    title: 'contract §6.4 each create_vm makes a VM of its own, with MACs of its own',
    run: async ({ call, createStemcell, vmArguments }) => {
      const stemcell = await createStemcell()
      const create = async () => {
        const [vm, networks] = (await call('create_vm', vmArguments(stemcell))) as Json[]
        const macs = Object.values(object(networks)).map((settings) => object(settings)['mac'])
        return { vm: text(vm), macs: macs.filter((mac) => mac !== undefined) }
      }
      const [first, second] = [await create(), await create()]
      expect(first.vm).not.toBe(second.vm)
      expect(first.macs.filter((mac) => second.macs.includes(mac))).toEqual([])
    },
  },
  {
    title: 'contract §6.4 a create_vm that cannot succeed leaves nothing behind and is not to be retried',
    run: async ({ failure, createStemcell, vmArguments, harness }) => {
      const refused = harness.refusedVmCloudProperties
      const values =
        refused === undefined ? vmArguments(harness.missingCid) : vmArguments(await createStemcell(), refused)
      const { type, ok_to_retry } = await failure('create_vm', ...values)
      expect(creationFailures).toContain(type)
      expect(ok_to_retry).toBe(false)
    },
  },
  {
    title: 'contract §6.4 a create_vm with a stemcell that does not exist fails, and is not to be retried',
    run: async ({ failure, vmArguments, harness }) => {
      const { type, ok_to_retry } = await failure('create_vm', ...vmArguments(harness.missingCid))
      expect(creationFailures).toContain(type)
      expect(ok_to_retry).toBe(false)
    },
  },
  {
    title: 'contract §6.4 create_vm answers when the VM is powered on',
    run: async ({ createVm, probe }) => {
      const isRunning = probe('isRunning')
      expect(await isRunning(await createVm())).toBe(true)
    },
  },
  {
    title: 'contract §2, §6.4 a create_vm that is interrupted leaves nothing behind, whatever the moment',
    run: async ({ createStemcell, createVm, vmArguments, interrupted }) => {
      const stemcell = await createStemcell()
      const startedMs = performance.now()
      await createVm(stemcell)
      const tookMs = performance.now() - startedMs
      for (const part of [0.05, 0.25, 0.5, 0.75, 0.95]) {
        await interrupted('create_vm', vmArguments(stemcell), tookMs * part)
      }
    },
  },
  {
    title: 'contract §6.4 a create_vm that fails at its last step leaves nothing behind',
    run: async ({ failure, createStemcell, vmArguments, probe, skip }) => {
      const values = vmArguments(await createStemcell())
      if (!(await probe('failNext')('create_vm'))) skip("the harness cannot fail 'create_vm'")
      expect(creationFailures).toContain((await failure('create_vm', ...values)).type)
    },
  },
  {
    title: 'contract §6.4 create_vm attaches none of the disks that will probably be attached soon',
    run: async ({ call, createStemcell, createDisk, vmArguments, probe }) => {
      const guestDisks = probe('guestDisks')
      const values = vmArguments(await createStemcell())
      values[4] = [await createDisk()]
      const created = await call('create_vm', values)
      expect(await guestDisks(text(Array.isArray(created) ? created[0] : created))).toEqual([])
    },
  },
  {
    title: 'contract §8.1 the agent of a VM finds settings that it accepts: its id, all networks, the unchanged env',
    run: async ({ call, createStemcell, vmArguments, probe }) => {
      const agentSettings = probe('agentSettings')
      const values = vmArguments(await createStemcell())
      const env = { bosh: { group: 'group', password: 'a-password', mbus: { urls: ['nats://m'] } }, own: [1, null] }
      values[5] = env
      const created = await call('create_vm', values)
      const settings = await agentSettings(text(Array.isArray(created) ? created[0] : created))
      expect(problemsOfAgentSettings(settings)).toEqual([])
      expect(object(settings)['agent_id']).toBe(suiteAgentId)
      expect(Object.keys(object(object(settings)['networks']))).toEqual(Object.keys(object(values[3])))
      expect(object(settings)['env']).toEqual(env)
      expect(object(object(settings)['disks'])).toHaveProperty('persistent')
    },
  },
  {
    title: 'contract §6.5, §6.6 has_vm is true until delete_vm, and delete_vm succeeds again and again',
    run: async ({ call, createVm }) => {
      const vm = await createVm()
      expect(await call('has_vm', [vm])).toBe(true)
      expect(await call('delete_vm', [vm])).toBeNull()
      expect(await call('has_vm', [vm])).toBe(false)
      await deleteAgain(call, 'delete_vm', vm, 'Bosh::Clouds::VMNotFound')
    },
  },
  {
    title: 'contract §6.5, §6.6 has_vm is false for a VM that never existed, and delete_vm succeeds',
    run: async ({ call, harness }) => {
      expect(await call('has_vm', [harness.missingCid])).toBe(false)
      await deleteAgain(call, 'delete_vm', harness.missingCid, 'Bosh::Clouds::VMNotFound')
    },
  },
  {
    title: 'contract §6.5 delete_vm deletes one VM and no other',
    run: async ({ call, createStemcell, createVm }) => {
      const stemcell = await createStemcell()
      const [kept, deleted] = [await createVm(stemcell), await createVm(stemcell)]
      await call('delete_vm', [deleted])
      expect(await call('has_vm', [kept])).toBe(true)
    },
  },
  {
    title: 'contract §6.5 a delete_vm that the cloud refuses fails, and the VM is still there',
    run: async ({ call, failure, createVm, probe, skip }) => {
      const vm = await createVm()
      if (!(await probe('failNext')('delete_vm'))) skip("the harness cannot fail 'delete_vm'")
      await failure('delete_vm', vm)
      expect(await call('has_vm', [vm])).toBe(true)
    },
  },
  {
    title: 'contract §6.6 has_vm fails when the cloud cannot say whether the VM exists',
    run: async ({ failure, createVm, probe, skip }) => {
      const vm = await createVm()
      if (!(await probe('failNext')('has_vm'))) skip("the harness cannot fail 'has_vm'")
      await failure('has_vm', vm)
    },
  },
  {
    title: 'contract §6.5, §6.6 a crashed VM exists, and delete_vm deletes it',
    run: async ({ call, createVm, probe }) => {
      const crashVm = probe('crashVm')
      const vm = await createVm()
      await crashVm(vm)
      expect(await call('has_vm', [vm])).toBe(true)
      expect(await call('delete_vm', [vm])).toBeNull()
      expect(await call('has_vm', [vm])).toBe(false)
    },
  },
  {
    title: 'contract §6.5 a disk of a crashed VM survives it and can be attached to the next',
    run: async ({ call, createStemcell, createVm, createDisk, probe }) => {
      const crashVm = probe('crashVm')
      const stemcell = await createStemcell()
      const [crashed, next] = [await createVm(stemcell), await createVm(stemcell)]
      const disk = await createDisk()
      await call('attach_disk', [crashed, disk])
      await crashVm(crashed)
      await call('delete_vm', [crashed])
      await call('attach_disk', [next, disk])
    },
  },
  {
    title: 'contract §6.7 reboot_vm answers null for a VM, also a crashed one, and VMNotFound where there is none',
    run: async ({ call, failure, createVm, harness }) => {
      const vm = await createVm()
      expect(await call('reboot_vm', [vm])).toBeNull()
      await harness.probes?.crashVm?.(vm)
      expect(await call('reboot_vm', [vm])).toBeNull()
      expect(await call('has_vm', [vm])).toBe(true)
      expect(await harness.probes?.isRunning?.(vm)).not.toBe(false)
      expect((await failure('reboot_vm', harness.missingCid)).type).toBe('Bosh::Clouds::VMNotFound')
    },
  },
  {
    title: 'contract §6.8 set_vm_metadata takes values of any kind and length',
    run: async ({ call, failure, createVm, harness }) => {
      const odd = { 'a key with: odd/characters?': 'x'.repeat(2000), index: 0, flag: true, nothing: null, list: [1] }
      const vm = await createVm()
      expect(await call('set_vm_metadata', [vm, { director: 'd', job: 'j', ...odd }])).toBeNull()
      expect(await call('set_vm_metadata', [vm, { director: 'd', index: '1' }])).toBeNull()
      expect(await call('has_vm', [vm])).toBe(true)
      expect((await failure('set_vm_metadata', harness.missingCid, {})).type).toBe('Bosh::Clouds::VMNotFound')
    },
  },
  {
    title: 'contract §6.8 set_vm_metadata keeps the metadata it does not name',
    run: async ({ call, createVm, probe }) => {
      const vmMetadata = probe('vmMetadata')
      const vm = await createVm()
      await call('set_vm_metadata', [vm, { deployment: 'first', job: 'kept' }])
      await call('set_vm_metadata', [vm, { deployment: 'second' }])
      expect(await vmMetadata(vm)).toMatchObject({ deployment: 'second', job: 'kept' })
    },
  },
  {
    title: 'contract §6.8 set_vm_metadata changes one VM and no other',
    run: async ({ call, createStemcell, createVm, probe }) => {
      const vmMetadata = probe('vmMetadata')
      const stemcell = await createStemcell()
      const [changed, other] = [await createVm(stemcell), await createVm(stemcell)]
      await call('set_vm_metadata', [changed, { job: 'changed' }])
      expect(await vmMetadata(changed)).toMatchObject({ job: 'changed' })
      expect(await vmMetadata(other)).not.toMatchObject({ job: 'changed' })
    },
  },
  {
    title: 'contract §6.9 calculate_vm_cloud_properties answers properties that create_vm takes',
    needs: 'calculate_vm_cloud_properties',
    run: async ({ call, createStemcell, vmArguments, harness }) => {
      const wanted = { cpu: 1, ram: 64, ephemeral_disk_size: 0 }
      const computed = object(await call('calculate_vm_cloud_properties', [wanted]))
      const values = vmArguments(await createStemcell(), { ...harness.vm.cloudProperties, ...computed })
      expect(await call('create_vm', values)).toEqual([expect.any(String), expect.any(Object)])
    },
  },
]

const creationFailures = ['Bosh::Clouds::VMCreationFailed', 'Bosh::Clouds::CloudError']
