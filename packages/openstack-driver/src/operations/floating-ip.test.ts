import { describe, expect, test } from 'vitest'
import { force, made } from '../../test/cinder-on-fake.ts'
import { type DriverOnFake, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { dynamic, vip } from '../../test/network-specs.ts'
import { givenPools } from '../../test/octavia-on-fake.ts'
import {
  type Answer,
  failureOf,
  givenVm,
  idOf,
  leftBehind,
  manualOn,
  portsOf,
  post,
  read,
  vmDefaults,
} from '../../test/vm-on-fake.ts'

const options = { openstack: vmDefaults }
const address = '203.0.113.137'

async function floatingIp(driver: DriverOnFake): Promise<Answer> {
  const path = `network/v2.0/floatingips?floating_ip_address=${address}`
  const [found] = (await read(driver, path))['floatingips'] as readonly Answer[]
  return found ?? {}
}
const immutable = { faultcode: 'Client', faultstring: 'Pool x is immutable and cannot be updated.', debuginfo: null }
const once = (act: () => Promise<unknown>) => {
  let acted = false
  return async () => {
    if (acted) return
    acted = true
    await act()
  }
}
const withVip = (driver: DriverOnFake, ip: string) => ({
  networks: [manualOn(driver, 'bosh-net', ip), vip('v', { ip: address })],
})

describe('§6.5 the floating IP of a vip network', () => {
  test("is mapped to the VM's port", () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver, withVip(driver, '10.10.1.7'))
      const [port] = await portsOf(driver, vm)
      expect(await floatingIp(driver)).toMatchObject({ port_id: port?.['id'], fixed_ip_address: '10.10.1.7' })
    }, options))

  test('moves from another VM with one request', () =>
    withDriverOnFake(async (driver) => {
      await givenVm(driver, withVip(driver, '10.10.1.7'))
      const requests = await driver.requestsOf(() => givenVm(driver, withVip(driver, '10.10.1.8')))
      expect(requests.filter(({ method, path }) => method === 'PUT' && path.includes('floatingips'))).toHaveLength(1)
      expect(await floatingIp(driver)).toMatchObject({ fixed_ip_address: '10.10.1.8' })
    }, options))

  test('goes back to where it was when the VM cannot be made after all', () =>
    withDriverOnFake(async (driver) => {
      await givenVm(driver, withVip(driver, '10.10.1.7'))
      driver.cloud.faults.add({
        match: { service: 'network', method: 'PUT', path: 'floatingips' },
        when: 'after',
        do: { respond: { status: 400, body: {} } },
      })
      await failureOf(givenVm(driver, withVip(driver, '10.10.1.8')))
      expect(await floatingIp(driver)).toMatchObject({ fixed_ip_address: '10.10.1.7' })
      expect([made(driver, 'servers').length, made(driver, 'ports').length]).toEqual([1, 1])
    }, options))

  test('is taken from a VM that got it while ours was being made, and the log tells', () =>
    withDriverOnFake(async (driver) => {
      const meanwhile = once(() => givenVm(driver, withVip(driver, '10.10.1.9')))
      await givenVm(driver, withVip(driver, '10.10.1.7'), { meanwhile })
      expect(await floatingIp(driver)).toMatchObject({ fixed_ip_address: '10.10.1.7' })
      expect(driver.lines.join('\n')).toMatch(/warn .*203\.0\.113\.137 was mapped to port \S+ meanwhile/)
    }, options))

  test('goes back to that VM when ours cannot be made after all', () =>
    withDriverOnFake(async (driver) => {
      await givenVm(driver, withVip(driver, '10.10.1.8'))
      driver.cloud.faults.add({
        match: { service: 'network', method: 'PUT', path: 'floatingips' },
        skip: 1,
        when: 'after',
        do: { respond: { status: 400, body: {} } },
      })
      const meanwhile = once(() => givenVm(driver, withVip(driver, '10.10.1.9')))
      await failureOf(givenVm(driver, withVip(driver, '10.10.1.7'), { meanwhile }))
      expect(await floatingIp(driver)).toMatchObject({ fixed_ip_address: '10.10.1.9' })
    }, options))

  test('stays with a VM that got it before ours was given up', () =>
    withDriverOnFake(async (driver) => {
      await givenPools(driver, 'web')
      await givenVm(driver, withVip(driver, '10.10.1.8'))
      const joining = { service: 'load-balancer', operation: 'members.create' }
      driver.cloud.faults.add({ match: joining, times: 2, do: { respond: { status: 409, body: immutable } } })
      driver.cloud.faults.add({ match: joining, skip: 2, do: { respond: { status: 400 } } })
      const meanwhile = async () => {
        if ((await floatingIp(driver))['fixed_ip_address'] !== '10.10.1.7') return
        await givenVm(driver, withVip(driver, '10.10.1.9'))
      }
      const cloudProperties = { loadbalancer_pools: [{ name: 'web', port: 80 }] }
      await failureOf(givenVm(driver, { ...withVip(driver, '10.10.1.7'), cloudProperties }, { meanwhile }))
      expect(await floatingIp(driver)).toMatchObject({ fixed_ip_address: '10.10.1.9' })
    }, options))

  test('on a dynamic network the port is looked for; on a dual-stack port the IPv4 is meant', () =>
    withDriverOnFake(async (driver) => {
      const net_id = idOf(driver, 'networks', 'bosh-net')
      const dynamically = await givenVm(driver, {
        networks: [dynamic('d', { cloudProperties: { net_id } }), vip('v', { ip: address })],
      })
      expect(await floatingIp(driver)).toMatchObject({ port_id: (await portsOf(driver, dynamically.vm))[0]?.['id'] })
      const dual = [
        manualOn(driver, 'bosh-net-dual', 'fd00:40::7', { name: 'v6', nicGroup: '1' }),
        manualOn(driver, 'bosh-net-dual', '10.40.0.7', { name: 'v4', nicGroup: '1', default: [] }),
      ]
      await givenVm(driver, { networks: [...dual, vip('v', { ip: address })] })
      expect(await floatingIp(driver)).toMatchObject({ fixed_ip_address: '10.40.0.7' })
      expect(driver.cloud.journal.of('floatingips.update').at(-1)?.request).toMatchObject({
        floatingip: { fixed_ip_address: '10.40.0.7' },
      })
    }, options))

  test('with several networks it is the port in the default one, also where Nova made it', () =>
    withDriverOnFake(async (driver) => {
      const net_id = idOf(driver, 'networks', 'bosh-net')
      const multiNic = { openstack: { use_dhcp: false, config_drive: 'cdrom' } }
      // Several, as Neutron lists the ports of a server in any order.
      for (const ip of ['10.20.0.7', '10.20.0.8', '10.20.0.9']) {
        const networks = [
          manualOn(driver, 'bosh-net-2', ip, { name: 'b', default: [] }),
          dynamic('d', { default: ['gateway'], cloudProperties: { net_id } }),
          vip('v', { ip: address }),
        ]
        const { vm } = await givenVm(driver, { networks }, multiNic)
        const port = (await portsOf(driver, vm)).find(({ network_id }) => network_id === net_id)
        expect(await floatingIp(driver)).toMatchObject({ port_id: port?.['id'] })
      }
    }, options))

  test('and not that of a manual network which is on the same Neutron network', () =>
    withDriverOnFake(async (driver) => {
      const net_id = idOf(driver, 'networks', 'bosh-net')
      const multiNic = { openstack: { use_dhcp: false, config_drive: 'cdrom' } }
      for (const ip of ['10.10.1.7', '10.10.1.8', '10.10.1.9', '10.10.1.11']) {
        const networks = [
          manualOn(driver, 'bosh-net', ip, { name: 'fixed', default: ['dns'] }),
          dynamic('d', { default: ['gateway'], cloudProperties: { net_id } }),
          vip('v', { ip: address }),
        ]
        const { vm } = await givenVm(driver, { networks }, multiNic)
        const dynamicPort = (await portsOf(driver, vm)).find(({ name }) => name === '')
        expect(await floatingIp(driver)).toMatchObject({ port_id: dynamicPort?.['id'] })
      }
    }, options))

  test('comes from whatever had it, without a look at who that was', () =>
    withDriverOnFake(async (driver) => {
      const network_id = idOf(driver, 'networks', 'bosh-net')
      const holder = { network_id, device_owner: 'Octavia', device_id: 'lb-0b1f9d3c' }
      const { port } = (await post(driver, 'network/v2.0/ports', { port: holder })) as { port: { id: string } }
      const { id, floating_network_id } = await floatingIp(driver)
      force(driver, 'floatingips', String(id), { port_id: port.id, fixed_ip_address: '10.10.2.9' })
      const requests = await driver.requestsOf(() => givenVm(driver, withVip(driver, '10.10.1.7')))
      expect(await floatingIp(driver)).toMatchObject({ floating_network_id, fixed_ip_address: '10.10.1.7' })
      expect(requests.filter(({ path }) => path.includes(port.id) || path.includes(holder.device_id))).toEqual([])
    }, options))

  test('that two external networks have: refused, both are named', () =>
    withDriverOnFake(async (driver) => {
      const duplicates = ['net-a', 'net-b'].map((floating_network_id) => ({
        id: `fip-on-${floating_network_id}`,
        floating_ip_address: address,
        floating_network_id,
        port_id: null,
      }))
      driver.cloud.faults.add({
        match: { service: 'network', method: 'GET', path: 'floatingips' },
        do: { respond: { status: 200, body: { floatingips: duplicates } } },
      })
      expect(await failureOf(givenVm(driver, withVip(driver, '10.10.1.7')))).toMatchObject({
        code: 'VmCreationFailed',
        okToRetry: false,
        message: `Floating IP '${address}' found in multiple networks: net-a, net-b`,
      })
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('a server without a port in that network: an error, and nothing stays', () =>
    withDriverOnFake(async (driver) => {
      const net_id = idOf(driver, 'networks', 'bosh-net')
      driver.cloud.faults.add({
        match: { service: 'network', operation: 'ports.list' },
        do: { respond: { status: 200, body: { ports: [] } } },
      })
      const networks = [dynamic('d', { cloudProperties: { net_id } }), vip('v', { ip: address })]
      const { message } = await failureOf(givenVm(driver, { networks }))
      expect(message).toContain(`Server has no port in network '${net_id}'`)
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test.each([
    [404, 'PortNotFound'],
    [404, 'ExternalGatewayForFloatingIPNotFound'],
    [409, 'FloatingIPNotReady'],
  ])('a port that the router sees late is waited for, some seconds (%i %s)', (status, type) =>
    withDriverOnFake(async (driver) => {
      const match = { service: 'network', method: 'PUT', path: 'floatingips' } as const
      const late = { respond: { status, body: { NeutronError: { type, message: 'not yet', detail: '' } } } }
      driver.cloud.faults.add({ match, times: 2, do: late })
      await givenVm(driver, withVip(driver, '10.10.1.7'))
      expect(await floatingIp(driver)).toMatchObject({ fixed_ip_address: '10.10.1.7' })
      driver.cloud.faults.add({ match, times: null, do: late })
      const startedMs = driver.cloud.clock.now()
      expect((await failureOf(givenVm(driver, withVip(driver, '10.10.1.8')))).message).toContain('not yet')
      expect(driver.cloud.clock.now() - startedMs).toBeLessThan(60_000)
    }, options),
  )

  test('delete_vm never releases it', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver, withVip(driver, '10.10.1.7'))
      await driver.call().deleteVm(vm)
      expect(await floatingIp(driver)).toMatchObject({ floating_ip_address: address, port_id: null })
    }, options))

  test.each(['name', 'id'])(
    'is allocated from the external network where that is requested and allowed, and stays with the project (§5.2), by %s',
    (by) =>
      withDriverOnFake(async (driver) => {
        const external = idOf(driver, 'networks', 'public')
        const network = by === 'id' ? external : 'public'
        const wanted = { ip: '203.0.113.99', cloudProperties: { allocate: true, network } }
        const networks = [manualOn(driver, 'bosh-net', '10.10.1.7'), vip('v', wanted)]
        const asAdmin = {
          user: 'admin',
          openstack: { api_key: 'admin-password', default_key_name: null, default_security_groups: null },
        }
        const { vm } = await givenVm(driver, { networks }, asAdmin)
        const [mapped] = made(driver, 'floatingips')
        expect(mapped).toMatchObject({ floating_network_id: external, fixed_ip_address: '10.10.1.7' })
        await driver.call(asAdmin).deleteVm(vm)
        expect(made(driver, 'floatingips')).toMatchObject([{ id: mapped?.['id'], port_id: null }])
        const next = await givenVm(driver, { networks }, asAdmin)
        const [port] = await portsOf(driver, next.vm)
        expect(made(driver, 'floatingips')).toMatchObject([{ id: mapped?.['id'], port_id: port?.['id'] }])
      }, options),
  )

  test('allocation of an address that the policy does not allow says so, and leaves nothing', () =>
    withDriverOnFake(async (driver) => {
      const cloudProperties = { allocate: true, network: 'public' }
      const networks = [manualOn(driver, 'bosh-net', '10.10.1.7'), vip('v', { ip: '203.0.113.99', cloudProperties })]
      expect((await failureOf(givenVm(driver, { networks }))).message).toContain('allocate it beforehand')
      expect(leftBehind(driver)).toEqual({})
    }, options))
})
