import { describe, expect, test } from 'vitest'
import { force, made } from '../../../test/cinder-on-fake.ts'
import { type DriverOnFake, withDriverOnFake } from '../../../test/driver-on-fake.ts'
import { dynamic } from '../../../test/network-specs.ts'
import { givenPools, inTwoPools, membersOf, refusedByOctavia } from '../../../test/octavia-on-fake.ts'
import { failureOf, givenVm, idOf, manualOn, post, vmDefaults } from '../../../test/vm-on-fake.ts'
import { findLeftovers } from '../../leftovers.ts'

const options = { openstack: vmDefaults }
const memberDeletes = { service: 'load-balancer', method: 'DELETE', path: '/members/' } as const
const servers = (driver: DriverOnFake) => made(driver, 'servers').length

describe('§7.5 delete_vm and pools', () => {
  test('a pool that is gone is no obstacle', () =>
    withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web', 'tls')
      const { vm } = await givenVm(driver, inTwoPools)
      const { cloud } = driver
      const path = `${cloud.url}/load-balancer/v2/lbaas/pools/${web}`
      await cloud.fetch(path, { method: 'DELETE', headers: { 'x-auth-token': await cloud.token('bosh') } })
      await driver.call().deleteVm(vm)
      expect(servers(driver)).toBe(0)
    }, options))

  test('a membership that could not be removed: the server goes, its port stays until the repeated call succeeds', () =>
    withDriverOnFake(async (driver) => {
      const { web, tls } = await givenPools(driver, 'web', 'tls')
      const { vm } = await givenVm(driver, inTwoPools)
      driver.cloud.faults.add({ match: memberDeletes, do: refusedByOctavia })
      expect((await failureOf(driver.call().deleteVm(vm))).message).toContain('Removing lbaas pool memberships')
      expect([servers(driver), (await membersOf(driver, web)).length]).toEqual([0, 1])
      await driver.call().deleteVm(vm)
      expect([await membersOf(driver, web), await membersOf(driver, tls)]).toEqual([[], []])
      expect(made(driver, 'ports').filter(({ name }) => String(name).startsWith('vm-'))).toEqual([])
    }, options))

  test('on a dynamic network the server is deleted though a member stays, and the next call removes the member', () =>
    withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web', 'tls')
      const net_id = idOf(driver, 'networks', 'bosh-net')
      const { vm } = await givenVm(driver, { ...inTwoPools, networks: [dynamic('d', { cloudProperties: { net_id } })] })
      driver.cloud.faults.add({ match: memberDeletes, do: refusedByOctavia })
      const { message } = await failureOf(driver.call().deleteVm(vm))
      expect(message).toContain(`of pool ${web}`)
      expect([servers(driver), (await membersOf(driver, web)).length]).toEqual([0, 1])
      await driver.call().deleteVm(vm)
      expect(await membersOf(driver, web)).toEqual([])
    }, options))

  describe('while the load balancer is in ERROR', () => {
    const setBalancer = (driver: DriverOnFake, provisioning_status: string) => {
      const id = driver.cloud.state()['loadbalancers']?.[0]?.id ?? ''
      force(driver, 'loadbalancers', id, { provisioning_status })
    }
    const dynamicNetwork = (driver: DriverOnFake) => [
      dynamic('d', { cloudProperties: { net_id: idOf(driver, 'networks', 'bosh-net') } }),
    ]
    const nameless = (driver: DriverOnFake) => {
      for (const { id, device_owner } of made(driver, 'ports')) {
        if (String(device_owner).startsWith('compute:')) force(driver, 'ports', String(id), { name: '' })
      }
    }
    test.each([
      ['on a manual network', () => ({}), () => undefined, {}],
      ['on a dynamic network', (driver: DriverOnFake) => ({ networks: dynamicNetwork(driver) }), () => undefined, {}],
      ['whose port has no name, as the Ruby CPI makes it', () => ({}), nameless, {}],
      ['without tags on its resources', () => ({}), () => undefined, { openstack: { tag_resources: false } }],
    ] as const)('§7.5 delete_vm deletes a server %s; the next call removes its members', (_, more, prepare, how) =>
      withDriverOnFake(async (driver) => {
        const { web, tls } = await givenPools(driver, 'web', 'tls')
        const { vm } = await givenVm(driver, { ...inTwoPools, ...more(driver) }, how)
        prepare(driver)
        setBalancer(driver, 'ERROR')
        const { message } = await failureOf(driver.call(how).deleteVm(vm))
        expect(message).toContain(`of pool ${web}`)
        expect([servers(driver), (await membersOf(driver, web)).length]).toEqual([0, 1])
        setBalancer(driver, 'ACTIVE')
        await driver.call(how).deleteVm(vm)
        expect([await membersOf(driver, web), await membersOf(driver, tls)]).toEqual([[], []])
        const ports = made(driver, 'ports').filter(({ device_owner }) => !/^network:|lb/i.test(String(device_owner)))
        expect(ports.filter(({ name }) => String(name).startsWith('vm-'))).toEqual([])
      }, options),
    )

    test('leftovers finds the member of a server that is gone', () =>
      withDriverOnFake(async (driver) => {
        await givenPools(driver, 'web', 'tls')
        const { vm } = await givenVm(driver, { ...inTwoPools, networks: dynamicNetwork(driver) })
        setBalancer(driver, 'ERROR')
        await failureOf(driver.call().deleteVm(vm))
        const limits = { nowMs: driver.cloud.clock.now() + 86_400_000, olderThanMs: 3_600_000 }
        const { leftovers } = await findLeftovers(driver.context(), limits)
        expect(leftovers.map(({ kind }) => kind)).toEqual(['pool member', 'pool member'])
      }, options))
  })

  test("all members with the VM's address leave its pools; other members stay", () =>
    withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web', 'tls')
      const { vm } = await givenVm(driver, inTwoPools)
      const subnet_id = idOf(driver, 'subnets', 'bosh-net-subnet')
      for (const address of ['10.10.1.7', '10.10.1.8']) {
        await post(driver, `load-balancer/v2/lbaas/pools/${web}/members`, {
          member: { address, protocol_port: 9090, subnet_id },
        })
        await membersOf(driver, web)
      }
      await driver.call().deleteVm(vm)
      expect(await membersOf(driver, web)).toMatchObject([{ address: '10.10.1.8' }])
    }, options))

  test('a member that is recorded goes, whatever its address', () =>
    withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web')
      const { vm } = await givenVm(driver)
      await post(driver, `load-balancer/v2/lbaas/pools/${web}/members`, {
        member: { address: '10.10.1.40', protocol_port: 80, subnet_id: idOf(driver, 'subnets', 'bosh-net-subnet') },
      })
      const [member] = await membersOf(driver, web)
      const metadata = { lbaas_pool_1: `${web}/${member?.['id']}` }
      await post(driver, `compute/v2.1/servers/${vm}/metadata`, { metadata })
      await driver.call().deleteVm(vm)
      expect(await membersOf(driver, web)).toEqual([])
    }, options))

  test('a member that was never recorded is found by its address, which may be one of several', () =>
    withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web')
      const networks = [
        manualOn(driver, 'bosh-net', '10.10.1.7'),
        manualOn(driver, 'bosh-net-2', '10.20.0.7', { name: 'b', default: [] }),
      ]
      const multiNic = { openstack: { use_dhcp: false, config_drive: 'cdrom' } }
      const { vm } = await givenVm(driver, { networks }, multiNic)
      const subnet_id = idOf(driver, 'subnets', 'bosh-net-subnet')
      await post(driver, `load-balancer/v2/lbaas/pools/${web}/members`, {
        member: { address: '10.10.1.7', protocol_port: 8080, subnet_id },
      })
      await post(driver, `compute/v2.1/servers/${vm}/metadata`, { metadata: { lbaas_pool_1: web } })
      await driver.call().deleteVm(vm)
      expect(await membersOf(driver, web)).toEqual([])
    }, options))
})
