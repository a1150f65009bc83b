import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const neutron = async () => {
  const cloud = createFakeOpenStack()
  const client = (user: string) => userClient(cloud, user, '/network/v2.0')
  return { admin: await client('admin'), bosh: await client('bosh') }
}

test('an administrator makes flavors, which everybody sees and no tenant changes', async () => {
  const { admin, bosh } = await neutron()
  const body = { flavor: { name: 'f', service_type: 'L3_ROUTER_NAT' } }
  expect((await bosh('POST', '/flavors', body)).status).toBe(403)
  const { status, json } = await admin('POST', '/flavors', body)
  expect(status).toBe(201)
  const { id } = json.flavor
  expect(json.flavor).toEqual({ id, ...body.flavor, description: '', enabled: true, service_profiles: [] })
  expect((await bosh('GET', `/flavors/${id}`)).json).toEqual(json)
  expect((await bosh('GET', '/flavors?name=f')).json.flavors).toEqual([json.flavor])
  expect((await bosh('PUT', `/flavors/${id}`, { flavor: { name: 'g' } })).json.NeutronError).toMatchObject({
    type: 'PolicyNotAuthorized',
    message: 'rule:update_flavor is disallowed by policy',
  })
  const changed = await admin('PUT', `/flavors/${id}`, { flavor: { name: 'g', enabled: false } })
  expect(changed.json.flavor).toEqual({ ...json.flavor, name: 'g', enabled: false })
  expect((await admin('GET', '/flavors?enabled=True')).json.flavors).toEqual([])
  expect((await admin('DELETE', `/flavors/${id}`)).status).toBe(204)
  expect((await admin('DELETE', `/flavors/${id}`)).json.NeutronError.type).toBe('FlavorNotFound')
})

test('flavors are sorted by the key that is asked for', async () => {
  const { admin } = await neutron()
  const names = ['b', 'a', 'c']
  for (const name of names) await admin('POST', '/flavors', { flavor: { name, service_type: 'FLAVORS' } })
  const { flavors } = (await admin('GET', '/flavors?sort_key=name&sort_dir=desc')).json
  expect(flavors.map(({ name }: { name: string }) => name)).toEqual(['c', 'b', 'a'])
})

test('a flavor of a service that Neutron has not is refused', async () => {
  const { admin } = await neutron()
  const { json } = await admin('POST', '/flavors', { flavor: { name: 'f', service_type: 'nope' } })
  expect(json.NeutronError).toMatchObject({ type: 'InvalidServiceType', message: 'Invalid service type: nope.' })
})

test('service profiles are hidden from tenants, and need metainfo or a driver that exists', async () => {
  const { admin, bosh } = await neutron()
  const make = async (service_profile: object) => (await admin('POST', '/service_profiles', { service_profile })).json
  const { service_profile: profile } = await make({ metainfo: 'm', enabled: false })
  expect(profile).toEqual({ id: profile.id, description: '', driver: '', enabled: false, metainfo: 'm' })
  expect((await make({})).NeutronError.type).toBe('ServiceProfileEmpty')
  expect((await make({ driver: 'nope' })).NeutronError.type).toBe('ServiceProfileDriverNotFound')
  expect((await bosh('GET', '/service_profiles')).json.service_profiles).toEqual([])
  expect((await bosh('DELETE', `/service_profiles/${profile.id}`)).status).toBe(404)
  expect((await admin('GET', '/service-profiles?enabled=False')).json.service_profiles).toEqual([profile])
  expect((await admin('DELETE', `/service_profiles/${profile.id}`)).status).toBe(204)
})

test('a profile of a flavor is neither changed nor deleted', async () => {
  const { admin, bosh } = await neutron()
  const { flavor } = (await admin('POST', '/flavors', { flavor: { name: 'f', service_type: 'FLAVORS' } })).json
  const { id } = (await admin('POST', '/service_profiles', { service_profile: { metainfo: 'm' } })).json.service_profile
  const path = `/flavors/${flavor.id}/service_profiles`
  const body = { service_profile: { id } }
  expect((await bosh('POST', path, body)).status).toBe(403)
  expect(await admin('POST', path, body)).toEqual({ status: 201, json: { service_profile: { id: flavor.id } } })
  expect((await admin('POST', path, body)).json.NeutronError.type).toBe('FlavorServiceProfileBindingExists')
  expect((await admin('GET', `/flavors/${flavor.id}`)).json.flavor.service_profiles).toEqual([id])
  const changes = { service_profile: { metainfo: 'n' } }
  expect((await admin('PUT', `/service_profiles/${id}`, changes)).status).toBe(409)
  expect((await admin('DELETE', `/service_profiles/${id}`)).json.NeutronError.type).toBe('ServiceProfileInUse')
  expect((await admin('DELETE', `${path}/${id}`)).status).toBe(204)
  expect((await admin('DELETE', `${path}/${id}`)).json.NeutronError.type).toBe('FlavorServiceProfileBindingNotFound')
  expect((await admin('PUT', `/service_profiles/${id}`, changes)).json.service_profile.metainfo).toBe('n')
})
