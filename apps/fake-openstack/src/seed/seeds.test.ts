import { expect, test } from 'vitest'
import { createFakeOpenStack, createFakeWithParts } from '../fake-openstack.ts'
import { boshCloud } from './bosh-cloud.ts'
import { emptyCloud } from './empty-cloud.ts'
import { seedJsonSchema } from './json-schema.ts'
import { parseSeed, SeedError, seedSchema } from './schema.ts'

test('the built-in seeds are whole and would pass as seed files', () => {
  expect(parseSeed(boshCloud)).toEqual(boshCloud)
  expect(parseSeed({})).toEqual(emptyCloud)
  expect(createFakeOpenStack({ seed: 'empty' }).state()['projects']).toEqual([])
})

test('the seed devstack has the users, networks and image that DevStack sets up', async () => {
  const cloud = createFakeOpenStack({ seed: 'devstack' })
  const headers = { 'x-auth-token': await cloud.token('demo') }
  const list = async (path: string): Promise<unknown> => (await cloud.fetch(cloud.url + path, { headers })).json()
  expect(cloud.credentials().username).toBe('demo')
  expect(await list('/network/v2.0/networks?fields=name&name=private')).toEqual({ networks: [{ name: 'private' }] })
  expect(await list('/image/v2/images')).toMatchObject({ images: [{ name: 'cirros-0.6.3-x86_64-disk' }] })
  expect(await list('/compute/v2.1/flavors/c1')).toMatchObject({ flavor: { name: 'cirros256', ram: 256 } })
})

test('the JSON Schema of seeds names every part, and asks for none', () => {
  const schema = seedJsonSchema() as { properties: object; required?: string[] } // a schema of an object
  expect(Object.keys(schema.properties)).toEqual(Object.keys(seedSchema.shape))
  expect(schema.required ?? []).toEqual([])
})

test('a seed of one’s own makes another cloud', async () => {
  const cloud = createFakeWithParts({
    seed: {
      regions: ['north', 'south'],
      projects: [{ name: 'p', quotas: { compute: { cores: 4 } } }],
      users: [{ name: 'u', password: 'pw', roles: { p: ['member'] } }],
      images: [{ name: 'zeros', project: 'p', sizeBytes: 3 }],
    },
  })
  const project = cloud.projectId('p')
  expect(cloud.context.quotas.limit('compute', project, 'cores')).toBe(4)
  expect(cloud.state()['images']).toMatchObject([{ name: 'zeros', checksum: '693e9af84d3dfcc71e640e005bdc5e2e' }])
  expect(await cloud.token('u', 'p')).toMatch(/^gAAAAA/)
})

test('§9 a transition that does not exist has no duration', () => {
  expect(() => createFakeOpenStack({ durations: { 'volumes.crate': '9s' } })).toThrow(/volumes\.crate/)
})

test.each([
  ['an unknown part', { planets: [] }, 'planets'],
  ['a wrong type', { flavors: [{ id: '1', name: 'x', ramMiB: 'much', vcpus: 1, diskGiB: 1 }] }, 'ramMiB'],
  ['a project that is not there', { users: [{ name: 'u', password: '', roles: { nope: ['member'] } }] }, 'nope'],
])('a seed with %s is refused and the place is named', (_what, seed, place) => {
  // Seeds come from files, so any shape may arrive.
  const create = () => createFakeOpenStack({ seed: seed as never })
  expect(create).toThrow(SeedError)
  expect(create).toThrow(place)
})
