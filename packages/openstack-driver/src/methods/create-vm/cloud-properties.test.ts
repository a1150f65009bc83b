import { diskCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { absentDisk, made } from '../../../test/cinder-on-fake.ts'
import { type DriverOnFake, withDriverOnFake } from '../../../test/driver-on-fake.ts'
import { dynamic, vip } from '../../../test/network-specs.ts'
import { givenPools } from '../../../test/octavia-on-fake.ts'
import {
  failureOf,
  givenVm,
  idOf,
  leftBehind,
  manualOn,
  portsOf,
  post,
  serverOf,
  vmDefaults,
} from '../../../test/vm-on-fake.ts'

const options = { openstack: vmDefaults }
const asAdmin = {
  user: 'admin',
  openstack: { api_key: 'admin-password', default_key_name: null, default_security_groups: null },
}
/** The last request for a server, as it was sent. */
const asked = (driver: DriverOnFake) => driver.cloud.journal.of('servers.create').at(-1)?.request

describe('§5.1 cloud properties of VMs', () => {
  test('instance_type may be the id of a flavor', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver, { cloudProperties: { instance_type: '11' } })
      expect(await serverOf(driver, vm)).toMatchObject({ flavor: { id: '11' } })
    }, options))

  test('availability_zone is passed on as it is, also with a host', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver, { cloudProperties: { availability_zone: 'z1:compute-z1' } }, asAdmin)
      expect(asked(driver)).toMatchObject({ server: { availability_zone: 'z1:compute-z1' } })
      expect(made(driver, 'servers')).toMatchObject([{ id: vm, host: 'compute-z1' }])
    }))

  test('key_name wins over the configured one', () =>
    withDriverOnFake(async (driver) => {
      await post(driver, 'compute/v2.1/os-keypairs', { keypair: { name: 'own' } })
      const { vm } = await givenVm(driver, { cloudProperties: { key_name: 'own' } })
      expect(await serverOf(driver, vm)).toMatchObject({ key_name: 'own' })
    }, options))

  test.each([
    ['false', 'cdrom', false, ''],
    ['true', null, true, 'True'],
  ])('config_drive: %s wins over the configured %s', (_, configured, config_drive, expected) =>
    withDriverOnFake(
      async (driver) => {
        const { vm } = await givenVm(driver, { cloudProperties: { config_drive } })
        expect(await serverOf(driver, vm)).toMatchObject({ config_drive: expected })
      },
      { openstack: { ...vmDefaults, config_drive: configured } },
    ),
  )

  test('§6.2 config_drive of the VM type counts for the rule on several NICs, too', () =>
    withDriverOnFake(
      async (driver) => {
        const networks = [
          manualOn(driver, 'bosh-net', '10.10.1.7', { name: 'a' }),
          manualOn(driver, 'bosh-net-2', '10.20.0.7', { name: 'b', default: [] }),
        ]
        expect((await failureOf(givenVm(driver, { networks }))).message).toContain('Multiple manual networks')
        const { vm } = await givenVm(driver, { networks, cloudProperties: { config_drive: true } })
        expect(await portsOf(driver, vm)).toHaveLength(2)
      },
      { openstack: { ...vmDefaults, use_dhcp: false } },
    ))

  test('§6.4 one more address goes on the port of the default network, with a check only where wanted', () =>
    withDriverOnFake(async (driver) => {
      const unchecked = { allowed_address_pairs: '10.10.2.9', vrrp_port_check: false }
      const { vm } = await givenVm(driver, { cloudProperties: unchecked })
      expect(await portsOf(driver, vm)).toMatchObject([{ allowed_address_pairs: [{ ip_address: '10.10.2.9' }] }])
    }, options))
})

describe('§6.1 security groups of the server', () => {
  test('are told by id, and are those of the NICs that Nova makes', () =>
    withDriverOnFake(async (driver) => {
      const id = idOf(driver, 'security_groups', 'bosh-extra')
      const net_id = idOf(driver, 'networks', 'bosh-net')
      const networks = [dynamic('d', { cloudProperties: { net_id } })]
      const { vm } = await givenVm(driver, { networks, cloudProperties: { security_groups: ['bosh-extra'] } })
      expect(asked(driver)).toMatchObject({ server: { security_groups: [{ name: id }] } })
      expect(await portsOf(driver, vm)).toMatchObject([{ security_groups: [id] }])
    }, options))

  test('an entry that is no UUID is not looked for as an id', () =>
    withDriverOnFake(async (driver) => {
      const requests = await driver.requestsOf(() =>
        failureOf(givenVm(driver, { cloudProperties: { security_groups: ['zz'] } })),
      )
      expect(requests.filter(({ path }) => path.includes('security-groups'))).toHaveLength(1)
    }, options))
})

describe('§6.3 networks of the server', () => {
  test('a manual network is its port alone; a dynamic one its network', () =>
    withDriverOnFake(
      async (driver) => {
        const uuid = idOf(driver, 'networks', 'bosh-net-2')
        const networks = [
          manualOn(driver, 'bosh-net', '10.10.1.7', { name: 'a' }),
          dynamic('d', { cloudProperties: { net_id: uuid } }),
        ]
        await givenVm(driver, { networks })
        const port = made(driver, 'ports').find(({ name }) => String(name).endsWith('-a'))
        expect(Reflect.get(Object(asked(driver)), 'server')).toMatchObject({
          networks: [{ port: port?.['id'] }, { uuid }],
        })
        expect(JSON.stringify(asked(driver))).not.toContain(idOf(driver, 'networks', 'bosh-net'))
      },
      { openstack: { ...vmDefaults, use_dhcp: false, config_drive: 'cdrom' } },
    ))

  test.each([
    ['2.1', {}, undefined],
    ['2.52', { tags: ['x'] }, 'auto'],
  ])("without net_id Nova takes the project's only network, at %s", (microversion, cloudProperties, sent) =>
    withDriverOnFake(async (driver) => {
      const how = { user: 'bosh-small' }
      const networks = [dynamic('d', { cloudProperties: {} })]
      const { vm } = await givenVm(driver, { networks, cloudProperties }, how)
      expect(driver.cloud.journal.of('servers.create')).toMatchObject([{ microversion }])
      expect(Reflect.get(Object(Reflect.get(Object(asked(driver)), 'server')), 'networks')).toBe(sent)
      expect(made(driver, 'ports')).toMatchObject([
        { device_id: vm, network_id: idOf(driver, 'networks', 'small-net') },
      ])
    }),
  )
})

describe('§6.3 tags of ports', () => {
  test('are best effort: a refusal is a warning', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add({
        match: { service: 'network', method: 'PUT', path: '/tags$' },
        do: { respond: { status: 403, body: { NeutronError: { type: 'PolicyNotAuthorized', message: 'no' } } } },
      })
      const { vm } = await givenVm(driver)
      expect(await portsOf(driver, vm)).toMatchObject([{ tags: [] }])
      expect(driver.lines).toContainEqual(expect.stringMatching(/^warn Port \S+ could not be tagged/))
    }, options))
})

test('§6.1, §6.4, §6.5, §6.6 groups, pools, floating IPs and VRRP ports are asked for by name or address, not read whole', () =>
  withDriverOnFake(async (driver) => {
    await givenPools(driver, 'web')
    const networks = [manualOn(driver, 'bosh-net', '10.10.1.7'), vip('v', { ip: '203.0.113.137' })]
    const cloudProperties = { loadbalancer_pools: [{ name: 'web', port: 80 }], allowed_address_pairs: '10.10.2.9' }
    const network_id = idOf(driver, 'networks', 'bosh-net')
    await post(driver, 'network/v2.0/ports', { port: { network_id, fixed_ips: [{ ip_address: '10.10.2.9' }] } })
    const requests = await driver.requestsOf(() => givenVm(driver, { networks, cloudProperties }))
    const queryOf = (list: RegExp) =>
      requests.filter(({ method, path }) => method === 'GET' && list.test(path)).map(({ query }) => query)
    expect(queryOf(/\/security-groups$/)).toMatchObject([{ name: 'bosh' }])
    expect(queryOf(/\/pools$/)).toMatchObject([{ name: 'web' }])
    expect(queryOf(/\/floatingips$/)).toMatchObject([{ floating_ip_address: '203.0.113.137' }])
    expect(queryOf(/\/ports$/)).toMatchObject([{ fixed_ips: 'ip_address=10.10.2.9' }])
  }, options))

test('§6.8 disks that are not found say nothing about the zone', () =>
  withDriverOnFake(async (driver) => {
    const disk = await driver.call().createDisk({ sizeMiB: 1024, cloudProperties: { availability_zone: 'z2' } })
    const { vm } = await givenVm(driver, { disks: [absentDisk, diskCid('..'), disk] })
    expect(await serverOf(driver, vm)).toMatchObject({ 'OS-EXT-AZ:availability_zone': 'z2' })
    expect(leftBehind(driver)).toEqual({ servers: 1, ports: 1, volumes: 1 })
  }, options))
