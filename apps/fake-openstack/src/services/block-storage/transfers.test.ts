import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const clients = async () => {
  const cloud = createFakeOpenStack()
  const client = (user: string) => userClient(cloud, user, '/volume/v3', 'volume', '3.57')
  const [bosh, other, admin] = await Promise.all([client('bosh'), client('other'), client('admin')])
  const { volume } = (await bosh('POST', '/volumes', { volume: { size: 1 } })).json
  cloud.clock.advance('1s')
  return { cloud, bosh, other, admin, volume_id: volume.id as string }
}

test('a volume changes its project when the other one accepts the transfer with its key', async () => {
  const { bosh, other, cloud, volume_id } = await clients()
  const made = await bosh('POST', '/volume-transfers', { transfer: { volume_id, name: ' mine ' } })
  expect(made.status).toBe(202)
  const { id, auth_key } = made.json.transfer
  expect(made.json.transfer).toMatchObject({ name: 'mine', no_snapshots: false, accepted: false })
  expect((await bosh('GET', `/volumes/${volume_id}`)).json.volume.status).toBe('awaiting-transfer')
  expect((await other('GET', `/volume-transfers/${id}`)).status).toBe(404)
  const wrong = await other('POST', `/volume-transfers/${id}/accept`, { accept: { auth_key: 'x' } })
  expect(wrong.json.badRequest.message).toBe(`Invalid auth key: Attempt to transfer ${id} with invalid auth key.`)
  const accepted = await other('POST', `/volume-transfers/${id}/accept`, { accept: { auth_key } })
  expect(accepted).toMatchObject({ status: 202, json: { transfer: { id, volume_id, name: 'mine' } } })
  expect((await bosh('GET', `/volumes/${volume_id}`)).status).toBe(404)
  expect((await other('GET', `/volumes/${volume_id}`)).json.volume).toMatchObject({ status: 'available' })
  expect(cloud.state().volumes[0]?.project_id).toBe(cloud.projectId('other'))
  expect((await bosh('GET', `/volume-transfers/${id}`)).status).toBe(404)
  expect(JSON.stringify(cloud.journal.since())).not.toContain(auth_key)
})

test('a transfer that is deleted makes the volume available again', async () => {
  const { bosh, volume_id } = await clients()
  const { id } = (await bosh('POST', '/os-volume-transfer', { transfer: { volume_id } })).json.transfer
  const again = await bosh('POST', '/os-volume-transfer', { transfer: { volume_id } })
  expect(again.json.badRequest.message).toBe('Invalid volume: status must be available')
  expect((await bosh('DELETE', `/os-volume-transfer/${id}`)).status).toBe(202)
  expect((await bosh('GET', `/volumes/${volume_id}`)).json.volume.status).toBe('available')
  expect((await bosh('DELETE', `/os-volume-transfer/${id}`)).status).toBe(404)
})

test('a transferred volume needs room in the quota of the other project', async () => {
  const { admin, bosh, cloud, other, volume_id } = await clients()
  const { id, auth_key } = (await bosh('POST', '/volume-transfers', { transfer: { volume_id } })).json.transfer
  await admin('PUT', `/os-quota-sets/${cloud.projectId('other')}`, { quota_set: { gigabytes: 0 } })
  const refused = await other('POST', `/volume-transfers/${id}/accept`, { accept: { auth_key } })
  expect(refused).toMatchObject({
    status: 413,
    json: { overLimit: { message: expect.stringMatching(/^Requested volume or snapshot exceeds allowed gigabytes/) } },
  })
})

test('transfers are listed for the project of the volume, and in pages from 3.59 on', async () => {
  const { bosh, other, admin, volume_id } = await clients()
  const { id } = (await bosh('POST', '/volume-transfers', { transfer: { volume_id, name: 'a' } })).json.transfer
  expect((await bosh('GET', '/volume-transfers')).json.transfers).toMatchObject([{ id, name: 'a' }])
  expect((await bosh('GET', '/volume-transfers/detail?name=A')).json.transfers).toHaveLength(1)
  expect((await other('GET', '/volume-transfers')).json).toEqual({ transfers: [] })
  expect((await admin('GET', '/volume-transfers?all_tenants=true')).json.transfers).toHaveLength(1)
  expect((await bosh('GET', '/volume-transfers?limit=5')).json).toEqual({ transfers: [] })
  const page = (await bosh('GET', '/volume-transfers?limit=1', undefined, '3.59')).json
  expect(page.transfers).toHaveLength(1)
  expect(page.transfers_links[0].href).toContain(`marker=${id}`)
})
