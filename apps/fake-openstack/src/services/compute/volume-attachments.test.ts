import { expect, test } from 'vitest'
import { computeCloud, sequence } from '../../../test/compute-client.ts'
import { boshCloud } from '../../seed/bosh-cloud.ts'

const attachments = (id: string): string => `/servers/${id}/os-volume_attachments`

test('§7.13 attaching: the answer has the device, the volume goes reserved, attaching, in-use', async () => {
  const { cloud, nova, cinder, running, volume, show } = await computeCloud()
  const [id, volumeId] = [await running(), await volume()]
  const answer = await nova('POST', attachments(id), { volumeAttachment: { volumeId, device: '/dev/sdc' } })
  expect([answer.status, answer.json.volumeAttachment.device]).toEqual([200, '/dev/sdc'])
  const states = await sequence(
    (ms) => cloud.clock.advance(ms),
    async () => (await cinder('GET', `/volumes/${volumeId}`)).json.volume.status,
  )
  expect(states).toEqual(['reserved', 'attaching', 'in-use'])
  expect((await show(id))['os-extended-volumes:volumes_attached']).toEqual([{ id: volumeId }])
  const again = await nova('POST', attachments(id), { volumeAttachment: { volumeId } })
  expect([again.status, again.json.badRequest.message]).toEqual([
    400,
    `Invalid volume: volume ${volumeId} is already attached to instances: ${id}`,
  ])
})

test('§7.14 detaching: 202, repeated immediately 400, later 404; the volume is available again', async () => {
  const { cloud, nova, cinder, running, volume } = await computeCloud()
  const [id, volumeId] = [await running(), await volume()]
  await nova('POST', attachments(id), { volumeAttachment: { volumeId } })
  cloud.clock.advance('1s')
  const detach = () => nova('DELETE', `${attachments(id)}/${volumeId}`)
  expect((await detach()).status).toBe(202)
  expect((await detach()).status).toBe(400)
  cloud.clock.advance('1s')
  expect((await detach()).status).toBe(404)
  expect((await cinder('GET', `/volumes/${volumeId}`)).json.volume.status).toBe('available')
  expect((await nova('GET', attachments(id))).json.volumeAttachments).toEqual([])
})

test('§8.1 names count on from the root device, behind ephemeral disks; a name in use is 409', async () => {
  const { nova, running, volume } = await computeCloud()
  const attach = async (id: string, device?: string) =>
    nova('POST', attachments(id), { volumeAttachment: { volumeId: await volume(), ...(device ? { device } : {}) } })
  const plain = await running()
  expect((await attach(plain)).json.volumeAttachment.device).toBe('/dev/sdb')
  expect((await attach(plain, '/dev/vdd')).json.volumeAttachment.device).toBe('/dev/sdd')
  expect((await attach(plain)).json.volumeAttachment.device).toBe('/dev/sdc')
  expect((await attach(plain, '/dev/sda')).status).toBe(409)
  const withEphemeral = await running({ flavorRef: '11' })
  expect((await attach(withEphemeral)).json.volumeAttachment.device).toBe('/dev/sdc')
})

test('§9 with `next-free` names the params is ignored, as libvirt does', async () => {
  const { nova, running, volume } = await computeCloud({ deviceNames: 'next-free' })
  const [id, volumeId] = [await running(), await volume()]
  const answer = await nova('POST', attachments(id), { volumeAttachment: { volumeId, device: '/dev/sdz' } })
  expect(answer.json.volumeAttachment.device).toBe('/dev/vdb')
})

test('an attachment that the hypervisor gives up disappears from the server, and the volume is free', async () => {
  const { cloud, nova, cinder, running, volume, show } = await computeCloud()
  const [id, volumeId] = [await running(), await volume()]
  cloud.faults.add({
    match: { transition: 'volumes.attach.in-use' },
    do: { state: { to: 'available', message: 'refused' } },
  })
  await nova('POST', attachments(id), { volumeAttachment: { volumeId } })
  cloud.clock.advance('1s')
  expect((await show(id))['os-extended-volumes:volumes_attached']).toEqual([])
  expect((await cinder('GET', `/volumes/${volumeId}`)).json.volume.status).toBe('available')
  expect((await nova('POST', attachments(id), { volumeAttachment: { volumeId } })).status).toBe(200)
})

test('§9 a volume of a multiattach type has several servers, from 2.60 on; another has one', async () => {
  const shared = { name: 'shared', extraSpecs: { multiattach: '<is> True' } }
  const seed = { ...boshCloud, volumeTypes: [...boshCloud.volumeTypes, shared] }
  const { cloud, nova, cinder, running } = await computeCloud({ seed })
  const { id: volumeId } = (await cinder('POST', '/volumes', { volume: { size: 1, volume_type: 'shared' } })).json
    .volume
  cloud.clock.advance('1s')
  expect((await cinder('GET', `/volumes/${volumeId}`)).json.volume).toMatchObject({ multiattach: true })
  const [first, second] = [await running(), await running()]
  const attach = async (id: string, version?: string) => {
    const body = { volumeAttachment: { volumeId } }
    const { status } = await nova('POST', attachments(id), body, version === undefined ? {} : { version })
    cloud.clock.advance('1s')
    return status
  }
  expect([await attach(first), await attach(first, '2.60'), await attach(second, '2.60')]).toEqual([400, 200, 200])
  const states = await Promise.all([first, second].map((id) => nova('GET', attachments(id))))
  expect(states.map(({ json }) => json.volumeAttachments.map((one) => one.volumeId))).toEqual([[volumeId], [volumeId]])
})

test('a volume of another project does not exist; a foreign server neither', async () => {
  const { nova, running, volume } = await computeCloud()
  const [id, volumeId] = [await running(), await volume()]
  const foreign = await nova('POST', attachments(id), { volumeAttachment: { volumeId } }, { user: 'other' })
  expect(foreign.status).toBe(404)
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['GET', '/metadata'],
    ['GET', '/os-interface'],
    ['GET', '/os-instance-actions'],
  ] as const) {
    expect((await nova(method, `/servers/${id}${path}`, undefined, { user: 'other' })).status).toBe(404)
  }
  expect((await nova('GET', '/servers', undefined, { user: 'other' })).json.servers).toEqual([])
})

test('§7.5 a deleted server gives its volumes back; those that go with it are deleted', async () => {
  const { cloud, nova, running, volume, records } = await computeCloud()
  const [id, kept, gone] = [await running(), await volume(), await volume()]
  await nova('POST', attachments(id), { volumeAttachment: { volumeId: kept } })
  const flag = { volumeAttachment: { volumeId: gone, delete_on_termination: true } }
  expect((await nova('POST', attachments(id), flag)).status).toBe(400)
  expect((await nova('POST', attachments(id), flag, { version: '2.79' })).status).toBe(200)
  cloud.clock.advance('1s')
  await nova('DELETE', `/servers/${id}`)
  cloud.clock.advance('5s')
  expect(records('volumes')).toMatchObject([{ id: kept, status: 'available' }])
  expect(records('volume_attachments')).toEqual([])
})

test('a volume is in use immediately on a shelved server, and gets its device when the server is unshelved', async () => {
  const { cloud, nova, cinder, running, volume } = await computeCloud()
  const [server, disk] = [await running(), await volume()]
  const act = async (body: object) => {
    await nova('POST', `/servers/${server}/action`, body)
    cloud.clock.advance('5s')
  }
  await act({ shelve: null })
  const body = { volumeAttachment: { volumeId: disk } }
  await nova('POST', `/servers/${server}/os-volume_attachments`, body, { version: '2.20' })
  const shown = async () => (await cinder('GET', `/volumes/${disk}`)).json.volume
  expect(await shown()).toMatchObject({ status: 'in-use', attachments: [{ server_id: server, device: null }] })
  await act({ unshelve: null })
  expect(await shown()).toMatchObject({ status: 'in-use', attachments: [{ server_id: server, device: '/dev/sdb' }] })
})

test('Nova notes that a volume of a server was extended', async () => {
  const { cloud, nova, running, volume } = await computeCloud()
  const id = await running()
  const volumeId = await volume()
  await nova('POST', `/servers/${id}/os-volume_attachments`, { volumeAttachment: { volumeId } })
  cloud.clock.advance('5s')
  const headers = {
    'x-auth-token': await cloud.token('bosh'),
    'content-type': 'application/json',
    'openstack-api-version': 'volume 3.42',
  }
  const url = `${cloud.url}/volume/v3/volumes/${volumeId}/action`
  const body = JSON.stringify({ 'os-extend': { new_size: 2 } })
  expect((await cloud.fetch(url, { method: 'POST', headers, body })).status).toBe(202)
  cloud.clock.advance('5s')
  const { text } = await nova('GET', `/servers/${id}/os-instance-actions`)
  const [newest] = JSON.parse(text).instanceActions
  expect(newest.action).toBe('extend_volume')
  const shown = await nova('GET', `/servers/${id}/os-instance-actions/${newest.request_id}`)
  expect(JSON.parse(shown.text).instanceAction).toMatchObject({ message: null })
})
