import { expect, test } from 'vitest'
import { createFakeOpenStack } from '../../fake-openstack.ts'

/** Glance's errors are HTML where a request does not ask for JSON. */
const glance = async () => {
  const cloud = createFakeOpenStack()
  const client = async (user: string) => {
    const headers = { 'x-auth-token': await cloud.token(user), accept: 'application/json' }
    return async (method: string, path: string, body?: object) => {
      const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }
      const response = await cloud.fetch(`${cloud.url}/image/v2${path}`, init)
      const text = await response.text()
      return { status: response.status, json: text === '' ? undefined : JSON.parse(text) }
    }
  }
  return { cloud, admin: await client('admin'), bosh: await client('bosh') }
}

const path = '/metadefs/namespaces'

test('a cloud has no namespaces and no resource types at first', async () => {
  const { bosh } = await glance()
  expect((await bosh('GET', path)).json).toEqual({
    namespaces: [],
    schema: '/v2/schemas/metadefs/namespaces',
    first: '/v2/metadefs/namespaces',
  })
  expect((await bosh('GET', '/metadefs/resource_types')).json).toEqual({ resource_types: [] })
  expect((await bosh('GET', `${path}/x`)).json.message).toMatch('Metadata definition namespace=x was not found.')
  expect((await bosh('GET', `${path}/x/tags`)).json.message).toMatch('Namespace x not found')
})

test('administrators make namespaces, and tenants see those that are public', async () => {
  const { admin, bosh, cloud } = await glance()
  const body = { namespace: 'OS::A', visibility: 'public', protected: true, display_name: 'A' }
  expect((await bosh('POST', path, body)).status).toBe(403)
  const { status, json } = await admin('POST', path, body)
  expect(status).toBe(201)
  expect(json).toMatchObject({ ...body, self: '/v2/metadefs/namespaces/OS::A', owner: cloud.projectId('admin') })
  expect(json).not.toHaveProperty('description')
  expect((await admin('POST', path, { namespace: 'os::a' })).status).toBe(409)
  expect((await bosh('GET', `${path}/OS::A`)).json).toEqual(json)
  expect((await bosh('DELETE', `${path}/OS::A`)).status).toBe(403)
  expect((await admin('DELETE', `${path}/OS::A`)).json.message).toMatch('is protected and cannot be deleted.')
  const changed = await admin('PUT', `${path}/OS::A`, { namespace: 'OS::B' })
  expect(changed.json).toMatchObject({ namespace: 'OS::B', visibility: 'private', protected: false })
  expect((await bosh('GET', `${path}/OS::B`)).status).toBe(404)
  expect((await admin('DELETE', `${path}/OS::B`)).status).toBe(204)
  expect((await admin('GET', path)).json.namespaces).toEqual([])
})

test('a list of namespaces has pages, the newest first', async () => {
  const { admin } = await glance()
  for (const namespace of ['a', 'b', 'c']) await admin('POST', path, { namespace, visibility: 'public' })
  const names = (json: { namespaces: { namespace: string }[] }) => json.namespaces.map((one) => one.namespace)
  const page = (await admin('GET', `${path}?limit=2`)).json
  expect(names(page)).toEqual(['c', 'b'])
  expect(page.next).toBe('/v2/metadefs/namespaces?limit=2&marker=b')
  expect(names((await admin('GET', page.next.slice('/v2'.length))).json)).toEqual(['a'])
  expect(names((await admin('GET', `${path}?sort_key=namespace&sort_dir=asc`)).json)).toEqual(['a', 'b', 'c'])
  expect((await admin('GET', `${path}?sort_dir=up`)).status).toBe(400)
  expect((await admin('GET', `${path}?marker=z`)).status).toBe(404)
  expect((await admin('GET', `${path}?sort_key=x`)).status).toBe(500)
  expect((await admin('GET', `${path}?limit=x`)).status).toBe(500)
  expect((await admin('GET', `${path}?visibility=private`)).json.namespaces).toEqual([])
})

test('a namespace is made with all that it holds', async () => {
  const { admin } = await glance()
  const body = {
    namespace: 'n',
    resource_type_associations: [{ name: 'OS::Glance::Image', prefix: 'hw_' }],
    properties: { cores: { title: 'Cores', type: 'integer' } },
    objects: [{ name: 'o', description: 'd' }],
    tags: [{ name: 't' }],
  }
  expect((await admin('POST', path, body)).json).toMatchObject(body)
  const shown = (await admin('GET', `${path}/n`)).json
  expect(shown).toMatchObject({ ...body, objects: [{ ...body.objects[0], required: [], properties: {} }] })
  expect((await admin('GET', '/metadefs/resource_types')).json.resource_types).toMatchObject([
    { name: 'OS::Glance::Image' },
  ])
  const bad = await admin('POST', path, { namespace: 'm', properties: { cores: { type: 'integer' } } })
  expect(bad.json.message).toMatch("does not match schema 'namespace': 'title' is a required property")
  expect((await admin('POST', path, { namespace: 'm', self: 'x' })).json.message).toMatch('is read-only')
  expect((await admin('POST', path, {})).status).toBe(400)
})

test('objects of a namespace are made, renamed and deleted', async () => {
  const { admin, bosh } = await glance()
  await admin('POST', path, { namespace: 'n', visibility: 'public' })
  const objects = `${path}/n/objects`
  const { status, json } = await admin('POST', objects, { name: 'o' })
  expect({ status, json }).toMatchObject({ status: 201, json: { name: 'o', self: `/v2${objects}/o` } })
  expect(json).not.toHaveProperty('required')
  expect((await admin('POST', objects, { name: 'O' })).json.message).toMatch('already exists in namespace=n.')
  expect((await bosh('PUT', `${objects}/o`, { name: 'p' })).status).toBe(403)
  expect((await admin('PUT', `${objects}/o`, { name: 'p' })).json).toMatchObject({ name: 'p', required: [] })
  expect((await bosh('GET', objects)).json).toMatchObject({ objects: [{ name: 'p' }] })
  expect((await bosh('GET', `${objects}/o`)).status).toBe(404)
  expect((await admin('DELETE', `${objects}/p`)).status).toBe(204)
  expect((await bosh('GET', objects)).json.objects).toEqual([])
})

test('tags of a namespace replace those before them, and single ones are added', async () => {
  const { admin } = await glance()
  await admin('POST', path, { namespace: 'n' })
  const tags = `${path}/n/tags`
  const make = (...names: string[]) => admin('POST', tags, { tags: names.map((name) => ({ name })) })
  expect(await make('a', 'b')).toEqual({ status: 201, json: { tags: [{ name: 'a' }, { name: 'b' }] } })
  expect((await make('c', 'C')).status).toBe(409)
  expect((await make('c')).status).toBe(201)
  expect((await admin('POST', `${tags}/d`)).json).toMatchObject({ name: 'd' })
  expect((await admin('GET', tags)).json).toEqual({ tags: [{ name: 'd' }, { name: 'c' }] })
  expect((await admin('GET', `${tags}?limit=1`)).json).toEqual({ tags: [{ name: 'd' }] })
  expect((await admin('GET', `${tags}?marker=d`)).json).toEqual({ tags: [{ name: 'c' }] })
  expect((await admin('GET', `${tags}?marker=z`)).status).toBe(404)
  expect((await admin('GET', `${path}/none/objects?limit=0`)).json.message).toMatch('limit param must be positive')
  expect((await admin('PUT', `${tags}/d`, { name: 'e' })).json.name).toBe('e')
  expect((await admin('POST', `${tags}/${'x'.repeat(81)}`)).status).toBe(400)
  expect((await admin('DELETE', `${tags}/e`)).status).toBe(204)
  expect((await admin('DELETE', tags)).status).toBe(204)
  expect((await admin('GET', tags)).json).toEqual({ tags: [] })
})

test('properties and resource types of a namespace', async () => {
  const { admin } = await glance()
  await admin('POST', path, { namespace: 'n' })
  const property = { name: 'p', title: 'P', type: 'string', enum: ['a'] }
  expect((await admin('POST', `${path}/n/properties`, property)).json).toEqual(property)
  const changed = { ...property, title: 'Q' }
  expect((await admin('PUT', `${path}/n/properties/p`, changed)).json).toEqual(changed)
  expect((await admin('GET', `${path}/n/properties`)).json.properties.p).toMatchObject({ title: 'Q' })
  expect((await admin('DELETE', `${path}/n/properties/p`)).status).toBe(204)
  const types = `${path}/n/resource_types`
  expect((await admin('POST', types, { name: 'T' })).json).toMatchObject({ name: 'T' })
  expect((await admin('GET', types)).json.resource_type_associations).toMatchObject([{ name: 'T' }])
  expect((await admin('DELETE', `${types}/T`)).status).toBe(204)
  expect((await admin('DELETE', `${types}/T`)).json.message).toMatch('Failed to find resource type T to delete')
  expect((await admin('GET', '/metadefs/resource_types')).json.resource_types).toHaveLength(1)
})
