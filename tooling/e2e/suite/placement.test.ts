import { createVmArguments } from '@openstack-cpi/harness/create-vm'
import { describe, expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()

describe('§6.8 availability zones', () => {
  test('a zone that fails is left for the next, with the same port and nothing left of the failed server', async () => {
    const { view, createVm, deleteVm } = given()
    const [neighbour] = await createVm({ properties: { availability_zone: 'z2' }, networks: '10.10.2.80' })
    try {
      // Only z2 has the neighbour's host: the other zones answer "No valid host" once the server is there.
      const properties = { availability_zones: ['nova', 'z1', 'z2'], scheduler_hints: { same_host: [neighbour] } }
      const openstack = { ignore_server_availability_zone: true }
      const [vm, networks] = await createVm({ properties, networks: '10.10.2.81' }, openstack)
      expect(await view.server(vm)).toMatchObject({
        status: 'ACTIVE',
        'OS-EXT-AZ:availability_zone': 'z2',
      })
      const ports = await view.portsOf(vm)
      expect(ports).toHaveLength(1)
      expect(ports[0]?.['mac_address']).toBe(networks['default']?.['mac'])
      expect(await view.list('compute', 'servers', 'servers')).toHaveLength(2)
      await deleteVm(vm)
    } finally {
      await deleteVm(neighbour)
    }
  })

  test('no zone has room: the last error, worth a retry, and nothing stays', async () => {
    const properties = { instance_type: 'm1.impossible', availability_zones: ['z1', 'z2'] }
    const { cloud, directorWith } = given()
    const director = await directorWith({ openstack: { ignore_server_availability_zone: true } })
    const answer = await director.call('create_vm', createVmArguments(cloud, { properties, networks: '10.10.2.82' }))
    expect(answer.error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true })
  })

  test('a VM is created where its disk is; a zone of the VM type wins', async () => {
    const { view, director, createVm, deleteVm } = given()
    const disk = String(await director.ask('create_disk', [1024, { availability_zone: 'z2' }, null]))
    try {
      const [vm] = await createVm({ networks: '10.10.2.83', disks: [disk] })
      expect(await view.server(vm)).toMatchObject({
        'OS-EXT-AZ:availability_zone': 'z2',
      })
      await deleteVm(vm)
      const [other] = await createVm({
        properties: { availability_zone: 'z1' },
        networks: '10.10.2.83',
        disks: [disk],
      })
      expect(await view.server(other)).toMatchObject({
        'OS-EXT-AZ:availability_zone': 'z1',
      })
      await deleteVm(other)
    } finally {
      await director.ask('delete_disk', [disk])
    }
  })
})

test('§6.7 server groups on demand: made with the first member, shared by the second, gone with the last', async () => {
  const { view, createVm, deleteVm } = given()
  const env = { bosh: { group: 'director-cf-web' } }
  const properties = { server_group: { name: 'e2e-group', policy: 'soft-anti-affinity' } }
  const groups = async () =>
    (await view.list('compute', 'os-server-groups', 'server_groups')).filter((group) => group['name'] === 'e2e-group')
  const [one] = await createVm({ properties, networks: '10.10.2.84', env })
  const [two] = await createVm({ properties, networks: '10.10.2.85', env })
  const found = await groups()
  expect(found).toHaveLength(1)
  expect(((found[0]?.['members'] ?? []) as string[]).toSorted()).toEqual([one, two].toSorted())
  await deleteVm(one)
  expect(await groups()).toHaveLength(1)
  await deleteVm(two)
  expect(await groups()).toHaveLength(0)
})

test('§8.2 root disks: a boot volume of a type', async () => {
  const { view, createVm, deleteVm } = given()
  const properties = { boot_from_volume: true, root_disk: { size: 2, volume_type: 'fast' } }
  const [vm] = await createVm({ properties, networks: '10.10.2.86' })
  const server = await view.server(vm)
  const [attached] = (server?.['os-extended-volumes:volumes_attached'] ?? []) as { id: string }[]
  expect(await view.volume(attached?.id)).toMatchObject({
    size: 2,
    volume_type: 'fast',
  })
  await deleteVm(vm)
  expect(await view.volume(attached?.id)).toBeUndefined()
})
