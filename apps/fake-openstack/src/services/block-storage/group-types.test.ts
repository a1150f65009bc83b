import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const cinder = async () => {
  const cloud = createFakeOpenStack()
  const client = (user: string) => userClient(cloud, user, '/volume/v3', 'volume', '3.11')
  return { admin: await client('admin'), bosh: await client('bosh') }
}

test('an administrator makes group types, whose specs tenants do not see', async () => {
  const { admin, bosh } = await cinder()
  const body = { group_type: { name: 'g', group_specs: { a: 'b' } } }
  expect((await bosh('POST', '/group_types', body)).status).toBe(403)
  const { status, json } = await admin('POST', '/group_types', body)
  const { id } = json.group_type
  expect(status).toBe(202)
  expect(json.group_type).toEqual({ id, description: null, is_public: true, ...body.group_type })
  expect((await bosh('GET', `/group_types/${id}`)).json.group_type).not.toHaveProperty('group_specs')
  const namesOf = async (query: string) =>
    (await admin('GET', `/group_types?${query}`)).json.group_types.map(({ name }: { name: string }) => name)
  expect(await namesOf('')).toEqual(['g', 'default_cgsnapshot_type'])
  expect(await namesOf('sort=name:asc&limit=1')).toEqual(['default_cgsnapshot_type'])
  const changed = await admin('PUT', `/group_types/${id}`, { group_type: { name: 'h', is_public: false } })
  expect(changed.json.group_type).toMatchObject({ name: 'h', is_public: false })
  expect(await namesOf('is_public=false')).toEqual(['h'])
  expect((await bosh('GET', `/group_types/${id}`)).status).toBe(404)
  expect((await admin('DELETE', `/group_types/${id}`)).status).toBe(202)
  expect((await admin('DELETE', `/group_types/${id}`)).json.itemNotFound.message).toBe(
    `Group type ${id} could not be found.`,
  )
})

test('the specs of a group type are set, changed and deleted one by one', async () => {
  const { admin, bosh } = await cinder()
  const { id } = (await admin('POST', '/group_types', { group_type: { name: 'g' } })).json.group_type
  const path = `/group_types/${id}/group_specs`
  expect((await bosh('GET', path)).status).toBe(403)
  expect(await admin('POST', path, { group_specs: { a: '1', b: '2' } })).toEqual({
    status: 202,
    json: { group_specs: { a: '1', b: '2' } },
  })
  expect((await admin('PUT', `${path}/a`, { a: '3' })).json).toEqual({ a: '3' })
  expect((await admin('PUT', `${path}/a`, { b: '3' })).json.badRequest.message).toBe('Request body and URI mismatch')
  expect((await admin('GET', `${path}/a`)).json).toEqual({ a: '3' })
  expect((await admin('DELETE', `${path}/a`)).status).toBe(202)
  expect((await admin('DELETE', `${path}/a`)).json.itemNotFound.message).toBe(
    `Group Type ${id} has no specs with key a.`,
  )
  expect((await admin('GET', path)).json).toEqual({ group_specs: { b: '2' } })
})

test('group types are served from 3.11 on and the list of filters from 3.33 on', async () => {
  const { bosh } = await cinder()
  expect((await bosh('GET', '/group_types', undefined, '3.10')).status).toBe(404)
  expect((await bosh('GET', '/resource_filters')).status).toBe(404)
  expect((await bosh('GET', '/resource_filters?resource=pool', undefined, '3.33')).json).toEqual({
    resource_filters: [{ resource: 'pool', filters: ['name', 'volume_type'] }],
  })
})
