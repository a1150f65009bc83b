import { expect, test } from 'vitest'
import type { FakeOpenStack } from '../../fake-interface.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const json = { 'content-type': 'application/json' }

const setUp = async (cloud: FakeOpenStack) => {
  const token = await cloud.token('bosh')
  const user = cloud.userId('bosh')
  const ask = async (path: string, method = 'GET', body?: unknown, as = token) => {
    const response = await cloud.fetch(`${cloud.authUrl}${path}`, {
      method,
      headers: { ...json, 'x-auth-token': as },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, json: text === '' ? undefined : JSON.parse(text) }
  }
  const login = (credential: object) =>
    ask('/auth/tokens', 'POST', {
      auth: { identity: { methods: ['application_credential'], application_credential: credential } },
    })
  return { ask, login, path: `/users/${user}/application_credentials` }
}

test('§2.1 an application credential logs in for its project; deleting it ends its tokens immediately', async () => {
  const cloud = createFakeOpenStack()
  const { ask, login, path } = await setUp(cloud)
  const made = await ask(path, 'POST', { application_credential: { name: 'ci', roles: [{ name: 'member' }] } })
  expect(made.status).toBe(201)
  const { id, secret } = made.json.application_credential
  expect((await ask(`${path}/${id}`)).json.application_credential).not.toHaveProperty('secret')
  const issued = await login({ id, secret })
  expect(issued.json.token).toMatchObject({ project: { name: 'bosh' }, roles: [{ name: 'member' }] })
  const token = issued.headers.get('x-subject-token') ?? ''
  expect((await ask('/auth/catalog', 'GET', undefined, token)).status).toBe(200)
  expect((await ask(`${path}/${id}`, 'DELETE')).status).toBe(204)
  expect((await ask('/auth/catalog', 'GET', undefined, token)).status).toBe(401)
})

test('§9 an unknown id is 404, a wrong secret 401', async () => {
  const { ask, login, path } = await setUp(createFakeOpenStack())
  const made = await ask(path, 'POST', { application_credential: { name: 'ci', secret: 's3cret' } })
  const { id } = made.json.application_credential
  expect((await login({ id: 'nope', secret: 'x' })).status).toBe(404)
  expect((await login({ id, secret: 'x' })).status).toBe(401)
})

test('a name is taken once per user, roles must be held, others may not look', async () => {
  const cloud = createFakeOpenStack()
  const { ask, path } = await setUp(cloud)
  const create = (credential: object) => ask(path, 'POST', { application_credential: credential })
  expect((await create({ name: 'ci' })).status).toBe(201)
  expect((await create({ name: 'ci' })).status).toBe(409)
  expect((await create({ name: 'b', roles: [{ name: 'admin' }] })).status).toBe(400)
  expect((await create({ name: 'b', roles: [{ name: 'nope' }] })).status).toBe(404)
  expect((await create({})).json.error.message).toContain("'name' is a required property")
  expect((await ask(path, 'GET', undefined, await cloud.token('other'))).status).toBe(403)
})

test('a token of a restricted credential manages no credentials', async () => {
  const { ask, login, path } = await setUp(createFakeOpenStack())
  const { json: made } = await ask(path, 'POST', { application_credential: { name: 'ci' } })
  const { id, secret } = made.application_credential
  const token = (await login({ id, secret })).headers.get('x-subject-token') ?? ''
  expect((await ask(path, 'POST', { application_credential: { name: 'x' } }, token)).status).toBe(403)
})

test('an application credential may have a role that was given after the login, and ends at a microsecond', async () => {
  const cloud = createFakeOpenStack({ startAt: Date.UTC(2030, 0, 1) })
  const { ask, path } = await setUp(cloud)
  const asAdmin = await cloud.token('admin')
  const role = (await ask('/roles', 'POST', { role: { name: 'late' } }, asAdmin)).json.role.id
  const grant = `/projects/${cloud.projectId('bosh')}/users/${cloud.userId('bosh')}/roles/${role}`
  await ask(grant, 'PUT', undefined, asAdmin)
  const expires_at = '2030-01-02T03:04:05.070811'
  const made = await ask(path, 'POST', { application_credential: { name: 'ci', roles: [{ id: role }], expires_at } })
  expect(made).toMatchObject({ status: 201, json: { application_credential: { expires_at, roles: [{ id: role }] } } })
})
