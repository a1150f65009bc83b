import { expect, test } from 'vitest'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const admin = async () => {
  const cloud = createFakeOpenStack()
  const headers = { 'x-auth-token': await cloud.token('admin'), 'content-type': 'application/json' }
  const ask = async (method: string, path: string, body?: unknown) => {
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    const answer = await cloud.fetch(`${cloud.url}/identity/v3${path}`, init)
    const text = await answer.text()
    return { status: answer.status, json: text === '' ? undefined : JSON.parse(text) }
  }
  return { cloud, ask }
}

test('a role of a group on a project lets its users log in there', async () => {
  const { cloud, ask } = await admin()
  const project = (await ask('POST', '/projects', { project: { name: 'p' } })).json.project.id
  const user = (await ask('POST', '/users', { user: { name: 'ann', password: 'secret' } })).json.user.id
  const group = (await ask('POST', '/groups', { group: { name: 'g' } })).json.group.id
  const role = (await ask('GET', '/roles?name=member')).json.roles[0].id
  const login = () =>
    cloud.fetch(`${cloud.url}/identity/v3/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        auth: {
          identity: { methods: ['password'], password: { user: { id: user, password: 'secret' } } },
          scope: { project: { id: project } },
        },
      }),
    })
  expect((await login()).status).toBe(401)
  await ask('PUT', `/groups/${group}/users/${user}`)
  await ask('PUT', `/projects/${project}/groups/${group}/roles/${role}`)
  expect((await login()).status).toBe(201)
  await ask('DELETE', `/groups/${group}`)
  expect((await login()).status).toBe(401)
})

test('an added service and its endpoint are in the catalog, until they are disabled or deleted', async () => {
  const { ask } = await admin()
  const service = (await ask('POST', '/services', { service: { type: 'dns', name: 'designate' } })).json.service.id
  const endpoint = {
    service_id: service,
    interface: 'public',
    region_id: 'RegionOne',
    url: 'http://dns.test/$(project_id)s',
  }
  const id = (await ask('POST', '/endpoints', { endpoint })).json.endpoint.id
  const types = async () => (await ask('GET', '/auth/catalog')).json.catalog.map((one: { type: string }) => one.type)
  expect(await types()).toContain('dns')
  await ask('PATCH', `/services/${service}`, { service: { enabled: false } })
  expect(await types()).not.toContain('dns')
  expect((await ask('DELETE', `/services/${service}`)).status).toBe(204)
  expect((await ask('GET', `/endpoints/${id}`)).status).toBe(404)
})

test('fields that Keystone has no column for are kept and shown', async () => {
  const { ask } = await admin()
  const { id } = (await ask('POST', '/users', { user: { name: 'ann', phone: '1', options: { lock_password: true } } }))
    .json.user
  expect((await ask('GET', `/users/${id}`)).json.user).toMatchObject({ phone: '1', options: { lock_password: true } })
})
