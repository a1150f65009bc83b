import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const clients = async () => {
  const cloud = createFakeOpenStack()
  const client = (user: string) => userClient(cloud, user, '/compute/v2.1')
  return { cloud, admin: await client('admin'), bosh: await client('bosh') }
}

const flavor = { name: 'f', id: 'f', ram: 64, vcpus: 1, disk: 1, 'os-flavor-access:is_public': false }

test('a private flavor is seen by the projects that have access, and by no other', async () => {
  const { cloud, admin, bosh } = await clients()
  const tenant = cloud.projectId('bosh')
  await admin('POST', '/flavors', { flavor })
  expect((await bosh('GET', '/flavors/f')).status).toBe(404)
  expect((await bosh('POST', '/flavors/f/action', { addTenantAccess: { tenant } })).status).toBe(403)
  const added = await admin('POST', '/flavors/f/action', { addTenantAccess: { tenant } })
  expect(added).toEqual({ status: 200, json: { flavor_access: [{ flavor_id: 'f', tenant_id: tenant }] } })
  expect((await admin('POST', '/flavors/f/action', { addTenantAccess: { tenant } })).status).toBe(409)
  expect((await bosh('GET', '/flavors/f')).status).toBe(200)
  expect((await bosh('GET', '/flavors')).json.flavors.map((one: { id: string }) => one.id)).toContain('f')
  expect((await admin('POST', '/flavors/f/action', { removeTenantAccess: { tenant } })).json).toEqual({
    flavor_access: [],
  })
  expect((await bosh('GET', '/flavors/f')).status).toBe(404)
})

test('access is refused to a project that does not exist, and told for private flavors only', async () => {
  const { admin } = await clients()
  await admin('POST', '/flavors', { flavor })
  const unknown = await admin('POST', '/flavors/f/action', { addTenantAccess: { tenant: 'nosuch' } })
  expect(unknown.json).toEqual({ badRequest: { code: 400, message: 'Project ID nosuch is not a valid project.' } })
  expect((await admin('GET', '/flavors/1/os-flavor-access')).status).toBe(404)
  expect((await admin('POST', '/flavors/f/action', { nosuch: {} })).status).toBe(400)
})

test('a flavor changes its description from 2.55 on, and single extra specs', async () => {
  const { admin } = await clients()
  await admin('POST', '/flavors', { flavor })
  expect((await admin('PUT', '/flavors/f', { flavor: { description: 'd' } })).status).toBe(404)
  const updated = await admin('PUT', '/flavors/f', { flavor: { description: 'd' } }, '2.55')
  expect(updated.json.flavor).toMatchObject({ id: 'f', description: 'd' })
  expect((await admin('PUT', '/flavors/f', { flavor: { name: 'x' } }, '2.55')).status).toBe(400)
  expect(await admin('PUT', '/flavors/f/os-extra_specs/a', { a: 'c' })).toEqual({ status: 200, json: { a: 'c' } })
  expect((await admin('PUT', '/flavors/f/os-extra_specs/a', { b: 'c' })).status).toBe(400)
  expect((await admin('GET', '/flavors/f/os-extra_specs')).json).toEqual({ extra_specs: { a: 'c' } })
})

test.each(['None', 'true', 'nonsense'])('tenants may send is_public=%s, which means nothing for them', async (text) => {
  const { bosh } = await clients()
  const asked = await bosh('GET', `/flavors/detail?is_public=${text}`)
  expect(asked).toEqual(await bosh('GET', '/flavors/detail'))
  expect(asked.status).toBe(200)
})
