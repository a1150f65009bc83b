import { expect, test } from 'vitest'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const asker = async (cloud: ReturnType<typeof createFakeOpenStack>, user: string) => {
  const token = await cloud.token(user)
  return async (path: string, method = 'GET', body?: unknown) => {
    const response = await cloud.fetch(`${cloud.authUrl}${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-auth-token': token },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, json: text.startsWith('{') ? JSON.parse(text) : undefined }
  }
}

test.each(['/projects', '/users', '/roles', '/domains', '/services', '/endpoints', '/role_assignments'])(
  'GET %s is for admins',
  async (path) => {
    const cloud = createFakeOpenStack()
    expect((await (await asker(cloud, 'admin'))(path)).status).toBe(200)
    const refused = await (await asker(cloud, 'bosh'))(path)
    expect(refused.status).toBe(403)
    expect(refused.json.error.title).toBe('Forbidden')
  },
)

test('names compare without case', async () => {
  const ask = await asker(createFakeOpenStack(), 'admin')
  expect((await ask('/projects?name=BOSH')).json.projects).toMatchObject([{ name: 'bosh' }])
})

test('a tenant sees the own project and user only', async () => {
  const cloud = createFakeOpenStack()
  const ask = await asker(cloud, 'bosh')
  const { projects } = (await ask('/auth/projects')).json
  expect(projects).toMatchObject([{ name: 'bosh' }])
  expect((await ask(`/projects/${projects[0].id}`)).status).toBe(200)
  expect((await ask('/projects/nope')).status).toBe(403)
  expect((await ask(`/users/${cloud.userId('bosh')}`)).status).toBe(200)
  expect((await ask(`/users/${cloud.userId('other')}`)).status).toBe(403)
})

test('a new user with a role can log in to the new project, until the role is revoked', async () => {
  const cloud = createFakeOpenStack()
  const ask = await asker(cloud, 'admin')
  const project = (await ask('/projects', 'POST', { project: { name: 'new' } })).json.project
  const user = (await ask('/users', 'POST', { user: { name: 'new', password: 'pw' } })).json.user
  await expect(cloud.token('new')).rejects.toThrow('401')
  const role = (await ask('/roles?name=member')).json.roles[0]
  const grant = `/projects/${project.id}/users/${user.id}/roles/${role.id}`
  expect((await ask(grant, 'PUT')).status).toBe(204)
  const mine = await asker(cloud, 'new')
  expect((await mine('/auth/projects')).json.projects).toMatchObject([{ name: 'new' }])
  await ask(grant, 'DELETE')
  expect((await mine('/auth/projects')).status).toBe(401)
})

test('Keystone answers HEAD as GET, a wrong method with 405', async () => {
  const ask = await asker(createFakeOpenStack(), 'bosh')
  expect((await ask('', 'HEAD')).status).toBe(200)
  expect((await ask('/auth/tokens', 'PUT')).status).toBe(405)
})

test('§2.2 Keystone v2 is gone unless the cloud is an old one', async () => {
  const body = JSON.stringify({
    auth: { tenantName: 'bosh', passwordCredentials: { username: 'bosh', password: 'bosh-password' } },
  })
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
  const url = 'http://openstack.test/identity/v2.0/tokens'
  expect((await createFakeOpenStack().fetch(url, init)).status).toBe(404)
  const old = await createFakeOpenStack({ keystoneV2: true }).fetch(url, init)
  expect(old.status).toBe(200)
  const { access } = (await old.json()) as { access: { token: { id: string }; serviceCatalog: unknown[] } }
  expect(access.token.id).toMatch(/^gAAAAA/)
  expect(access.serviceCatalog).not.toHaveLength(0)
})

test('the tags of a project are added, replaced and removed by administrators, and seen by its users', async () => {
  const cloud = createFakeOpenStack()
  const [admin, bosh] = [await asker(cloud, 'admin'), await asker(cloud, 'bosh')]
  const tags = `/projects/${cloud.projectId('bosh')}/tags`
  const seen = async () => (await bosh(tags)).json.tags
  expect([(await admin(`${tags}/b`, 'PUT')).status, (await admin(`${tags}/a%20b`, 'PUT')).status]).toEqual([201, 201])
  expect(await seen()).toEqual(['a b', 'b'])
  expect((await admin(`${tags}/b`, 'PUT')).json.error.message).toContain('has non-unique elements')
  expect((await admin(`${tags}/a,b`, 'PUT')).json.error.message).toContain("'a,b' does not match '^[^,/]*$'")
  expect((await bosh(`${tags}/b`)).status).toBe(204)
  expect((await bosh(`${tags}/none`)).json.error.message).toBe('Could not find project tag: none.')
  expect((await admin(`${tags}/b`, 'DELETE')).status).toBe(204)
  expect((await admin(tags, 'PUT', { tags: ['y', 'x'] })).json.tags).toEqual(['x', 'y'])
  expect((await admin(tags, 'PUT', {})).json.error.message).toContain("{} is not of type 'array'")
  expect((await admin(tags, 'DELETE')).status).toBe(204)
  expect(await seen()).toEqual([])
  expect((await bosh(`${tags}/a`, 'PUT')).json.error.message).toContain('identity:create_project_tag')
  expect((await bosh('/projects/none/tags')).json.error.message).toContain('identity:list_project_tags')
  expect((await admin('/projects/none/tags')).status).toBe(404)
})
