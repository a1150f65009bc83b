import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

type Row = Record<string, unknown> & { id: string; name: string; group_id?: string | null; status: string }

const cinder = async () => {
  const cloud = createFakeOpenStack({ clock: 'virtual' })
  const admin = await userClient(cloud, 'admin', '/volume/v3', 'volume', '3.58')
  const groupType = (await admin('POST', '/group_types', { group_type: { name: 'g' } })).json.group_type.id
  const [{ id: type }] = (await admin('GET', '/types')).json.volume_types
  const bosh = await userClient(cloud, 'bosh', '/volume/v3', 'volume', '3.58')
  const settle = () => cloud.clock.advance('5s')
  const createGroup = async (): Promise<string> => {
    const { json } = await bosh('POST', '/groups', {
      group: { name: ' web ', group_type: groupType, volume_types: [type] },
    })
    settle()
    return json.group.id
  }
  const createVolume = async (group_id?: string): Promise<string> => {
    const body = { volume: { size: 1, volume_type: type, ...(group_id ? { group_id } : {}) } }
    const { json } = await bosh('POST', '/volumes', body)
    settle()
    return json.volume.id
  }
  const members = async (group: string): Promise<Row[]> =>
    (await bosh('GET', `/volumes/detail?group_id=${group}`)).json.volumes
  const refusal = async (method: string, path: string, body?: unknown): Promise<string> => {
    const { status, json } = await bosh(method, path, body)
    return `${status} ${json.badRequest?.message ?? json.itemNotFound?.message ?? json.overLimit?.message}`
  }
  return { cloud, admin, bosh, settle, groupType, type, createGroup, createVolume, members, refusal }
}

test('a group becomes available and is shown with its volumes', async () => {
  const { admin, bosh, settle, groupType, type, createVolume } = await cinder()
  const body = { group: { name: ' web ', group_type: 'g', volume_types: [type] } }
  const { status, json } = await bosh('POST', '/groups', body)
  const { id } = json.group
  expect({ status, json }).toEqual({ status: 202, json: { group: { id, name: 'web' } } })
  expect((await bosh('GET', `/groups/${id}`)).json.group.status).toBe('creating')
  settle()
  const volume = await createVolume(id)
  expect((await bosh('GET', `/groups/${id}?list_volume=true`)).json.group).toEqual({
    id,
    name: 'web',
    description: null,
    status: 'available',
    availability_zone: 'nova',
    created_at: expect.stringMatching(/\.000000$/),
    group_type: groupType,
    volume_types: [type],
    group_snapshot_id: null,
    source_group_id: null,
    volumes: [volume],
    replication_status: 'disabled',
  })
  expect((await bosh('GET', `/groups/${id}`, undefined, '3.13')).json.group).not.toHaveProperty('source_group_id')
  expect((await admin('GET', `/groups/${id}`)).json.group.project_id).toBeTypeOf('string')
  expect((await bosh('GET', '/groups', undefined, '3.12')).status).toBe(404)
})

test('lists of groups are of the project, filtered and paged', async () => {
  const { admin, bosh, createGroup, refusal } = await cinder()
  const first = await createGroup()
  const second = await createGroup()
  const ids = async (query: string, client = bosh, version?: string) =>
    (await client('GET', `/groups${query}`, undefined, version)).json.groups.map(({ id }: Row) => id)
  expect(await ids('')).toEqual([second, first])
  expect(await ids('', admin)).toEqual([])
  expect(await ids('?all_tenants=1&status=available', admin)).toEqual([second, first])
  expect(await ids('?name=WEB&sort=created_at:asc')).toHaveLength(2)
  expect(await ids(`?id=${first}`, bosh, '3.30')).toEqual([first])
  expect(await ids('?nosuch=1', bosh, '3.30')).toEqual([])
  expect(await refusal('GET', '/groups?id=1')).toBe('400 Invalid filters id are found in query options.')
  expect(await refusal('GET', '/groups?marker=a')).toBe('404 Group a could not be found.')
  const page = (await bosh('GET', '/groups/detail?limit=1')).json
  expect(page.groups.map(({ id }: Row) => id)).toEqual([second])
  expect(page.group_links[0].href).toMatch(new RegExp(`/groups\\?limit=1&marker=${second}$`))
})

test('a group is refused with an unknown type, a reserved type, an unknown zone and over the quota', async () => {
  const { admin, groupType, type, createGroup, refusal } = await cinder()
  const create = (group: object) =>
    refusal('POST', '/groups', { group: { group_type: groupType, volume_types: [type], ...group } })
  const none = '00000000-0000-4000-8000-000000000000'
  expect(await create({ group_type: none })).toBe(`404 Group type ${none} could not be found.`)
  expect(await create({ group_type: 'h' })).toBe('404 Group type with name h could not be found.')
  expect(await create({ volume_types: ['h'] })).toBe('404 Volume type with name h could not be found.')
  expect(await create({ group_type: 'default_cgsnapshot_type' })).toMatch(
    /^400 Group_type .* is reserved for migrating/,
  )
  expect(await create({ availability_zone: 'x' })).toBe("400 Invalid input received: Availability zone 'x' is invalid.")
  const own = await createGroup()
  const project = (await admin('GET', `/groups/${own}`)).json.group.project_id
  await admin('PUT', `/os-quota-sets/${project}`, { quota_set: { groups: 1 } })
  expect(await create({})).toBe('413 GroupLimitExceeded: Maximum number of groups allowed (1) exceeded')
  expect((await admin('GET', `/os-quota-sets/${project}?usage=true`)).json.quota_set.groups).toEqual({
    limit: 1,
    in_use: 1,
    reserved: 0,
  })
  expect((await admin('DELETE', `/group_types/${groupType}`)).json.badRequest.message).toBe(
    'Target group type is still in use.',
  )
})

test('volumes join and leave a group while it is updating', async () => {
  const { bosh, settle, createGroup, createVolume, members, refusal } = await cinder()
  const group = await createGroup()
  const volume = await createVolume()
  const path = `/groups/${group}`
  const update = (asked: object) => bosh('PUT', path, { group: asked })
  expect((await update({ name: 'new', add_volumes: volume })).status).toBe(202)
  expect((await bosh('GET', path)).json.group).toMatchObject({ name: 'new', status: 'updating' })
  expect(await refusal('PUT', path, { group: { remove_volumes: volume } })).toMatch(/is not in the group\.$/)
  settle()
  expect(await members(group)).toMatchObject([{ id: volume, group_id: group }])
  expect(await refusal('PUT', path, { group: { name: 'new', add_volumes: volume } })).toMatch(
    /no valid name, description, add_volumes, or remove_volumes were provided\.$/,
  )
  const other = await createGroup()
  expect(await refusal('PUT', `/groups/${other}`, { group: { add_volumes: volume } })).toBe(
    `400 Invalid volume: Cannot add volume ${volume} to group ${other} because it is already in group ${group}.`,
  )
  expect(await refusal('PUT', path, { group: { add_volumes: 'x' } })).toMatch(/because volume cannot be found\.$/)
  expect(await refusal('PUT', path, { group: { add_volumes: 'x', remove_volumes: 'x' } })).toBe(
    "400 Invalid volume: UUIDs ['x'] are in both add and remove volume list.",
  )
  await update({ remove_volumes: volume })
  settle()
  expect(await members(group)).toEqual([])
})

test('a volume of a group has one of its types, and is neither retyped nor deleted alone', async () => {
  const { admin, type, createGroup, createVolume, refusal } = await cinder()
  const group = await createGroup()
  const { id: other } = (await admin('POST', '/types', { volume_type: { name: 'other' } })).json.volume_type
  const create = (volume: object) => refusal('POST', '/volumes', { volume: { size: 1, group_id: group, ...volume } })
  expect(await create({})).toMatch(/volume_type must be provided when creating a volume in a group\.$/)
  expect(await create({ volume_type: other })).toMatch(/^400 .*requested type must be supported by this group/)
  expect(await create({ volume_type: type, group_id: 'x' })).toBe('404 Group x could not be found.')
  const volume = await createVolume(group)
  expect(await refusal('DELETE', `/volumes/${volume}`)).toMatch(/^400 Invalid volume: .* belong to a group/)
  expect(await refusal('POST', `/volumes/${volume}/action`, { 'os-retype': { new_type: other } })).toMatch(/^400 /)
})

test('a group is deleted with its volumes only when the request says so', async () => {
  const { bosh, settle, createGroup, createVolume, members, refusal } = await cinder()
  const group = await createGroup()
  await createVolume(group)
  const action = `/groups/${group}/action`
  expect(await refusal('POST', action, { delete: {} })).toBe(
    `400 Invalid Group: Group ${group} still contains volumes. The delete-volumes flag is required to delete it.`,
  )
  expect((await bosh('POST', action, { delete: { 'delete-volumes': true } })).status).toBe(202)
  expect(await members(group)).toMatchObject([{ status: 'deleting' }])
  expect((await bosh('GET', `/groups/${group}`)).json.group.status).toBe('deleting')
  settle()
  expect(await members(group)).toEqual([])
  expect((await bosh('GET', `/groups/${group}`)).status).toBe(404)
})

test('a group is copied with its volumes', async () => {
  const { bosh, settle, createGroup, createVolume, members, refusal } = await cinder()
  const group = await createGroup()
  const copy = { 'create-from-src': { name: 'copy', source_group_id: group } }
  expect(await refusal('POST', '/groups/action', copy)).toBe(
    '400 Invalid Group: Source Group is empty. No group will be created.',
  )
  const volume = await createVolume(group)
  const { status, json } = await bosh('POST', '/groups/action', copy)
  expect(status).toBe(202)
  const { id } = json.group
  expect(await members(id)).toMatchObject([{ status: 'creating', source_volid: volume }])
  expect(await refusal('POST', `/groups/${group}/action`, { delete: { 'delete-volumes': true } })).toMatch(
    /it cannot be the source for an ongoing group or group snapshot creation\.$/,
  )
  settle()
  expect(await members(id)).toMatchObject([{ status: 'available' }])
  expect((await bosh('GET', `/groups/${id}`)).json.group).toMatchObject({
    ...{ name: 'copy', status: 'available', source_group_id: group },
  })
  expect((await bosh('GET', '/groups')).json.groups).toHaveLength(2)
})

test('administrators report the status of a group', async () => {
  const { admin, bosh, createGroup } = await cinder()
  const action = `/groups/${await createGroup()}/action`
  const body = (status: string) => ({ reset_status: { status } })
  expect((await bosh('POST', action, body('error'))).status).toBe(403)
  expect((await admin('POST', action, body('Error'))).status).toBe(202)
  expect((await bosh('GET', action.replace('/action', ''))).json.group.status).toBe('error')
  expect((await admin('POST', action, body('wrong'))).json.badRequest.message).toMatch(
    /Group status: wrong is invalid, valid status are: \('error', 'available', /,
  )
})

test('a group of a type that no back end has ends in error, and is deleted immediately', async () => {
  const { admin, bosh, settle, groupType } = await cinder()
  const extra_specs = { vendor_name: 'nobody' }
  const { id: type } = (await admin('POST', '/types', { volume_type: { name: 'odd', extra_specs } })).json.volume_type
  const { json } = await bosh('POST', '/groups', { group: { group_type: groupType, volume_types: [type] } })
  settle()
  const path = `/groups/${json.group.id}`
  expect((await bosh('GET', path)).json.group.status).toBe('error')
  expect((await admin('DELETE', `/types/${type}`)).json.badRequest.message).toBe('Target volume type is still in use.')
  expect((await bosh('POST', `${path}/action`, { delete: {} })).status).toBe(202)
  expect((await bosh('GET', path)).status).toBe(404)
})
