import { expect, test } from 'vitest'
import { type CloudFixture, useCloud } from '../cloud-fixture.ts'

const given = useCloud()

/** Creates a VM, which has to be in a zone; deletes it after the checks. */
async function expectZone(zone: string, ...vmAndConfig: Parameters<CloudFixture['createVm']>): Promise<void> {
  const { view, createVm, deleteVm } = given()
  const [vm, networks] = await createVm(...vmAndConfig)
  expect(await view.server(vm)).toMatchObject({ status: 'ACTIVE', 'OS-EXT-AZ:availability_zone': zone })
  expect(await view.portsOf(vm)).toMatchObject([{ mac_address: networks['default']?.['mac'] }])
  await deleteVm(vm)
}

test('§6.8 a zone that fails is left for the next, with the same port and nothing left of the failed server', async () => {
  const { view, createVm, deleteVm } = given()
  const [neighbour] = await createVm({ properties: { availability_zone: 'z2' }, networks: '10.10.2.80' })
  try {
    // Only z2 has the neighbour's host: the other zones answer "No valid host" once the server is there.
    const properties = { availability_zones: ['nova', 'z1', 'z2'], scheduler_hints: { same_host: [neighbour] } }
    const openstack = { ignore_server_availability_zone: true }
    await expectZone('z2', { properties, networks: '10.10.2.81' }, openstack)
    expect(await view.list('compute', 'servers', 'servers')).toHaveLength(1)
  } finally {
    await deleteVm(neighbour)
  }
})

test('§6.8 a VM is created where its disk is; a zone of the VM type wins', async () => {
  const { director } = given()
  const disk = String(await director.ask('create_disk', [1024, { availability_zone: 'z2' }, null]))
  const params = { networks: '10.10.2.83', disks: [disk] }
  try {
    await expectZone('z2', params)
    await expectZone('z1', { ...params, properties: { availability_zone: 'z1' } })
  } finally {
    await director.ask('delete_disk', [disk])
  }
})

test('§6.7 server groups on demand: made with the first member, shared by the second, gone with the last', async () => {
  const { view, createVm, deleteVm } = given()
  const shared = {
    env: { bosh: { group: 'director-cf-web' } },
    properties: { server_group: { name: 'e2e-group', policy: 'soft-anti-affinity' } },
  }
  const groups = async () =>
    (await view.list('compute', 'os-server-groups', 'server_groups')).filter((group) => group['name'] === 'e2e-group')
  const [one] = await createVm({ ...shared, networks: '10.10.2.84' })
  const [two] = await createVm({ ...shared, networks: '10.10.2.85' })
  const found = await groups()
  expect(found).toHaveLength(1)
  expect(new Set(found[0]?.['members'] as string[])).toEqual(new Set([one, two]))
  await deleteVm(one)
  expect(await groups()).toHaveLength(1)
  await deleteVm(two)
  expect(await groups()).toHaveLength(0)
})
