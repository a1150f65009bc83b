import { describe, expect, test } from 'vitest'
import { givenDisk, made } from '../../test/cinder-on-fake.ts'
import { directorUuid, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { absentVm } from '../../test/nova-on-fake.ts'
import { failureOf, givenVm, idOf, portsOf, post, serverOf, vmDefaults } from '../../test/vm-on-fake.ts'

const options = { openstack: vmDefaults }
const readable = { openstack: { ...vmDefaults, human_readable_vm_names: true } }
const metadata = {
  director: 'prod',
  deployment: 'cf',
  job: 'router',
  index: 0,
  name: 'router/0',
  id: 'i',
  created_at: null,
}

describe('§7.8 set_vm_metadata', () => {
  test('merges, and adapts what Nova would refuse', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      await driver.call().setVmMetadata(vm, { ...metadata, 'a/b': 'x'.repeat(300) })
      const { metadata: all, name } = await serverOf(driver, vm)
      expect(all).toMatchObject({ director_uuid: directorUuid, index: '0', name: 'router/0', a_b: 'x'.repeat(255) })
      expect(all).not.toHaveProperty('created_at')
      expect(name).toMatch(/^vm-/)
    }, options))

  test('tags take the place of nothing that delete_vm goes by', () =>
    withDriverOnFake(async (driver) => {
      const group = { server_group: { name: 'by-hand', policies: ['affinity'] } }
      const answer = await post(driver, 'compute/v2.1/os-server-groups', group)
      const { id } = answer['server_group'] as { id: string }
      const tags = { server_group_id: id, 'lbaas/pool/1': id, Director_UUID: 'x', team: 'y' }
      const { vm } = await givenVm(driver, { env: { bosh: { tags } }, cloudProperties: { metadata: tags } })
      await driver.call().setVmMetadata(vm, { ...metadata, ...tags })
      const { metadata: all } = await serverOf(driver, vm)
      expect(all).toMatchObject({ director_uuid: directorUuid, team: 'y' })
      for (const key of ['server_group_id', 'lbaas_pool_1', 'Director_UUID']) expect(all).not.toHaveProperty(key)
      await driver.call().deleteVm(vm)
      expect(made(driver, 'server_groups')).toMatchObject([{ id }])
    }, options))

  test('takes at most four requests and a login', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      expect((await driver.requestsOf(() => driver.call().setVmMetadata(vm, metadata))).length).toBeLessThanOrEqual(5)
    }, readable))

  test('the same metadata once more: the ports are looked at, not written', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      const writes = async (changed: Record<string, string>) => {
        const requests = await driver.requestsOf(() => driver.call().setVmMetadata(vm, { ...metadata, ...changed }))
        return requests.filter(({ service, method }) => service === 'network' && method === 'PUT').length
      }
      expect([await writes({}), await writes({}), await writes({ deployment: 'other' })]).toEqual([1, 0, 1])
    }, options))

  test('renames if and only if that is configured; the first name stays in the metadata', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      const before = await serverOf(driver, vm)
      await driver.call().setVmMetadata(vm, metadata)
      expect(await serverOf(driver, vm)).toMatchObject({ name: 'router/0', metadata: { registry_key: before['name'] } })
    }, readable))

  test('contract §6.8 no key is relied on, and a VM of which nothing is said keeps its name', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      const { name } = await serverOf(driver, vm)
      await driver.call().setVmMetadata(vm, {})
      await driver.call().setVmMetadata(vm, { team: 'x' })
      expect(await serverOf(driver, vm)).toMatchObject({ name, metadata: { team: 'x' } })
      expect(driver.cloud.journal.of('servers.update')).toEqual([])
    }, readable))

  test('a rename that fails is a warning only', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'servers.update' },
        do: { respond: { status: 403, body: { forbidden: { code: 403, message: 'no' } } } },
      })
      await driver.call().setVmMetadata(vm, metadata)
      expect(driver.lines).toContainEqual(expect.stringMatching(/^warn .*could not be renamed/))
    }, readable))

  test("beyond the quota of items the operator's tags give way", () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      const tags = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`tag-${index}`, 'x']))
      await driver.call().setVmMetadata(vm, { ...tags, ...metadata })
      const { metadata: all } = await serverOf(driver, vm)
      expect(all).toMatchObject({ deployment: 'cf', name: 'router/0' })
      expect(all).not.toHaveProperty('tag-0')
      expect(driver.lines).toContainEqual(expect.stringMatching(/^warn .*quota/))
    }, options))

  test('describes ports and boot volume as well, and keeps the tags that ports have', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver, { cloudProperties: { boot_from_volume: true, root_disk: { size: 2 } } })
      await driver.call().setVmMetadata(vm, metadata)
      await driver.call().setVmMetadata(vm, { ...metadata, deployment: 'other' })
      const [port] = await portsOf(driver, vm)
      expect(port?.['tags']).toEqual(expect.arrayContaining([`server:${vm}`, 'deployment:other', 'name:router_0']))
      expect(port?.['tags']).not.toContain('deployment:cf')
      expect(made(driver, 'volumes')).toMatchObject([{ metadata: { deployment: 'other' } }])
    }, options))

  test("neither a persistent disk nor somebody else's port at the server is described", () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver, { cloudProperties: { boot_from_volume: true, root_disk: { size: 2 } } })
      const disk = await givenDisk(driver)
      await driver.call().attachDisk(vm, disk)
      const network_id = idOf(driver, 'networks', 'bosh-net')
      await post(driver, 'network/v2.0/ports', { port: { network_id, device_id: vm, device_owner: 'baremetal:none' } })
      await driver.call().setVmMetadata(vm, metadata)
      const foreign = (await portsOf(driver, vm)).find((port) => port['device_owner'] === 'baremetal:none')
      expect(foreign).toMatchObject({ tags: [] })
      const described = made(driver, 'volumes').filter((volume) => JSON.stringify(volume['metadata']).includes('cf'))
      expect(described).toHaveLength(1)
      expect(described[0]?.['id']).not.toBe(disk)
    }, options))

  test('ports and boot volume that cannot be described are warnings only', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver, { cloudProperties: { boot_from_volume: true, root_disk: { size: 2 } } })
      for (const service of ['network', 'block-storage']) {
        driver.cloud.faults.add({ match: { service, path: '.' }, times: null, do: { respond: { status: 403 } } })
      }
      await driver.call().setVmMetadata(vm, metadata)
      expect(await serverOf(driver, vm)).toMatchObject({ metadata: { deployment: 'cf' } })
      expect(driver.lines).toContainEqual(expect.stringMatching(/^warn The ports .*could not be tagged/))
      expect(driver.lines).toContainEqual(expect.stringMatching(/^warn The boot volume .*could not be given metadata/))
    }, options))

  test('tag_resources: false leaves ports and boot volume alone', () =>
    withDriverOnFake(async (driver) => {
      const how = { openstack: { tag_resources: false } }
      const wanted = { cloudProperties: { boot_from_volume: true, root_disk: { size: 2 } } }
      const { vm } = await givenVm(driver, wanted, how)
      await driver.call(how).setVmMetadata(vm, metadata)
      expect(await portsOf(driver, vm)).toMatchObject([{ tags: [] }])
      expect(JSON.stringify(made(driver, 'volumes'))).not.toContain('"deployment"')
      expect(await serverOf(driver, vm)).toMatchObject({ metadata: { deployment: 'cf' } })
    }, options))

  test('a missing server', () =>
    withDriverOnFake(async (driver) => {
      expect(await failureOf(driver.call().setVmMetadata(absentVm, metadata))).toMatchObject({ code: 'VmNotFound' })
    }))
})
