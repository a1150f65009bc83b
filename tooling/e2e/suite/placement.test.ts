import { describe, expect, test } from 'vitest'
import { type CloudFixture, manualNetwork, useCloud } from '../cloud-fixture.ts'

const given = useCloud()

type Created = [string, Record<string, Record<string, unknown>>]

const create = async (fixture: CloudFixture, properties: object, ip: string, openstack = {}, disks: string[] = []) =>
  (await fixture.director({ openstack })).call('create_vm', [
    'agent-placement',
    fixture.cloud.image.id,
    { instance_type: 'm1.tiny', ...properties },
    { default: manualNetwork(fixture.cloud, 'bosh-net', ip) },
    disks,
    { bosh: { group: 'director-cf-web' } },
  ])

const created = (answer: Awaited<ReturnType<typeof create>>): Created => {
  expect(answer.error).toBeNull()
  return answer.result as Created
}

const remove = async (fixture: CloudFixture, vm: string) => (await fixture.director()).ask('delete_vm', [vm])

describe('§6.8 availability zones', () => {
  test('a zone that fails is left for the next, with the same port and nothing left of the failed server', async () => {
    const fixture = given()
    const { view } = fixture
    const [neighbour] = created(await create(fixture, { availability_zone: 'z2' }, '10.10.2.80'))
    try {
      // Only z2 has the neighbour's host: the other zones answer "No valid host" once the server is there.
      const properties = { availability_zones: ['nova', 'z1', 'z2'], scheduler_hints: { same_host: [neighbour] } }
      const openstack = { ignore_server_availability_zone: true }
      const [vm, networks] = created(await create(fixture, properties, '10.10.2.81', openstack))
      expect(await view.show('compute', `servers/${vm}`, 'server')).toMatchObject({
        status: 'ACTIVE',
        'OS-EXT-AZ:availability_zone': 'z2',
      })
      const ports = await view.list('network', `ports?device_id=${vm}`, 'ports')
      expect(ports).toHaveLength(1)
      expect(ports[0]?.['mac_address']).toBe(networks['default']?.['mac'])
      expect(await view.list('compute', 'servers', 'servers')).toHaveLength(2)
      await remove(fixture, vm)
    } finally {
      await remove(fixture, neighbour)
    }
  })

  test('no zone has room: the last error, worth a retry, and nothing stays', async () => {
    const properties = { instance_type: 'm1.impossible', availability_zones: ['z1', 'z2'] }
    const answer = await create(given(), properties, '10.10.2.82', { ignore_server_availability_zone: true })
    expect(answer.error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true })
  })

  test('a VM is created where its disk is; a zone of the VM type wins', async () => {
    const fixture = given()
    const director = await fixture.director()
    const disk = String(await director.ask('create_disk', [1024, { availability_zone: 'z2' }, null]))
    try {
      const [vm] = created(await create(fixture, {}, '10.10.2.83', {}, [disk]))
      expect(await fixture.view.show('compute', `servers/${vm}`, 'server')).toMatchObject({
        'OS-EXT-AZ:availability_zone': 'z2',
      })
      await remove(fixture, vm)
      const [other] = created(await create(fixture, { availability_zone: 'z1' }, '10.10.2.83', {}, [disk]))
      expect(await fixture.view.show('compute', `servers/${other}`, 'server')).toMatchObject({
        'OS-EXT-AZ:availability_zone': 'z1',
      })
      await remove(fixture, other)
    } finally {
      await director.ask('delete_disk', [disk])
    }
  })
})

describe('§6.7 server groups on demand', () => {
  test('made with the first member, shared by the second, gone with the last', async () => {
    const fixture = given()
    const { view } = fixture
    const properties = { server_group: { name: 'e2e-group', policy: 'soft-anti-affinity' } }
    const groups = async () =>
      (await view.list('compute', 'os-server-groups', 'server_groups')).filter((group) => group['name'] === 'e2e-group')
    const [one] = created(await create(fixture, properties, '10.10.2.84'))
    const [two] = created(await create(fixture, properties, '10.10.2.85'))
    const found = await groups()
    expect(found).toHaveLength(1)
    expect(((found[0]?.['members'] ?? []) as string[]).toSorted()).toEqual([one, two].toSorted())
    await remove(fixture, one)
    expect(await groups()).toHaveLength(1)
    await remove(fixture, two)
    expect(await groups()).toHaveLength(0)
  })
})

describe('§8.2 root disks', () => {
  test('a boot volume of a type', async () => {
    const fixture = given()
    const properties = { boot_from_volume: true, root_disk: { size: 2, volume_type: 'fast' } }
    const [vm] = created(await create(fixture, properties, '10.10.2.86'))
    const server = await fixture.view.show('compute', `servers/${vm}`, 'server')
    const [attached] = (server?.['os-extended-volumes:volumes_attached'] ?? []) as { id: string }[]
    expect(await fixture.view.show('volumev3', `volumes/${attached?.id}`, 'volume')).toMatchObject({
      size: 2,
      volume_type: 'fast',
    })
    await remove(fixture, vm)
    expect(await fixture.view.show('volumev3', `volumes/${attached?.id}`, 'volume')).toBeUndefined()
  })
})
