import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

test.each([
  ['namespace', 'namespace', ['namespace']],
  ['object', 'object', ['name']],
  ['property', 'property', ['type', 'title', 'name']],
  ['resource_type', 'resource_type_association', ['name']],
  ['tag', 'tag', ['name']],
])('the schema of a metadata %s names what it requires', async (path, name, required) => {
  const glance = await userClient(createFakeOpenStack(), 'bosh', '/image/v2')
  const { status, json } = await glance('GET', `/schemas/metadefs/${path}`)
  expect({ status, json }).toMatchObject({ status: 200, json: { name, required, additionalProperties: false } })
})

test.each(['namespaces', 'objects', 'resource_types', 'tags'])(
  'the schema of metadata %s is that of a list',
  async (path) => {
    const glance = await userClient(createFakeOpenStack(), 'bosh', '/image/v2')
    const { json } = await glance('GET', `/schemas/metadefs/${path}`)
    expect(json.properties[json.name]).toMatchObject({ type: 'array', items: { additionalProperties: false } })
    expect(json.properties[json.name].items).not.toHaveProperty('definitions')
    expect(json.links).toHaveLength(3)
  },
)

test('the schema of metadata properties has them by their names', async () => {
  const glance = await userClient(createFakeOpenStack(), 'bosh', '/image/v2')
  const { json } = await glance('GET', '/schemas/metadefs/properties')
  expect(json.properties.properties.additionalProperties.required).toEqual(['type', 'title'])
})
