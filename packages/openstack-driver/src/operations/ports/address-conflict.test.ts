import { describe, expect, test } from 'vitest'
import { force, made } from '../../../test/cinder-on-fake.ts'
import { type DriverOnFake, directorUuid, withDriverOnFake } from '../../../test/driver-on-fake.ts'
import { failureOf, givenVm, idOf, manualOn, post, vmDefaults } from '../../../test/vm-on-fake.ts'

const options = { openstack: vmDefaults }
const ourName = 'vm-0b1f9d3c-6d3f-4c8e-9d6a-0123456789ab-default'

/** A port on the address that the VM wants. */
function givenPort(driver: DriverOnFake, port: Record<string, unknown>) {
  const network_id = idOf(driver, 'networks', 'bosh-net')
  return post(driver, 'network/v2.0/ports', { port: { network_id, fixed_ips: [{ ip_address: '10.10.1.7' }], ...port } })
}

/** Somebody asks Nova to delete a server; nothing more happens until the clock goes on. */
async function deleteServer({ cloud }: DriverOnFake, vm: string): Promise<void> {
  const headers = { 'x-auth-token': await cloud.token('bosh') }
  await cloud.fetch(`${cloud.url}/compute/v2.1/servers/${vm}`, { method: 'DELETE', headers })
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
        message: expect.stringMatching(new RegExp(`^Address 10\\.10\\.1\\.7 is in use by .*port ${held?.['id']}`)),
      })
    }, options),
  )

  test.each([
    [
      'whatever the CPI tags ports with: it is deleted',
      ['server:x', 'director_uuid:x', 'job:web', 'lbaas-pool-0:p'],
      true,
    ],
    ['what somebody else wrote: it stays', ['server:x', 'reserved-for-vrrp'], false],
  ])('by a port without a name, but with tags, %s', (_, tags, goes) =>
    withDriverOnFake(async (driver) => {
      await givenPort(driver, { name: '' })
      const id = String(made(driver, 'ports')[0]?.['id'])
      force(driver, 'ports', id, { tags })
      await givenVm(driver).catch(() => undefined)
      expect(made(driver, 'ports').some((port) => port['id'] === id)).toBe(!goes)
    }, options),
  )

  test.each([
    ['active', { status: 'ACTIVE' }],
    ['bound to something', { device_id: 'x' }],
    ["some service's", { device_owner: 'network:x' }],
  ])('by a port with a name of ours that is %s: it stays', (_, state) =>
    withDriverOnFake(async (driver) => {
      await givenPort(driver, { name: ourName })
      force(driver, 'ports', String(made(driver, 'ports')[0]?.['id']), state)
      expect(await failureOf(givenVm(driver))).toMatchObject({ code: 'VmCreationFailed', okToRetry: false })
      expect(made(driver, 'ports')).toMatchObject([{ name: ourName, ...state }])
    }, options),
  )

  test.each([
    ['IpAddressAlreadyAllocated', true],
    ['IpAddressInUse', true],
    ['MacAddressInUse', false],
  ])('a refusal of type %s frees the address: %s', (type, frees) =>
    withDriverOnFake(async (driver) => {
      const { port } = (await givenPort(driver, { name: ourName })) as { port: { id: string } }
      const body = { NeutronError: { type, message: 'refused', detail: '' } }
      driver.cloud.faults.add({
        match: { service: 'network', operation: 'ports.create' },
        do: { respond: { status: 409, body } },
      })
      if (frees) await givenVm(driver)
      else expect((await failureOf(givenVm(driver))).message).toContain('refused')
      expect(made(driver, 'ports').some(({ id }) => id === port.id)).toBe(!frees)
    }, options),
  )

  test('only in its own network: others may have the same addresses', () =>
    withDriverOnFake(async (driver) => {
      const { network } = (await post(driver, 'network/v2.0/networks', { network: { name: 'same-range' } })) as {
        network: { id: string }
      }
      const subnet = { network_id: network.id, ip_version: 4, cidr: '10.10.0.0/16' }
      await post(driver, 'network/v2.0/subnets', { subnet })
      await givenPort(driver, { name: ourName, network_id: network.id })
      await givenPort(driver, { name: ourName })
      const { vm } = await givenVm(driver)
      const left = made(driver, 'ports').filter(({ device_owner }) => device_owner !== 'network:dhcp')
      expect(left.map(({ network_id, device_id }) => [network_id, device_id])).toEqual(
        expect.arrayContaining([
          [network.id, ''],
          [idOf(driver, 'networks', 'bosh-net'), vm],
        ]),
      )
    }, options))

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
      await driver.call().setVmMetadata(vm, { job: 'web' })
      const failure = await failureOf(givenVm(driver))
      expect(failure).toMatchObject({
        okToRetry: false,
        message: expect.stringMatching(new RegExp(`in use by compute ${vm}, port .*openstack-cpi leftovers`)),
      })
      expect([made(driver, 'servers').length, made(driver, 'ports').length]).toEqual([1, 1])
    }, options))

  test('by a server on its way out: it is waited for', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      await deleteServer(driver, vm)
      const { vm: next } = await givenVm(driver)
      expect(made(driver, 'servers').map(({ id }) => id)).toEqual([next])
    }, options))

  test('by a soft-deleted server, which keeps it for days: refused immediately, naming what frees it', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      await driver.call().setVmMetadata(vm, { job: 'web' })
      force(driver, 'servers', vm, { vm_state: 'soft-delete', task_state: null })
      const startedMs = driver.cloud.clock.now()
      expect(await failureOf(givenVm(driver))).toMatchObject({
        okToRetry: false,
        message: expect.stringMatching(new RegExp(`soft-deleted: 'openstack server delete --force ${vm}'`)),
      })
      expect(driver.cloud.clock.now() - startedMs).toBeLessThan(30_000)
    }, options))

  test('by a server that does not get on with its end: given up after a minute, worth another try', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      driver.cloud.faults.add({ match: { transition: 'servers.delete.deleted' }, do: { hold: true } })
      await deleteServer(driver, vm)
      const startedMs = driver.cloud.clock.now()
      expect(await failureOf(givenVm(driver))).toMatchObject({
        code: 'VmCreationFailed',
        okToRetry: true,
        message: expect.stringMatching(/was not freed by port \S+ within 60 s/),
      })
      const tookMs = driver.cloud.clock.now() - startedMs
      expect(tookMs).toBeGreaterThanOrEqual(60_000)
      expect(tookMs).toBeLessThan(90_000)
      expect(made(driver, 'servers').map(({ id }) => id)).toEqual([vm])
    }, options))

  test('a quota of ports is no conflict: fails immediately', () =>
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
