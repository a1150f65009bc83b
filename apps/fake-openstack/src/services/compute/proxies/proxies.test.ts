import { expect, test } from 'vitest'
import { userClient } from '../../../../test/user-client.ts'
import { createFakeOpenStack } from '../../../fake-openstack.ts'

const clients = async () => {
  const cloud = createFakeOpenStack()
  return {
    cloud,
    nova: await userClient(cloud, 'bosh', '/compute/v2.1', 'compute', '2.1'),
    neutron: await userClient(cloud, 'bosh', '/network/v2.0'),
    glance: await userClient(cloud, 'bosh', '/image/v2'),
  }
}

test('Nova makes, shows and deletes volumes and snapshots of Cinder', async () => {
  const { cloud, nova } = await clients()
  const made = await nova('POST', '/os-volumes', { volume: { size: 1, display_name: 'disk', metadata: { a: 'b' } } })
  expect(made.status).toBe(200)
  const { id } = made.json.volume
  expect(made.json.volume).toMatchObject({ displayName: 'disk', status: 'creating', size: 1, attachments: [{}] })
  cloud.clock.advance('1s')
  expect((await nova('GET', `/os-volumes/${id}`)).json.volume).toMatchObject({
    status: 'available',
    metadata: { a: 'b' },
  })
  expect((await nova('GET', '/os-volumes/detail?limit=1')).json.volumes).toHaveLength(1)
  const snapshot = await nova('POST', '/os-snapshots', { snapshot: { volume_id: id, display_name: 's' } })
  expect(snapshot.json.snapshot).toMatchObject({ volumeId: id, displayName: 's', size: 1 })
  const refused = await nova('DELETE', `/os-volumes/${id}`)
  expect(refused.json.badRequest.message).toMatch(
    /^Invalid input received: Invalid volume: .*\(HTTP 400\) \(Request-ID: req-/s,
  )
  cloud.clock.advance('1s')
  expect((await nova('DELETE', `/os-snapshots/${snapshot.json.snapshot.id}`)).status).toBe(202)
  cloud.clock.advance('1s')
  expect((await nova('DELETE', `/os-volumes/${id}`)).status).toBe(202)
  cloud.clock.advance('1s')
  expect((await nova('GET', `/os-volumes/${id}`)).json.itemNotFound.message).toBe(`Volume ${id} could not be found.`)
  expect((await nova('GET', '/os-volumes', undefined, '2.36')).status).toBe(404)
})

test('Nova lists and shows images of Glance with their properties as metadata', async () => {
  const { nova, glance } = await clients()
  const image = { name: 'own', disk_format: 'raw', container_format: 'bare', colour: 'red' }
  const { id } = (await glance('POST', '/images', image)).json
  const shown = await nova('GET', `/images/${id}`)
  expect(shown.json.image).toMatchObject({ name: 'own', status: 'SAVING', progress: 25, metadata: { colour: 'red' } })
  expect(shown.json.image.links.map((one: { rel: string }) => one.rel)).toEqual(['self', 'bookmark', 'alternate'])
  const named = await nova('GET', '/images/detail?name=own&status=saving')
  expect(named.json.images).toEqual([])
  expect((await nova('GET', '/images?name=own')).json.images.map((one: { id: string }) => one.id)).toEqual([id])
  const first = await nova('GET', '/images?limit=1')
  expect(first.json.images).toHaveLength(1)
  expect(first.json.images_links[0].href).toContain(`marker=${first.json.images[0].id}`)
  expect((await nova('DELETE', `/images/${id}`)).status).toBe(204)
  expect((await nova('GET', `/images/${id}`)).json.itemNotFound.message).toBe('Image not found.')
})

test('Nova changes the properties of an image in Glance, up to 2.38', async () => {
  const { nova, glance } = await clients()
  const image = { name: 'own', disk_format: 'raw', container_format: 'bare', colour: 'red' }
  const { id } = (await glance('POST', '/images', image)).json
  const path = `/images/${id}/metadata`
  expect((await nova('POST', path, { metadata: { a: '1' } }, '2.38')).json.metadata).toEqual({ a: '1', colour: 'red' })
  expect((await nova('PUT', `${path}/a`, { meta: { a: '2' } })).json).toEqual({ meta: { a: '2' } })
  expect((await nova('PUT', `${path}/a`, { meta: { b: '2' } })).json.badRequest.message).toBe(
    'Request body and URI mismatch',
  )
  expect((await nova('DELETE', `${path}/colour`)).status).toBe(204)
  expect((await nova('DELETE', `${path}/colour`)).json.itemNotFound.message).toBe('Invalid metadata key')
  expect((await glance('GET', `/images/${id}`)).json).toMatchObject({ a: '2' })
  expect((await nova('PUT', path, { metadata: { c: '3' } })).json).toEqual({ metadata: { c: '3' } })
  expect((await nova('GET', `${path}/c`)).json).toEqual({ meta: { c: '3' } })
  expect((await nova('GET', path, undefined, '2.39')).status).toBe(404)
})

test('Nova allocates a floating IP of Neutron, gives it to a server and takes it away', async () => {
  const { cloud, nova, neutron } = await clients()
  const { name: pool } = (await nova('GET', '/os-floating-ip-pools')).json.floating_ip_pools[0]
  expect((await nova('POST', '/os-floating-ips', { pool: 'nosuch' })).json.itemNotFound.message).toBe(
    'Floating IP pool not found.',
  )
  const made = await nova('POST', '/os-floating-ips', { pool })
  const { id, ip } = made.json.floating_ip
  expect(made.json.floating_ip).toEqual({ id, ip, pool, fixed_ip: null, instance_id: null })
  const networks = [{ uuid: cloud.state().networks.find((one) => one.name === 'bosh-net')?.id }]
  const image = cloud.state().images[0]?.id
  const { server } = (
    await nova('POST', '/servers', { server: { name: 'vm', imageRef: image, flavorRef: '1', networks } })
  ).json
  cloud.clock.advance('5s')
  const action = `/servers/${server.id}/action`
  expect((await nova('POST', action, { addFloatingIp: { address: ip } })).status).toBe(202)
  const shown = (await nova('GET', `/os-floating-ips/${id}`)).json.floating_ip
  expect(shown.instance_id).toBe(server.id)
  expect((await neutron('GET', `/floatingips/${id}`)).json.floatingip.fixed_ip_address).toBe(shown.fixed_ip)
  expect((await nova('POST', action, { removeFloatingIp: { address: ip } }, '2.44')).status).toBe(404)
  expect((await nova('POST', action, { removeFloatingIp: { address: ip } })).status).toBe(202)
  expect((await nova('POST', action, { removeFloatingIp: { address: ip } })).json.conflictingRequest.message).toBe(
    `Floating IP ${ip} is not associated with instance ${server.id}.`,
  )
  expect((await nova('DELETE', `/os-floating-ips/${id}`)).status).toBe(202)
  expect((await nova('GET', `/os-floating-ips/${id}`)).status).toBe(404)
})

test('Nova lists the networks of Neutron, and has nothing of nova-network besides', async () => {
  const { cloud, nova } = await clients()
  const id = cloud.state().networks.find((one) => one.name === 'bosh-net')?.id
  const { networks } = (await nova('GET', '/os-tenant-networks')).json
  expect(networks).toContainEqual({ id, cidr: 'None', label: 'bosh-net' })
  expect((await nova('GET', `/os-networks/${id}`)).json.network).toMatchObject({ id, label: 'bosh-net', cidr: null })
  expect((await nova('GET', '/os-networks/nosuch')).json.itemNotFound.message).toBe('Network not found')
  expect(await nova('POST', '/os-networks', { network: {} })).toEqual({
    status: 410,
    json: {
      computeFault: {
        code: 410,
        message: 'This resource is no longer available. No forwarding address is given.',
      },
    },
  })
})

test.each([
  ['GET', '/os-cells/detail'],
  ['GET', '/os-certificates/root'],
  ['DELETE', '/os-floating-ip-dns/a/entries/b'],
  ['POST', '/os-fixed-ips/1.2.3.4/action'],
])('Nova says of %s %s that it is gone', async (method, path) => {
  const { nova } = await clients()
  const body = method === 'POST' ? { reserve: null } : undefined
  expect((await nova(method, path, body)).status).toBe(410)
})
