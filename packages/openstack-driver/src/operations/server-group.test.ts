import { vmCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { made } from '../../test/cinder-on-fake.ts'
import { type DriverOnFake, directorUuid, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { failureOf, givenVm, idOf, leftBehind, manualOn, post, read, vmDefaults } from '../../test/vm-on-fake.ts'

const options = { openstack: vmDefaults }
const soft = { server_group: { name: 'g' } }
const groups = async (driver: DriverOnFake) =>
  (await read(driver, 'compute/v2.1/os-server-groups'))['server_groups'] as { id: string; members: string[] }[]

/** The id of a group that was made without the CPI, under the name that these VMs ask for. */
async function madeByHand(driver: DriverOnFake): Promise<string> {
  const body = { server_group: { name: 'g', policies: ['anti-affinity'] } }
  const created = await post(driver, 'compute/v2.1/os-server-groups', body)
  return (created['server_group'] as { id: string }).id
}

/** Nova's refusal of the next server, as its group is full. */
function refuseMember({ cloud }: DriverOnFake): void {
  const body = { forbidden: { code: 403, message: 'Quota exceeded, too many servers in group' } }
  cloud.faults.add({
    match: { service: 'compute', operation: 'servers.create' },
    do: { respond: { status: 403, body } },
  })
}

describe('§6.7 server_group', () => {
  test('is made on demand, shared by name, and removed with its last member', () =>
    withDriverOnFake(async (driver) => {
      const first = await givenVm(driver, { cloudProperties: soft })
      const networks = [manualOn(driver, 'bosh-net', '10.10.1.8')]
      const second = await givenVm(driver, { cloudProperties: soft, networks })
      expect(await groups(driver)).toMatchObject([{ members: [first.vm, second.vm], policies: ['soft-anti-affinity'] }])
      await driver.call().deleteVm(first.vm)
      expect(await groups(driver)).toMatchObject([{ members: [second.vm] }])
      await driver.call().deleteVm(second.vm)
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test("one that exists already under the operator's name for it stays when its last member goes", () =>
    withDriverOnFake(async (driver) => {
      await madeByHand(driver)
      const first = await givenVm(driver, { cloudProperties: soft })
      const networks = [manualOn(driver, 'bosh-net', '10.10.1.8')]
      const second = await givenVm(driver, { cloudProperties: soft, networks })
      expect(await groups(driver)).toMatchObject([{ members: [first.vm, second.vm] }])
      for (const { vm } of [first, second]) {
        await driver.call().deleteVm(vm)
        await driver.call().deleteVm(vm)
      }
      expect(await groups(driver)).toMatchObject([{ members: [], policies: ['anti-affinity'] }])
    }, options))

  test('a VM that found it without members, as the VM it was made for was still to come, removes it too', () =>
    withDriverOnFake(async (driver) => {
      const id = await madeByHand(driver)
      driver.cloud.faults.add({ match: { transition: 'servers.build.active' }, do: { delay: '20s' } })
      const second = givenVm(driver, { cloudProperties: soft })
      while (driver.cloud.journal.of('servers.create').length === 0) await new Promise(setImmediate)
      const networks = [{ uuid: idOf(driver, 'networks', 'bosh-net') }]
      const imageRef = idOf(driver, 'images', 'tiny-image')
      const first = await post(driver, 'compute/v2.1/servers', {
        server: { name: 'vm-1', flavorRef: '1', imageRef, networks, metadata: { server_group_id: id } },
        'os:scheduler_hints': { group: id },
      })
      const { vm } = await second
      await driver.call().deleteVm(vmCid((first['server'] as { id: string }).id))
      expect(await groups(driver)).toMatchObject([{ members: [vm] }])
      await driver.call().deleteVm(vm)
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('a policy alone: the name is made of director and instance group', () =>
    withDriverOnFake(async (driver) => {
      const cloudProperties = { server_group: 'anti-affinity' }
      await givenVm(driver, { cloudProperties, env: { bosh: { group: 'cf-router' } } })
      expect(made(driver, 'server_groups')).toMatchObject([{ name: `${directorUuid}-cf-router` }])
      expect((await failureOf(givenVm(driver, { cloudProperties }))).message).toContain("'server_group' needs a name")
    }, options))

  test('two processes that make it at the same time agree on the oldest', () =>
    withDriverOnFake(async (driver) => {
      const networks = ['10.10.1.7', '10.10.1.8', '10.10.1.9'].map((ip) => [manualOn(driver, 'bosh-net', ip)])
      await Promise.all(networks.map((one) => givenVm(driver, { cloudProperties: soft, networks: one })))
      expect(await groups(driver)).toMatchObject([
        { members: [expect.anything(), expect.anything(), expect.anything()] },
      ])
    }, options))

  test('a full group keeps no VM from being made if the policy is soft', () =>
    withDriverOnFake(async (driver) => {
      refuseMember(driver)
      await givenVm(driver, { cloudProperties: soft })
      expect(await groups(driver)).toMatchObject([{ members: [] }])
      expect(driver.lines).toContainEqual(expect.stringMatching(/^warn .*takes no more members/))
    }, options))

  test('but a strict one does, and the group goes again', () =>
    withDriverOnFake(async (driver) => {
      refuseMember(driver)
      const cloudProperties = { server_group: { name: 'g', policy: 'anti-affinity' } }
      expect(await failureOf(givenVm(driver, { cloudProperties }))).toMatchObject({ okToRetry: false })
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('a group that is removed between look and use is made anew', () =>
    withDriverOnFake(async (driver) => {
      const id = await madeByHand(driver)
      const body = { badRequest: { code: 400, message: `Instance group ${id} could not be found.` } }
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'servers.create' },
        do: { respond: { status: 400, body } },
      })
      const { vm } = await givenVm(driver, { cloudProperties: soft })
      expect(await groups(driver)).toMatchObject([{ members: [vm] }])
    }, options))

  test('no second group when no response is received', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'server-groups.create' },
        when: 'after',
        do: { reset: true },
      })
      const { vm } = await givenVm(driver, { cloudProperties: soft })
      expect(await groups(driver)).toMatchObject([{ members: [vm] }])
    }, options))

  test('is found on a later page, and not made twice', () =>
    withDriverOnFake(async (driver) => {
      for (const name of ['a', 'b', 'g']) {
        await post(driver, 'compute/v2.1/os-server-groups', { server_group: { name, policies: ['anti-affinity'] } })
      }
      const all = await groups(driver)
      // Nova with a page of two.
      for (const page of [all.slice(0, 2), all.slice(2)]) {
        driver.cloud.faults.add({
          match: { service: 'compute', operation: 'server-groups.list' },
          do: { respond: { status: 200, body: { server_groups: page } } },
        })
      }
      const { vm } = await givenVm(driver, { cloudProperties: soft })
      expect((await groups(driver)).map(({ members }) => members)).toEqual([[], [], [vm]])
      expect(driver.cloud.journal.of('server-groups.create')).toHaveLength(3)
    }, options))

  test('a soft policy is asked for with the microversion that knows it', () =>
    withDriverOnFake(async (driver) => {
      await givenVm(driver, { cloudProperties: soft })
      expect(driver.cloud.journal.of('server-groups.create')).toMatchObject([
        { microversion: '2.15', request: { server_group: { name: 'g', policies: ['soft-anti-affinity'] } } },
      ])
    }, options))

  test('a group that cannot be removed is no failure of delete_vm', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver, { cloudProperties: soft })
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'server-groups.delete' },
        times: null,
        do: { respond: { status: 403, body: { forbidden: { code: 403, message: 'no' } } } },
      })
      await driver.call().deleteVm(vm)
      expect(leftBehind(driver)).toEqual({ server_groups: 1 })
      expect(driver.lines).toContainEqual(expect.stringMatching(/^warn Server group \S+ could not be removed/))
    }, options))

  test('none is made unless it is asked for', () =>
    withDriverOnFake(async (driver) => {
      await givenVm(driver, { env: { bosh: { group: 'cf-router' } } })
      expect(made(driver, 'server_groups')).toEqual([])
    }, options))

  test('scheduler_hints.group wins', () =>
    withDriverOnFake(async (driver) => {
      const created = await post(driver, 'compute/v2.1/os-server-groups', {
        server_group: { name: 'own', policies: ['affinity'] },
      })
      const { id } = created['server_group'] as { id: string }
      const { vm } = await givenVm(driver, { cloudProperties: { ...soft, scheduler_hints: { group: id } } })
      expect(await groups(driver)).toMatchObject([{ id, members: [vm] }])
      await driver.call().deleteVm(vm)
      expect(await groups(driver)).toMatchObject([{ id }])
    }, options))
})
