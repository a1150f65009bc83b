import { describe, expect, test } from 'vitest'
import { made } from '../../../test/cinder-on-fake.ts'
import { withDriverOnFake } from '../../../test/driver-on-fake.ts'
import { dynamic } from '../../../test/network-specs.ts'
import { givenPools, membersOf } from '../../../test/octavia-on-fake.ts'
import { failureOf, givenVm, idOf, manualOn, vmDefaults } from '../../../test/vm-on-fake.ts'

const options = { openstack: vmDefaults }
const multiNic = { openstack: { use_dhcp: false, config_drive: 'cdrom' } }
const requested = { cloudProperties: { loadbalancer_pools: [{ name: 'web', port: 8080 }] } }

describe('§6.6 the address of a member', () => {
  test('on several networks it is the address in the default one', () =>
    withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web')
      const networks = [
        manualOn(driver, 'bosh-net-2', '10.20.0.7', { name: 'b', default: [] }),
        manualOn(driver, 'bosh-net', '10.10.1.7', { name: 'a' }),
      ]
      await givenVm(driver, { ...requested, networks }, multiNic)
      const subnet_id = idOf(driver, 'subnets', 'bosh-net-subnet')
      expect(await membersOf(driver, web)).toMatchObject([{ address: '10.10.1.7', subnet_id }])
    }, options))

  test('of a NIC with two addresses it is the one of the default network', () =>
    withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web')
      const networks = [
        manualOn(driver, 'bosh-net-dual', 'fd00:40::7', { name: 'v6', nicGroup: '1', default: [] }),
        manualOn(driver, 'bosh-net-dual', '10.40.0.7', { name: 'v4', nicGroup: '1' }),
      ]
      await givenVm(driver, { ...requested, networks })
      expect(await membersOf(driver, web)).toMatchObject([{ address: '10.40.0.7' }])
    }, options))

  test('a dynamic default network beside another one: which address is meant would be a guess', () =>
    withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web')
      const net_id = idOf(driver, 'networks', 'bosh-net')
      const networks = [
        dynamic('d', { default: ['gateway'], cloudProperties: { net_id } }),
        manualOn(driver, 'bosh-net-2', '10.20.0.7', { name: 'b', default: [] }),
      ]
      expect(await failureOf(givenVm(driver, { ...requested, networks }, multiNic))).toMatchObject({
        code: 'VmCreationFailed',
        okToRetry: false,
        message: expect.stringContaining('only if it is the only network'),
      })
      expect([await membersOf(driver, web), made(driver, 'servers')]).toEqual([[], []])
    }, options))
})
