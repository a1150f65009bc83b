import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const admin = async () => {
  const cloud = createFakeOpenStack()
  return { cloud, ask: await userClient(cloud, 'admin', '/identity/v3') }
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

test('a role of a domain has its name there alone, is listed there alone, and gives no project to anybody', async () => {
  const { cloud, ask } = await admin()
  const domain = (await ask('POST', '/domains', { domain: { name: 'd' } })).json.domain.id
  const made = await ask('POST', '/roles', { role: { name: 'member', domain_id: domain } })
  expect(made).toMatchObject({ status: 201, json: { role: { domain_id: domain } } })
  const again = await ask('POST', '/roles', { role: { name: 'Member', domain_id: domain } })
  expect(again.json.error.message).toContain(`Duplicate entry found with name Member at domain ID ${domain}.`)
  const listed = async (query: string) => (await ask('GET', `/roles${query}`)).json.roles
  expect(await listed(`?domain_id=${domain}`)).toMatchObject([{ id: made.json.role.id }])
  expect(await listed('?name=member')).not.toMatchObject([{ id: made.json.role.id }])
  const project = (await ask('POST', '/projects', { project: { name: 'p' } })).json.project.id
  await ask('PUT', `/projects/${project}/users/${cloud.userId('other')}/roles/${made.json.role.id}`)
  await expect(cloud.token('other', 'p')).rejects.toThrow('401')
})

test('the domains of a user are those where it or one of its groups has a role', async () => {
  const { cloud, ask } = await admin()
  const role = (await ask('GET', '/roles?name=member')).json.roles[0].id
  const other = cloud.userId('other')
  const own = (await ask('POST', '/domains', { domain: { name: 'own' } })).json.domain.id
  const ofGroup = (await ask('POST', '/domains', { domain: { name: 'of-group' } })).json.domain.id
  const group = (await ask('POST', '/groups', { group: { name: 'g' } })).json.group.id
  await ask('PUT', `/groups/${group}/users/${other}`)
  await ask('PUT', `/domains/${own}/users/${other}/roles/${role}`)
  await ask('PUT', `/domains/${ofGroup}/groups/${group}/roles/${role}`)
  const headers = { 'x-auth-token': await cloud.token('other') }
  const answer = await (await cloud.fetch(`${cloud.authUrl}/auth/domains`, { headers })).text()
  expect(
    JSON.parse(answer)
      .domains.map((one: { id: string }) => one.id)
      .sort(),
  ).toEqual([own, ofGroup].sort())
})
