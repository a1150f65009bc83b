import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const keystone = async () => {
  const cloud = createFakeOpenStack()
  return {
    admin: await userClient(cloud, 'admin', '/identity/v3'),
    bosh: await userClient(cloud, 'bosh', '/identity/v3'),
  }
}

test.each([
  ['policy', '/policies', { blob: 'b', type: 't' }, { type: 'u' }],
  ['consumer', '/OS-OAUTH1/consumers', { description: 'd' }, { description: 'e' }],
  ['endpoint_group', '/OS-EP-FILTER/endpoint_groups', { name: 'g', filters: {} }, { filters: { interface: 'admin' } }],
])('an administrator keeps a %s; a tenant sees none', async (name, path, asked, changes) => {
  const { admin, bosh } = await keystone()
  expect((await bosh('POST', path, { [name]: asked })).status).toBe(403)
  const { status, json } = await admin('POST', path, { [name]: { ...asked, more: 'kept' } })
  const { id } = json[name]
  expect(status).toBe(201)
  expect(json[name]).toMatchObject({ ...asked, more: 'kept' })
  expect((await bosh('GET', `${path}/${id}`)).status).toBe(403)
  expect((await admin('PATCH', `${path}/${id}`, { [name]: changes })).json[name]).toMatchObject({
    ...asked,
    ...changes,
  })
  expect(Object.values((await admin('GET', path)).json)).toContainEqual([
    expect.objectContaining({ id, ...asked, ...changes, more: 'kept' }),
  ])
  expect((await admin('DELETE', `${path}/${id}`)).status).toBe(204)
  expect((await admin('GET', `${path}/${id}`)).status).toBe(404)
})

test('the secret of a consumer is shown once, and is not changed', async () => {
  const { admin } = await keystone()
  const { id, secret } = (await admin('POST', '/OS-OAUTH1/consumers', {})).json.consumer
  expect(secret).toMatch(/^[0-9a-f]{32}$/)
  expect((await admin('GET', `/OS-OAUTH1/consumers/${id}`)).json.consumer).not.toHaveProperty('secret')
  expect((await admin('PATCH', `/OS-OAUTH1/consumers/${id}`, { consumer: { secret: 'x' } })).status).toBe(400)
})

test('a group of endpoints filters by service, region and interface only', async () => {
  const { admin } = await keystone()
  const endpoint_group = { name: 'g', filters: { nope: 'x' } }
  const { json } = await admin('POST', '/OS-EP-FILTER/endpoint_groups', { endpoint_group })
  expect(json.error.message).toContain('Expecting to find service_id or region_id or interface in endpoint_group.')
})
