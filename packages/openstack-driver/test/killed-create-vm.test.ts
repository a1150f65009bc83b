import { describe, expect, test } from 'vitest'
import { made } from './cinder-on-fake.ts'
import { type CallOptions, type DriverOnFake, withDriverOnFake } from './driver-on-fake.ts'
import { vip } from './network-specs.ts'
import { givenPools, membersOf } from './octavia-on-fake.ts'
import { killedAfter, sendTo } from './send-to-fake.ts'
import { type GivenVm, givenVm, manualOn, portsOf, vmDefaults } from './vm-on-fake.ts'

const options = { openstack: vmDefaults }

const requests: readonly (readonly [string, (driver: DriverOnFake) => GivenVm])[] = [
  ['one manual network', () => ({})],
  [
    'pool, server group and floating IP',
    (driver) => ({
      cloudProperties: { loadbalancer_pools: [{ name: 'web', port: 80 }], server_group: { name: 'g' } },
      networks: [manualOn(driver, 'bosh-net', '10.10.1.7'), vip('v', { ip: '203.0.113.137' })],
    }),
  ],
  ['a boot volume', () => ({ cloudProperties: { boot_from_volume: true, root_disk: { size: 2 } } })],
]

/**
 * Kills a `create_vm` after its nth request took effect, which is the same as before it sends the next one, and repeats
 * it. @returns false when the call makes fewer requests
 */
const killAndRepeat = (given: (driver: DriverOnFake) => GivenVm, nth: number) =>
  withDriverOnFake(async (driver) => {
    const { web } = await givenPools(driver, 'web')
    const request = given(driver)
    const send = killedAfter(sendTo(driver.cloud), nth)
    const killed: CallOptions = { send, openstack: { auth_url: driver.cloud.authUrl } }
    await givenVm(driver, request, killed).catch(() => undefined)
    if (!send.wasKilled()) return false
    const { vm } = await givenVm(driver, request)
    const place = `killed after request ${nth}`
    expect(
      made(driver, 'servers').map(({ id }) => id),
      place,
    ).toEqual([vm])
    expect(await portsOf(driver, vm), place).toHaveLength(1)
    const ownPorts = made(driver, 'ports').filter(({ name }) => String(name).startsWith('vm-'))
    expect(
      ownPorts.map(({ device_id }) => device_id),
      place,
    ).toEqual([vm])
    const members = await membersOf(driver, web)
    expect(members.length, place).toBe(request.cloudProperties?.['loadbalancer_pools'] === undefined ? 0 : 1)
    await driver.call().deleteVm(vm)
    expect(made(driver, 'servers'), place).toEqual([])
    expect(await membersOf(driver, web), place).toEqual([])
    return true
  }, options)

describe('§6.3 a create_vm that was killed at any request', () => {
  test.each(requests)(
    'succeeds when the director repeats it, and leaves one VM: %s',
    async (_, given) => {
      let kills = 0
      while (await killAndRepeat(given, kills + 1)) kills += 1
      expect(kills).toBeGreaterThan(7)
    },
    120_000,
  )
})
