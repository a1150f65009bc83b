import { describe, expect, test } from 'vitest'
import { made } from '../../../test/cinder-on-fake.ts'
import { type DriverOnFake, directorUuid, withDriverOnFake } from '../../../test/driver-on-fake.ts'
import { failureOf, givenVm, idOf, manualOn, post, vmDefaults } from '../../../test/vm-on-fake.ts'

const options = { openstack: vmDefaults }
const ourName = 'vm-0b1f9d3c-6d3f-4c8e-9d6a-0123456789ab-default'

/** A port on the address that the VM wants. */
function givenPort(driver: DriverOnFake, port: Record<string, unknown>) {
  const network_id = idOf(driver, 'networks', 'bosh-net')
  return post(driver, 'network/v2.0/ports', { port: { network_id, fixed_ips: [{ ip_address: '10.10.1.7' }], ...port } })
}

describe('§6.3 an address that is taken', () => {
  test.each([
    ['a port of an earlier failure', { name: ourName }],
    ['a port without a name', { name: '' }],
    ['our own port', { name: ourName, description: `director_uuid:${directorUuid} agent_id:x` }],
  ])('by %s: it is deleted', (_, port) =>
    withDriverOnFake(async (driver) => {
      await givenPort(driver, port)
      await givenVm(driver)
      expect(made(driver, 'ports')).toMatchObject([{ device_owner: expect.stringContaining('compute:') }])
    }, options),
  )

  test.each([
    ["the operator's reservation", { name: 'vrrp' }, {}],
    ["another director's port", { name: ourName, description: 'director_uuid:other agent_id:x' }, {}],
    ["somebody else's service", { name: '', device_id: 'x', device_owner: 'network:x' }, {}],
    ['a port for the VRRP address', { name: '' }, { allowed_address_pairs: '10.10.1.7' }],
  ])('by %s: it stays, and the holder is named', (_, port, cloudProperties) =>
    withDriverOnFake(async (driver) => {
      await givenPort(driver, port)
      const failure = await failureOf(givenVm(driver, { cloudProperties }))
      const [held, ...others] = made(driver, 'ports')
      expect(others).toEqual([])
      expect(failure).toMatchObject({
        code: 'VmCreationFailed',
        okToRetry: false,
        message: expect.stringContaining(`Address 10.10.1.7 is held by port ${held?.['id']}`),
      })
    }, options),
  )

  test('by a leftover, however the IPv6 address is spelt', () =>
    withDriverOnFake(async (driver) => {
      const network_id = idOf(driver, 'networks', 'bosh-net-dual')
      await post(driver, 'network/v2.0/ports', {
        port: { network_id, name: ourName, fixed_ips: [{ ip_address: 'fd00:40::7' }] },
      })
      await givenVm(driver, { networks: [manualOn(driver, 'bosh-net-dual', 'FD00:40:0:0::0007')] })
      expect(made(driver, 'ports')).toMatchObject([{ device_owner: expect.stringContaining('compute:') }])
    }, options))

  test('by a running server: refused for good; nothing of it is touched', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      const failure = await failureOf(givenVm(driver))
      expect(failure).toMatchObject({ okToRetry: false, message: expect.stringContaining(vm) })
      expect([made(driver, 'servers').length, made(driver, 'ports').length]).toEqual([1, 1])
    }, options))

  test('by a server on its way out: it is waited for', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      const { cloud } = driver
      await cloud.fetch(`${cloud.url}/compute/v2.1/servers/${vm}`, {
        method: 'DELETE',
        headers: { 'x-auth-token': await cloud.token('bosh') },
      })
      const { vm: next } = await givenVm(driver)
      expect(made(driver, 'servers').map(({ id }) => id)).toEqual([next])
    }, options))

  test('a quota of ports is no conflict: fatal at once', () =>
    withDriverOnFake(async (driver) => {
      const body = {
        NeutronError: { type: 'OverQuota', message: "Quota exceeded for resources: ['port'].", detail: '' },
      }
      driver.cloud.faults.add({
        match: { service: 'network', operation: 'ports.create' },
        do: { respond: { status: 409, body } },
      })
      expect(await failureOf(givenVm(driver))).toMatchObject({ okToRetry: false })
      expect(driver.cloud.journal.of('ports.create', 'network')).toHaveLength(1)
    }, options))
})
