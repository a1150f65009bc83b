import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const clients = async () => {
  const cloud = createFakeOpenStack()
  const client = (user: string) => userClient(cloud, user, '/compute/v2.1')
  const admin = await client('admin')
  const zones = (await admin('GET', '/os-availability-zone/detail')).json.availabilityZoneInfo
  const [host] = Object.keys(zones.find((one: { zoneName: string }) => one.zoneName === 'nova')?.hosts ?? {})
  return { cloud, admin, bosh: await client('bosh'), host: host ?? '' }
}

test('an administrator makes an aggregate, changes its metadata, and deletes it once it is empty', async () => {
  const { admin, bosh, host } = await clients()
  expect((await bosh('POST', '/os-aggregates', { aggregate: { name: 'ssd' } })).status).toBe(403)
  const made = await admin('POST', '/os-aggregates', { aggregate: { name: 'ssd' } })
  const { id } = made.json.aggregate
  expect(made.json.aggregate).toMatchObject({ name: 'ssd', availability_zone: null, deleted: false })
  expect(made.json.aggregate).not.toHaveProperty('hosts')
  expect((await admin('POST', '/os-aggregates', { aggregate: { name: 'SSD' } })).status).toBe(409)
  const act = (body: object) => admin('POST', `/os-aggregates/${id}/action`, body)
  expect((await act({ set_metadata: { metadata: { a: 'b', c: 'd' } } })).json.aggregate.metadata).toEqual({
    a: 'b',
    c: 'd',
  })
  expect((await act({ set_metadata: { metadata: { a: null } } })).json.aggregate.metadata).toEqual({ c: 'd' })
  expect((await act({ add_host: { host } })).json.aggregate.hosts).toEqual([host])
  expect((await act({ add_host: { host } })).status).toBe(409)
  expect((await act({ add_host: { host: 'nosuch' } })).status).toBe(404)
  expect((await admin('DELETE', `/os-aggregates/${id}`)).json.badRequest.message).toBe(
    `Cannot remove host from aggregate ${id}. Reason: Host aggregate is not empty.`,
  )
  expect((await act({ remove_host: { host } })).json.aggregate.hosts).toEqual([])
  expect((await act({ remove_host: { host } })).json.itemNotFound.message).toBe(
    `Cannot remove host ${host} in aggregate ${id}`,
  )
  expect((await admin('PUT', `/os-aggregates/${id}`, { aggregate: { name: 'nvme' } })).json.aggregate.name).toBe('nvme')
  expect((await admin('DELETE', `/os-aggregates/${id}`)).status).toBe(200)
  expect((await admin('GET', `/os-aggregates/${id}`)).json.itemNotFound.message).toBe(
    `Aggregate ${id} could not be found.`,
  )
  expect((await admin('GET', '/os-aggregates/x')).status).toBe(400)
})

test('an aggregate with a zone moves its hosts there, and servers find them', async () => {
  const { admin, bosh, cloud, host } = await clients()
  const made = await admin('POST', '/os-aggregates', { aggregate: { name: 'rack', availability_zone: 'z9' } })
  const { id } = made.json.aggregate
  const names = async () =>
    (await bosh('GET', '/os-availability-zone')).json.availabilityZoneInfo.map(
      (one: { zoneName: string }) => one.zoneName,
    )
  expect(await names()).not.toContain('z9')
  await admin('POST', `/os-aggregates/${id}/action`, { add_host: { host } })
  expect(await names()).toContain('z9')
  const server = {
    name: 'vm',
    imageRef: cloud.state().images[0]?.id,
    flavorRef: '1',
    availability_zone: 'z9',
  }
  const networks = [{ uuid: cloud.state().networks.find((one) => one.name === 'bosh-net')?.id }]
  const { json } = await bosh('POST', '/servers', { server: { ...server, networks } })
  cloud.clock.advance('5s')
  const shown = (await bosh('GET', `/servers/${json.server.id}`)).json.server
  expect(shown).toMatchObject({ status: 'ACTIVE', 'OS-EXT-AZ:availability_zone': 'z9' })
  const other = await admin('PUT', `/os-aggregates/${id}`, { aggregate: { availability_zone: 'z8' } })
  expect(other.json.badRequest.message).toBe(
    `Cannot update aggregate ${id}. Reason: One or more hosts contain instances in this zone.`,
  )
})

test('a host is in one zone only', async () => {
  const { admin } = await clients()
  const { aggregates } = (await admin('GET', '/os-aggregates')).json
  const seeded = aggregates[0]
  const { aggregate } = (
    await admin('POST', '/os-aggregates', { aggregate: { name: 'rack', availability_zone: 'z9' } })
  ).json
  const refused = await admin('POST', `/os-aggregates/${aggregate.id}/action`, { add_host: { host: seeded.hosts[0] } })
  expect(refused.json.conflictingRequest.message).toBe(
    `Cannot add host to aggregate ${aggregate.id}. Reason: One or more hosts already in availability zone(s) ['${seeded.availability_zone}'].`,
  )
  expect((await admin('DELETE', `/os-aggregates/${seeded.id}`)).status).toBe(501)
})
