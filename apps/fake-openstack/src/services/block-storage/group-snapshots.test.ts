import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const cinder = async () => {
  const cloud = createFakeOpenStack({ clock: 'virtual' })
  const admin = await userClient(cloud, 'admin', '/volume/v3', 'volume', '3.58')
  const groupType = (await admin('POST', '/group_types', { group_type: { name: 'g' } })).json.group_type.id
  const [{ id: type }] = (await admin('GET', '/types')).json.volume_types
  const bosh = await userClient(cloud, 'bosh', '/volume/v3', 'volume', '3.58')
  const settle = () => cloud.clock.advance('5s')
  const { json } = await bosh('POST', '/groups', { group: { group_type: groupType, volume_types: [type] } })
  const group: string = json.group.id
  settle()
  const body = { volume: { size: 1, volume_type: type, group_id: group } }
  const volume: string = (await bosh('POST', '/volumes', body)).json.volume.id
  settle()
  const take = () => bosh('POST', '/group_snapshots', { group_snapshot: { group_id: group, name: 's' } })
  const snapshots = async () => (await bosh('GET', '/snapshots/detail')).json.snapshots
  const refusal = async (method: string, path: string, asked?: unknown): Promise<string> => {
    const answer = await bosh(method, path, asked)
    return `${answer.status} ${(answer.json.badRequest ?? answer.json.itemNotFound).message}`
  }
  return { admin, bosh, settle, groupType, group, volume, take, snapshots, refusal }
}

test('a group snapshot takes a snapshot of each volume, and goes with them', async () => {
  const { bosh, settle, groupType, group, volume, take, snapshots, refusal } = await cinder()
  const { status, json } = await take()
  const { id } = json.group_snapshot
  const path = `/group_snapshots/${id}`
  expect({ status, json }).toEqual({
    status: 202,
    json: { group_snapshot: { id, name: 's', group_type_id: groupType } },
  })
  expect((await bosh('GET', path)).json.group_snapshot.status).toBe('creating')
  expect(await refusal('DELETE', path)).toMatch(/^400 Invalid GroupSnapshot: GroupSnapshot status must be available/)
  settle()
  expect((await bosh('GET', path)).json.group_snapshot).toEqual({
    ...{ id, name: 's', description: null, status: 'available', group_id: group, group_type_id: groupType },
    created_at: expect.any(String),
  })
  const [snapshot] = await snapshots()
  expect(snapshot).toMatchObject({ volume_id: volume, status: 'available', name: 's', group_snapshot_id: id })
  expect(await refusal('DELETE', `/snapshots/${snapshot.id}`)).toMatch(/must not be part of a group\.$/)
  expect(await refusal('POST', `/groups/${group}/action`, { delete: { 'delete-volumes': true } })).toBe(
    '400 Invalid Group: Group has existing snapshots.',
  )
  expect((await bosh('DELETE', path)).status).toBe(202)
  expect(await snapshots()).toMatchObject([{ status: 'deleting' }])
  settle()
  expect(await snapshots()).toEqual([])
  expect(await refusal('GET', path)).toBe(`404 GroupSnapshot ${id} could not be found.`)
})

test('group snapshots are listed, with filters and pages from 3.29 on', async () => {
  const { bosh, settle, group, take, refusal } = await cinder()
  const { id } = (await take()).json.group_snapshot
  settle()
  const list = async (path: string, version?: string) =>
    (await bosh('GET', `/group_snapshots${path}`, undefined, version)).json.group_snapshots
  expect(await list('')).toEqual([{ id, name: 's' }])
  expect(await list(`/detail?group_id=${group}&status=available`)).toMatchObject([{ id, group_id: group }])
  expect(await list('?status=error')).toEqual([])
  expect(await list('?status=error&marker=x', '3.28')).toHaveLength(1)
  expect(await refusal('GET', '/group_snapshots?marker=x')).toBe('404 GroupSnapshot x could not be found.')
  expect((await bosh('GET', '/group_snapshots', undefined, '3.13')).status).toBe(404)
})

test('a group is made of a group snapshot', async () => {
  const { bosh, settle, take, snapshots } = await cinder()
  const { id } = (await take()).json.group_snapshot
  settle()
  const [snapshot] = await snapshots()
  const { json } = await bosh('POST', '/groups/action', { 'create-from-src': { group_snapshot_id: id } })
  settle()
  expect((await bosh('GET', `/groups/${json.group.id}`)).json.group).toMatchObject({
    ...{ status: 'available', group_snapshot_id: id, source_group_id: null },
  })
  const { volumes } = (await bosh('GET', `/volumes/detail?group_id=${json.group.id}`)).json
  expect(volumes).toMatchObject([{ status: 'available', snapshot_id: snapshot.id }])
})

test('administrators report the status of a group snapshot', async () => {
  const { admin, bosh, take } = await cinder()
  const path = `/group_snapshots/${(await take()).json.group_snapshot.id}`
  const body = (status: string) => ({ reset_status: { status } })
  expect((await bosh('POST', `${path}/action`, body('error'))).status).toBe(403)
  expect((await admin('POST', `${path}/action`, body('error'))).status).toBe(202)
  expect((await bosh('GET', path)).json.group_snapshot.status).toBe('error')
  expect((await admin('POST', `${path}/action`, body('in-use'))).json.badRequest.message).toMatch(
    /Group snapshot status: in-use is invalid, valid statuses are: /,
  )
})

test('snapshots of a group count against the quota', async () => {
  const { admin, bosh, take, snapshots } = await cinder()
  const [{ 'os-vol-tenant-attr:tenant_id': project }] = (await bosh('GET', '/volumes/detail')).json.volumes
  await admin('PUT', `/os-quota-sets/${project}`, { quota_set: { snapshots: 0 } })
  expect((await take()).status).toBe(413)
  expect(await snapshots()).toEqual([])
  expect((await bosh('GET', '/group_snapshots')).json.group_snapshots).toEqual([])
})
