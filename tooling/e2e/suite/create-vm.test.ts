import { nameIn } from '@openstack-cpi/harness/cloud-description'
import { createVmArguments, manualNetwork } from '@openstack-cpi/harness/create-vm'
import { describe, expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()
const dynamic = (netId: string | undefined) => ({
  type: 'dynamic',
  dns: ['192.0.2.53'],
  cloud_properties: { net_id: netId },
})

describe('create_vm in its variants', () => {
  test('dynamic network, VM type with security groups and config drive', async () => {
    const { cloud, view, createVm, deleteVm } = given()
    const params = {
      stemcell: `${cloud.image.id} light`,
      properties: { security_groups: ['bosh-extra'], key_name: cloud.keypair.name },
      networks: { default: dynamic(cloud.networks['bosh-net']?.id) },
      env: null,
    }
    const [vm] = await createVm(params, { config_drive: 'disk' })
    expect(await view.server(vm)).toMatchObject({
      status: 'ACTIVE',
      config_drive: 'True',
    })
    const [port] = await view.portsOf(vm)
    expect(port?.['security_groups']).toEqual([cloud.security_groups['bosh-extra']])
    await deleteVm(vm)
  })

  test('contract §8.2 two manual networks: two ports in the order of the request, MACs told', async () => {
    const { cloud, view, createVm, deleteVm } = given()
    const first = manualNetwork(cloud, 'bosh-net', '10.10.2.30')
    const second = manualNetwork(cloud, 'bosh-net-2', '10.20.2.30', { default: [] })
    const openstack = { config_drive: 'disk', use_dhcp: false }
    const [vm, networks] = await createVm({ networks: { a: first, b: second }, disks: null }, openstack)
    const ports = await view.portsOf(vm)
    const macOf = (ip: string) =>
      ports.find((port) => JSON.stringify(port['fixed_ips']).includes(`"${ip}"`))?.['mac_address']
    expect(networks['a']).toMatchObject({ mac: macOf('10.10.2.30'), use_dhcp: false, ip: '10.10.2.30' })
    expect(networks['b']).toMatchObject({ mac: macOf('10.20.2.30'), use_dhcp: false })
    await deleteVm(vm)
  })

  test('boot from volume: the volume goes with the VM and is no disk', async () => {
    const { cloud, view, directorWith, createVm, deleteVm } = given()
    const openstack = { boot_from_volume: true }
    const director = await directorWith({ openstack })
    const properties = { instance_type: nameIn(cloud, 'm1.nodisk'), root_disk: { size: 3 } }
    const [vm] = await createVm({ properties, networks: '10.10.2.31' }, openstack)
    const server = await view.server(vm)
    const [attached] = (server?.['os-extended-volumes:volumes_attached'] ?? []) as { id: string }[]
    expect(await view.volume(attached?.id)).toMatchObject({
      size: 3,
      bootable: 'true',
    })
    expect(await director.ask('get_disks', [vm])).toEqual([])
    await deleteVm(vm)
    expect(await view.volume(attached?.id)).toBeUndefined()
  })

  test('contract §7 dual stack: one NIC with both addresses', async () => {
    const { cloud, view, createVm, deleteVm } = given()
    const v4 = manualNetwork(cloud, 'bosh-net-dual', '10.40.2.7', { nic_group: '1', prefix: '32' })
    const v6 = manualNetwork(cloud, 'bosh-net-dual', 'fd00:40::7', { nic_group: '1', prefix: '128', default: [] })
    const [vm, networks] = await createVm({ networks: { v4, v6 } })
    const ports = await view.portsOf(vm)
    expect(ports).toHaveLength(1)
    const addresses = ((ports[0]?.['fixed_ips'] ?? []) as { ip_address: string }[]).map((ip) => ip.ip_address).sort()
    expect(addresses).toEqual(['10.40.2.7', 'fd00:40::7'])
    expect(networks['v6']?.['mac']).toBe(networks['v4']?.['mac'])
    await deleteVm(vm)
  })

  test('floating IP of a vip network', async () => {
    const { cloud, view, createVm, deleteVm } = given()
    const vip = { type: 'vip', ip: cloud.floating_ips[0], cloud_properties: {} }
    const [vm] = await createVm({
      networks: { private: manualNetwork(cloud, 'bosh-net', '10.10.2.32'), public: vip },
    })
    const [address] = await view.list(
      'network',
      `floatingips?floating_ip_address=${cloud.floating_ips[0]}`,
      'floatingips',
    )
    expect(address?.['fixed_ip_address']).toBe('10.10.2.32')
    await deleteVm(vm)
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
    const { cloud, director } = given()
    const networks = { default: manualNetwork(cloud, 'bosh-net', '10.10.2.33', network) }
    const answer = await director.call('create_vm', createVmArguments(cloud, { properties, networks }))
    expect(answer.exitCode).toBe(0)
    expect(answer.error?.message).toContain(named)
    expect(answer.error?.ok_to_retry).toBe(false)
  })

  test('a flavor that fits on no host: VMCreationFailed, worth a retry, nothing stays', async () => {
    const { cloud, director } = given()
    const params = { properties: { instance_type: 'm1.impossible' }, networks: '10.10.2.34' }
    const answer = await director.call('create_vm', createVmArguments(cloud, params))
    expect(answer.error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true })
    expect(answer.error?.message).toContain('No valid host')
  })
})
