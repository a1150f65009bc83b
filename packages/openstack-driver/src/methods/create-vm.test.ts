import { stemcellCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { force, made } from '../../test/cinder-on-fake.ts'
import { directorUuid, named, requestId, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { dynamic, vip } from '../../test/network-specs.ts'
import {
  agentSettingsOf,
  failureOf,
  givenVm,
  idOf,
  leftBehind,
  manualOn,
  portsOf,
  post,
  serverOf,
  vmDefaults,
  vmRequest,
} from '../../test/vm-on-fake.ts'

const options = { openstack: vmDefaults }
const multiNic = { openstack: { ...vmDefaults, use_dhcp: false, config_drive: 'cdrom' } }
const uuid = /^[0-9a-f-]{36}$/

describe('§7.4 create_vm', () => {
  test('makes an active server with key pair, group, port and metadata', () =>
    withDriverOnFake(async (driver) => {
      const env = { bosh: { tags: { team: 'x' } } }
      const { vm } = await givenVm(driver, { env, cloudProperties: { metadata: { cost: 7 } } })
      expect(await serverOf(driver, vm)).toMatchObject({
        status: 'ACTIVE',
        name: expect.stringMatching(/^vm-[0-9a-f-]{36}$/),
        key_name: 'bosh',
        flavor: { id: '1' },
        image: { id: idOf(driver, 'images', 'tiny-image') },
        metadata: {
          director_uuid: directorUuid,
          cpi_request_id: requestId,
          agent_id: expect.stringMatching(uuid),
          team: 'x',
          cost: '7',
        },
      })
      const [port] = await portsOf(driver, vm)
      expect(port).toMatchObject({
        name: expect.stringMatching(/^vm-[0-9a-f-]{36}-default$/),
        fixed_ips: [{ ip_address: '10.10.1.7' }],
        security_groups: [idOf(driver, 'security_groups', 'bosh')],
        description: expect.stringContaining(directorUuid),
        tags: expect.arrayContaining([`server:${vm}`]),
      })
    }, options))

  test("the answer has the networks with the port's MAC, the agent's settings have it too", () =>
    withDriverOnFake(async (driver) => {
      const { vm, networks } = await givenVm(driver)
      const [port] = await portsOf(driver, vm)
      expect(networks['default']).toMatchObject({ ip: '10.10.1.7', mac: port?.['mac_address'], use_dhcp: true })
      const { name } = await serverOf(driver, vm)
      expect(agentSettingsOf(driver)).toMatchObject({
        networks,
        vm: { name },
        server: { name },
        disks: { ephemeral: null },
      })
    }, options))

  test('contract §8.2, §8.3 the agent finds its settings in both places, its env unchanged', () =>
    withDriverOnFake(async (driver) => {
      const env = { bosh: { mbus: { urls: ['nats://x'] }, odd: null, 'ü"': [1] }, persistent_disk_fs: 'ext4' }
      const { vm, networks } = await givenVm(driver, { env, cloudProperties: { config_drive: true } })
      const { cloud } = driver
      for (const place of ['latest/user-data', 'config-drive/ec2/latest/user-data']) {
        const document = await (await cloud.fetch(`${cloud.url}/_fake/metadata/${vm}/${place}`)).json()
        expect(document).toMatchObject({ agent_id: vmRequest(driver).agentId, env, networks })
      }
      const key = await cloud.fetch(`${cloud.url}/_fake/metadata/${vm}/latest/meta-data/public-keys/0/openssh-key`)
      expect(await key.text()).toMatch(/^ssh-rsa /)
    }, options))

  test('takes at most nine requests before it polls, one login among them', () =>
    withDriverOnFake(async (driver) => {
      const names = named(await driver.requestsOf(() => givenVm(driver)))
      const before = names.slice(0, names.indexOf('compute servers.show'))
      expect(before.length).toBeLessThanOrEqual(9)
      expect(names.filter((name) => name === 'identity tokens.create')).toHaveLength(1)
      expect(names.slice(before.length).filter((name) => name !== 'compute servers.show').length).toBeLessThanOrEqual(1)
    }, options))

  test.each([
    ['m1.tiny', null],
    ['m1.tiny.ephemeral', '/dev/sdb'],
  ])('§8.1 the agent of a VM with flavor %s learns of the ephemeral disk %j', (instance_type, ephemeral) =>
    withDriverOnFake(async (driver) => {
      await givenVm(driver, { cloudProperties: { instance_type } })
      expect(agentSettingsOf(driver)['disks']).toEqual({ system: '/dev/sda', ephemeral, persistent: {} })
    }, options),
  )

  test('several NICs are in the order of the operator, each with its MAC; the config drive is asked for', () =>
    withDriverOnFake(async (driver) => {
      const networks = [
        manualOn(driver, 'bosh-net-2', '10.20.0.7', { name: 'b', default: [] }),
        manualOn(driver, 'bosh-net', '10.10.1.7', { name: 'a' }),
      ]
      const created = await givenVm(driver, { networks })
      const { config_drive } = await serverOf(driver, created.vm)
      expect(config_drive).toBe('True')
      const sent = driver.cloud.journal.of('servers.create')[0]?.request as { server: { networks: { port: string }[] } }
      const ports = await portsOf(driver, created.vm)
      const inOrder = sent.server.networks.map(({ port }) => ports.find(({ id }) => id === port))
      expect(inOrder).toMatchObject([
        { fixed_ips: [{ ip_address: '10.20.0.7' }] },
        { fixed_ips: [{ ip_address: '10.10.1.7' }] },
      ])
      const [b, a] = inOrder.map((port) => port?.['mac_address'])
      expect(created.networks).toMatchObject({ b: { mac: b }, a: { mac: a } })
      expect(b).not.toBe(a)
      expect(Object.keys(created.networks)).toEqual(['b', 'a'])
    }, multiNic))

  test('a nic_group is one dual-stack port with one MAC for both networks', () =>
    withDriverOnFake(async (driver) => {
      const networks = [
        manualOn(driver, 'bosh-net-dual', '10.40.0.7', { name: 'v4', nicGroup: '1' }),
        manualOn(driver, 'bosh-net-dual', 'fd00:40::7', { name: 'v6', nicGroup: '1', default: [] }),
      ]
      const created = await givenVm(driver, { networks })
      const [port, ...others] = await portsOf(driver, created.vm)
      expect(others).toEqual([])
      expect(port?.['fixed_ips']).toHaveLength(2)
      const mac = port?.['mac_address']
      expect(created.networks).toMatchObject({ v4: { mac }, v6: { mac } })
    }, options))

  test('a dynamic network gets its port from Nova, and no MAC is claimed', () =>
    withDriverOnFake(async (driver) => {
      const net_id = idOf(driver, 'networks', 'bosh-net')
      const { vm, networks } = await givenVm(driver, { networks: [dynamic('d', { cloudProperties: { net_id } })] })
      expect(await portsOf(driver, vm)).toHaveLength(1)
      expect(networks['d']).not.toHaveProperty('mac')
    }, options))

  test('§6.1 security groups: names and ids, in two requests at most', () =>
    withDriverOnFake(async (driver) => {
      const extra = idOf(driver, 'security_groups', 'bosh-extra')
      const cloudProperties = { security_groups: ['bosh', extra] }
      const requests = await driver.requestsOf(() => givenVm(driver, { cloudProperties }))
      expect(requests.filter(({ path }) => path.includes('security-groups'))).toHaveLength(2)
      expect(made(driver, 'ports')[0]?.['security_groups']).toEqual([idOf(driver, 'security_groups', 'bosh'), extra])
    }, options))

  test('without a key pair the server has none', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      expect(await serverOf(driver, vm)).toMatchObject({ key_name: null })
    }))

  test('§6.8 create_vm follows the disks when the VM type names no zone, else the VM type, with a warning', () =>
    withDriverOnFake(async (driver) => {
      const inZone = (availability_zone: string) =>
        driver.call().createDisk({ sizeMiB: 1024, cloudProperties: { availability_zone } })
      const disk = await inZone('z2')
      const { vm } = await givenVm(driver, { disks: [disk] })
      expect(await serverOf(driver, vm)).toMatchObject({ 'OS-EXT-AZ:availability_zone': 'z2' })
      const networks = [manualOn(driver, 'bosh-net', '10.10.1.8')]
      const apart = { networks, disks: [disk], cloudProperties: { availability_zone: 'z1' } }
      const other = await givenVm(driver, apart)
      expect(await serverOf(driver, other.vm)).toMatchObject({ 'OS-EXT-AZ:availability_zone': 'z1' })
      const warning = `warn The VM is created in availability zone 'z1', but its disk '${disk}' is in 'z2'`
      expect(driver.lines).toContainEqual(expect.stringContaining(warning))
    }, options))

  test('§5.1 tags and metadata are there from the first moment', () =>
    withDriverOnFake(async (driver) => {
      await givenVm(driver, { cloudProperties: { tags: ['a,b', 'c'], metadata: { cost: 7 } } })
      expect(driver.cloud.journal.of('servers.create')[0]).toMatchObject({
        microversion: '2.52',
        request: { server: { tags: ['a_b', 'c'], metadata: { cost: '7' } } },
      })
    }, options))
})

test('§6.4 a reserved VRRP address is found however it is spelt', () =>
  withDriverOnFake(async (driver) => {
    const network_id = idOf(driver, 'networks', 'bosh-net-dual')
    await post(driver, 'network/v2.0/ports', { port: { network_id, fixed_ips: [{ ip_address: 'fd00:40::100' }] } })
    await givenVm(driver, {
      networks: [manualOn(driver, 'bosh-net-dual', 'fd00:40::7')],
      cloudProperties: { allowed_address_pairs: 'FD00:40:0::0100' },
    })
  }, options))

describe('§7.4 create_vm refuses, and leaves nothing', () => {
  test.each([
    ['an unknown flavor', { instance_type: 'zz' }, "Flavor 'zz' not found"],
    ['an unknown key pair', { key_name: 'zz' }, "Key-pair 'zz' not found"],
    ['an unknown security group', { security_groups: ['zz'] }, "Security group 'zz' not found"],
    ['an unknown pool', { loadbalancer_pools: [{ name: 'zz', port: 1 }] }, "Load balancer pool 'zz' does not exist"],
    [
      'a VRRP address without a port',
      { allowed_address_pairs: '10.10.2.2' },
      "Configured VRRP port with ip '10.10.2.2' does not exist.",
    ],
    ['a flavor without root disk', { instance_type: 'm1.nodisk', boot_from_volume: true }, 'root disk size of 0'],
  ])('%s, before anything is made', (_, cloudProperties, message) =>
    withDriverOnFake(async (driver) => {
      const requests = await driver.requestsOf(async () => {
        expect(await failureOf(givenVm(driver, { cloudProperties }))).toMatchObject({
          code: 'VmCreationFailed',
          okToRetry: false,
          message: expect.stringContaining(message),
        })
      })
      expect(requests.filter(({ service, method }) => service !== 'identity' && method !== 'GET')).toEqual([])
    }, options),
  )

  test('a zone that does not exist', () =>
    withDriverOnFake(async (driver) => {
      expect(await failureOf(givenVm(driver, { cloudProperties: { availability_zone: 'zz' } }))).toMatchObject({
        code: 'VmCreationFailed',
        okToRetry: false,
        message: expect.stringContaining('availability zone'),
      })
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('a stemcell whose image is missing, or not active', () =>
    withDriverOnFake(async (driver) => {
      const image = idOf(driver, 'images', 'tiny-image')
      const absent = { ...vmRequest(driver), stemcell: stemcellCid('11111111-1111-4111-8111-111111111111') }
      force(driver, 'images', image, { status: 'deactivated' })
      for (const [request, message] of [
        [absent, "Image '11111111-1111-4111-8111-111111111111' not found"],
        [vmRequest(driver), `Image '${image}' is deactivated, not active`],
      ] as const) {
        expect(await failureOf(driver.call().createVm(request))).toMatchObject({
          code: 'VmCreationFailed',
          okToRetry: false,
          message: expect.stringContaining(message),
        })
      }
      expect(driver.cloud.leftovers()['servers'] ?? []).toEqual([])
    }, options))

  test('a network that is a subnet', () =>
    withDriverOnFake(async (driver) => {
      const net_id = idOf(driver, 'subnets', 'bosh-net-subnet')
      for (const network of [
        manualOn(driver, 'bosh-net', '10.10.1.7', { cloudProperties: { net_id } }),
        dynamic('d', { cloudProperties: { net_id } }),
      ]) {
        expect(await failureOf(givenVm(driver, { networks: [network] }))).toMatchObject({
          code: 'VmCreationFailed',
          okToRetry: false,
          message: expect.stringContaining(
            `Following network IDs are not existing or not accessible from this project: ${net_id}. Make sure you do not use subnet IDs.`,
          ),
        })
      }
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test.each([
    ['instances', { instance_type: 'm1.medium' }],
    ['volumes made by Nova', { boot_from_volume: true, root_disk: { size: 5 } }],
    ['volumes made beforehand', { boot_from_volume: true, root_disk: { size: 5, type: 'fast' } }],
  ])('a quota of %s fails immediately, not to be retried', (_, cloudProperties) =>
    withDriverOnFake(async (driver) => {
      const net_id = idOf(driver, 'networks', 'small-net')
      const networks = [dynamic('d', { cloudProperties: { net_id } })]
      const asSmall = {
        user: 'bosh-small',
        openstack: { default_key_name: null, default_security_groups: null, nova_microversion_max: '2.60' },
      }
      const failure = await failureOf(givenVm(driver, { cloudProperties, networks }, asSmall))
      expect(failure).toMatchObject({
        code: 'VmCreationFailed',
        okToRetry: false,
        message: expect.stringMatching(/quota/i),
      })
      expect(leftBehind(driver)).toEqual({})
    }, options),
  )

  test('no valid host: to be retried', () =>
    withDriverOnFake(async (driver) => {
      const failure = await failureOf(givenVm(driver, { cloudProperties: { instance_type: 'm1.impossible' } }))
      expect(failure).toMatchObject({
        code: 'VmCreationFailed',
        okToRetry: true,
        message: expect.stringMatching(/No valid host/),
      })
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('the second port fails: the first goes as well', () =>
    withDriverOnFake(async (driver) => {
      const networks = [
        manualOn(driver, 'bosh-net', '10.10.1.7', { name: 'a' }),
        manualOn(driver, 'bosh-net-2', '192.168.0.1', { name: 'b', default: [] }),
      ]
      expect(await failureOf(givenVm(driver, { networks }))).toMatchObject({ okToRetry: false })
      expect(leftBehind(driver)).toEqual({})
    }, multiNic))

  test('contract §8.5 a stemcell whose agent needs a registry', () =>
    withDriverOnFake(async (driver) => {
      const failure = await failureOf(driver.call({ stemcellApiVersion: 1 }).createVm(vmRequest(driver)))
      expect(failure).toMatchObject({ code: 'CloudError', message: expect.stringContaining('too old') })
    }, options))

  test('removes everything it created when interrupted while it waits', () =>
    withDriverOnFake(async (driver) => {
      await failureOf(givenVm(driver, {}, { endsWhileWaiting: true }))
      expect(driver.cloud.journal.of('servers.create')).toHaveLength(1)
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('a vip network without a floating IP', () =>
    withDriverOnFake(async (driver) => {
      const networks = [manualOn(driver, 'bosh-net', '10.10.1.7'), vip('v', { ip: '203.0.113.99' })]
      expect((await failureOf(givenVm(driver, { networks }))).message).toContain(
        "Floating IP '203.0.113.99' not allocated",
      )
      expect(leftBehind(driver)).toEqual({})
    }, options))
})
