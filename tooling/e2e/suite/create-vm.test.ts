import { nameIn } from '@openstack-cpi/harness/cloud-description'
import { describe, expect, test } from 'vitest'
import { manualNetwork, useCloud } from '../cloud-fixture.ts'

const given = useCloud()
const dynamic = (netId: string | undefined) => ({
  type: 'dynamic',
  dns: ['192.0.2.53'],
  cloud_properties: { net_id: netId },
})

type Created = [string, Record<string, Record<string, unknown>>]

describe('create_vm in its variants', () => {
  test('dynamic network, VM type with security groups and config drive', async () => {
    const { cloud, view, director: makeDirector } = given()
    const director = await makeDirector({ openstack: { config_drive: 'disk' } })
    const [vm] = (await director.ask('create_vm', [
      'agent-dynamic',
      `${cloud.image.id} light`,
      { instance_type: nameIn(cloud, 'm1.tiny'), security_groups: ['bosh-extra'], key_name: cloud.keypair.name },
      { default: dynamic(cloud.networks['bosh-net']?.id) },
      [],
      null,
    ])) as Created
    expect(await view.show('compute', `servers/${vm}`, 'server')).toMatchObject({
      status: 'ACTIVE',
      config_drive: 'True',
    })
    const [port] = await view.list('network', `ports?device_id=${vm}`, 'ports')
    expect(port?.['security_groups']).toEqual([cloud.security_groups['bosh-extra']])
    await director.ask('delete_vm', [vm])
  })

  test('contract §8.2 two manual networks: two ports in the order of the request, MACs told', async () => {
    const { cloud, view, director: makeDirector } = given()
    const director = await makeDirector({ openstack: { config_drive: 'disk', use_dhcp: false } })
    const first = manualNetwork(cloud, 'bosh-net', '10.10.2.30')
    const second = { ...manualNetwork(cloud, 'bosh-net-2', '10.20.2.30'), default: [] }
    const [vm, networks] = (await director.ask('create_vm', [
      'agent-two-nics',
      cloud.image.id,
      { instance_type: nameIn(cloud, 'm1.tiny') },
      { a: first, b: second },
      null,
      {},
    ])) as Created
    const ports = await view.list('network', `ports?device_id=${vm}`, 'ports')
    const macOf = (ip: string) =>
      ports.find((port) => JSON.stringify(port['fixed_ips']).includes(`"${ip}"`))?.['mac_address']
    expect(networks['a']).toMatchObject({ mac: macOf('10.10.2.30'), use_dhcp: false, ip: '10.10.2.30' })
    expect(networks['b']).toMatchObject({ mac: macOf('10.20.2.30'), use_dhcp: false })
    await director.ask('delete_vm', [vm])
  })

  test('boot from volume: the volume goes with the VM and is no disk', async () => {
    const { cloud, view, director: makeDirector } = given()
    const director = await makeDirector({ openstack: { boot_from_volume: true } })
    const [vm] = (await director.ask('create_vm', [
      'agent-bfv',
      cloud.image.id,
      { instance_type: nameIn(cloud, 'm1.nodisk'), root_disk: { size: 3 } },
      { default: manualNetwork(cloud, 'bosh-net', '10.10.2.31') },
      [],
      {},
    ])) as Created
    const server = await view.show('compute', `servers/${vm}`, 'server')
    const [attached] = (server?.['os-extended-volumes:volumes_attached'] ?? []) as { id: string }[]
    expect(await view.show('volumev3', `volumes/${attached?.id}`, 'volume')).toMatchObject({
      size: 3,
      bootable: 'true',
    })
    expect(await director.ask('get_disks', [vm])).toEqual([])
    await director.ask('delete_vm', [vm])
    expect(await view.show('volumev3', `volumes/${attached?.id}`, 'volume')).toBeUndefined()
  })

  test('contract §7 dual stack: one NIC with both addresses', async () => {
    const { cloud, view, director: makeDirector } = given()
    const director = await makeDirector()
    const v4 = { ...manualNetwork(cloud, 'bosh-net-dual', '10.40.2.7'), nic_group: '1', prefix: '32' }
    const v6 = {
      ...v4,
      ip: 'fd00:40::7',
      netmask: 'ffff:ffff:ffff:ffff:0:0:0:0',
      gateway: 'fd00:40::1',
      prefix: '128',
      default: [],
    }
    const [vm, networks] = (await director.ask('create_vm', [
      'agent-dual',
      cloud.image.id,
      { instance_type: nameIn(cloud, 'm1.tiny') },
      { v4, v6 },
      [],
      {},
    ])) as Created
    const ports = await view.list('network', `ports?device_id=${vm}`, 'ports')
    expect(ports).toHaveLength(1)
    const addresses = ((ports[0]?.['fixed_ips'] ?? []) as { ip_address: string }[]).map((ip) => ip.ip_address).sort()
    expect(addresses).toEqual(['10.40.2.7', 'fd00:40::7'])
    expect(networks['v6']?.['mac']).toBe(networks['v4']?.['mac'])
    await director.ask('delete_vm', [vm])
  })

  test('floating IP of a vip network', async () => {
    const { cloud, view, director: makeDirector } = given()
    const director = await makeDirector()
    const [vm] = (await director.ask('create_vm', [
      'agent-vip',
      cloud.image.id,
      { instance_type: nameIn(cloud, 'm1.tiny') },
      {
        private: manualNetwork(cloud, 'bosh-net', '10.10.2.32'),
        public: { type: 'vip', ip: cloud.floating_ips[0], cloud_properties: {} },
      },
      [],
      {},
    ])) as Created
    const [address] = await view.list(
      'network',
      `floatingips?floating_ip_address=${cloud.floating_ips[0]}`,
      'floatingips',
    )
    expect(address?.['fixed_ip_address']).toBe('10.10.2.32')
    await director.ask('delete_vm', [vm])
  })

  test.each([
    ['unknown flavor', { instance_type: 'm1.none' }, {}, 'm1.none'],
    ['unknown key pair', { instance_type: 'm1.tiny', key_name: 'none-such' }, {}, 'none-such'],
    ['unknown security group', { instance_type: 'm1.tiny', security_groups: ['none-such'] }, {}, 'none-such'],
    ['unknown zone', { instance_type: 'm1.tiny', availability_zone: 'none-such' }, {}, 'none-such'],
    [
      'a network that does not exist',
      { instance_type: 'm1.tiny' },
      { cloud_properties: { net_id: '00000000-0000-4000-8000-000000000000' } },
      '00000000-0000-4000-8000-000000000000',
    ],
  ])('%s: fails immediately, says which, and is not to be retried', async (_what, properties, network, named) => {
    const { cloud, director: makeDirector } = given()
    const director = await makeDirector()
    const answer = await director.call('create_vm', [
      'agent-bad',
      cloud.image.id,
      properties,
      { default: { ...manualNetwork(cloud, 'bosh-net', '10.10.2.33'), ...network } },
      [],
      {},
    ])
    expect(answer.exitCode).toBe(0)
    expect(answer.error?.message).toContain(named)
    expect(answer.error?.ok_to_retry).toBe(false)
  })

  test('a flavor that fits on no host: VMCreationFailed, worth a retry, nothing stays', async () => {
    const { cloud, director: makeDirector } = given()
    const director = await makeDirector()
    const answer = await director.call('create_vm', [
      'agent-impossible',
      cloud.image.id,
      { instance_type: 'm1.impossible' },
      { default: manualNetwork(cloud, 'bosh-net', '10.10.2.34') },
      [],
      {},
    ])
    expect(answer.error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true })
    expect(answer.error?.message).toContain('No valid host')
  })
})
