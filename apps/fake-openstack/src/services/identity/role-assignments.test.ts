import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

type Ids = Readonly<Record<string, string>>

/** A user in a group, a project with another one below it, and three roles that nobody has. */
const keystone = async () => {
  const cloud = createFakeOpenStack()
  const [admin, bosh] = [
    await userClient(cloud, 'admin', '/identity/v3'),
    await userClient(cloud, 'bosh', '/identity/v3'),
  ]
  const make = async (kind: string, body: object): Promise<string> =>
    (await admin('POST', `/${kind}s`, { [kind]: body })).json[kind].id
  const parent = await make('project', { name: 'parent' })
  const ids: Ids = {
    parent,
    child: await make('project', { name: 'child', parent_id: parent }),
    user: await make('user', { name: 'user', password: 'secret' }),
    group: await make('group', { name: 'group' }),
    first: await make('role', { name: 'first' }),
    second: await make('role', { name: 'second' }),
    third: await make('role', { name: 'third' }),
  }
  await admin('PUT', `/groups/${ids['group']}/users/${ids['user']}`)
  const put = async (path: string) => expect((await admin('PUT', path)).status).toBeLessThan(300)
  /** Role and target of each assignment that the query selects, by the names above. */
  const listed = async (query: string) => {
    const { role_assignments: found } = (await admin('GET', `/role_assignments?${query}`)).json
    const nameOf = (id: string): string => Object.entries(ids).find(([, one]) => one === id)?.[0] ?? id
    return found
      .map(({ role, scope }: { role: { id: string }; scope: { project?: { id: string } } }) =>
        [nameOf(role.id), nameOf(scope.project?.id ?? 'system')].join(' on '),
      )
      .sort()
  }
  const rolesOfLogin = async (scope: object): Promise<string[]> => {
    const password = { user: { id: ids['user'], password: 'secret' } }
    const answer = await cloud.fetch(`${cloud.authUrl}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auth: { identity: { methods: ['password'], password }, scope } }),
    })
    const { token } = (await answer.json()) as { token?: { roles: { name: string }[] } }
    return (token?.roles ?? []).map(({ name }) => name).sort()
  }
  return { admin, bosh, ids, put, listed, rolesOfLogin }
}

test('a role brings the roles that it implies, also through others', async () => {
  const { admin, ids, listed, put, rolesOfLogin } = await keystone()
  await put(`/roles/${ids['first']}/implies/${ids['second']}`)
  await put(`/roles/${ids['second']}/implies/${ids['third']}`)
  await put(`/projects/${ids['parent']}/users/${ids['user']}/roles/${ids['first']}`)
  expect(await listed(`user.id=${ids['user']}`)).toEqual(['first on parent'])
  const all = ['first on parent', 'second on parent', 'third on parent']
  expect(await listed(`user.id=${ids['user']}&effective`)).toEqual(all)
  expect(await listed(`user.id=${ids['user']}&effective&role.id=${ids['third']}`)).toEqual(['third on parent'])
  expect(await rolesOfLogin({ project: { id: ids['parent'] } })).toEqual(['first', 'second', 'third'])
  expect((await admin('DELETE', `/roles/${ids['second']}`)).status).toBe(204)
  expect(await listed(`user.id=${ids['user']}&effective`)).toEqual(['first on parent'])
})

test('roles that imply each other are each listed once', async () => {
  const { ids, listed, put } = await keystone()
  await put(`/roles/${ids['first']}/implies/${ids['second']}`)
  await put(`/roles/${ids['second']}/implies/${ids['first']}`)
  await put(`/projects/${ids['parent']}/users/${ids['user']}/roles/${ids['first']}`)
  expect(await listed(`user.id=${ids['user']}&effective`)).toEqual(['first on parent', 'second on parent'])
})

test('rules of implied roles are for administrators, and none implies the role admin', async () => {
  const { admin, bosh, ids } = await keystone()
  const { roles } = (await admin('GET', '/roles?name=admin')).json
  const path = `/roles/${ids['first']}/implies`
  expect((await bosh('GET', path)).status).toBe(403)
  expect((await admin('PUT', `${path}/${roles[0].id}`)).json.error).toMatchObject({
    code: 403,
    message: `${roles[0].id} cannot be an implied roles.`,
  })
  const ofDomain = { role: { name: 'of-domain', domain_id: 'default' } }
  const { role } = (await admin('POST', '/roles', ofDomain)).json
  expect((await admin('PUT', `${path}/${role.id}`)).status).toBe(403)
  expect((await admin('PUT', `/roles/${role.id}/implies/${ids['third']}`)).status).toBe(201)
  expect((await admin('GET', `${path}/${ids['second']}`)).json.error.message).toBe(
    `${ids['first']} does not imply ${ids['second']}.`,
  )
  const made = await admin('PUT', `${path}/${ids['second']}`)
  expect(made).toMatchObject({ status: 201, json: { role_inference: { implies: { name: 'second' } } } })
  expect((await admin('PUT', `${path}/${ids['second']}`)).status).toBe(409)
  expect((await admin('GET', path)).json.role_inference.implies).toMatchObject([{ id: ids['second'] }])
  const rules = (await admin('GET', '/role_inferences')).json.role_inferences
  const names = rules.map(({ prior_role }: { prior_role: { name: string } }) => prior_role.name)
  expect(names.sort()).toEqual(['admin', 'first', 'member', 'of-domain'])
  expect((await admin('DELETE', `${path}/${ids['second']}`)).status).toBe(204)
})

test('an inherited role holds below its project and not on it', async () => {
  const { admin, ids, listed, put, rolesOfLogin } = await keystone()
  const path = `/OS-INHERIT/projects/${ids['parent']}/users/${ids['user']}/roles/${ids['first']}/inherited_to_projects`
  await put(path)
  expect((await admin('GET', path)).status).toBe(204)
  expect(await listed(`user.id=${ids['user']}&scope.OS-INHERIT:inherited_to=projects`)).toEqual(['first on parent'])
  expect(await listed(`user.id=${ids['user']}&effective`)).toEqual(['first on child'])
  expect(await listed(`scope.project.id=${ids['child']}&user.id=${ids['user']}`)).toEqual([])
  expect(await rolesOfLogin({ project: { id: ids['child'] } })).toEqual(['first'])
  expect(await rolesOfLogin({ project: { id: ids['parent'] } })).toEqual([])
  expect((await admin('DELETE', path)).status).toBe(204)
  expect((await admin('DELETE', path)).status).toBe(404)
})

test("an inherited role of a group on a domain is its members' on all projects", async () => {
  const { admin, ids, listed, put } = await keystone()
  const path = `/OS-INHERIT/domains/default/groups/${ids['group']}/roles`
  await put(`${path}/${ids['first']}/inherited_to_projects`)
  expect((await admin('GET', `${path}/inherited_to_projects`)).json.roles).toMatchObject([{ name: 'first' }])
  const query = `user.id=${ids['user']}&scope.project.id=${ids['child']}&effective`
  expect(await listed(query)).toEqual(['first on child'])
  const [one] = (await admin('GET', `/role_assignments?${query}`)).json.role_assignments
  expect(one.links.membership).toMatch(new RegExp(`/groups/${ids['group']}/users/${ids['user']}$`))
  const wrong = await admin('GET', `/role_assignments?group.id=${ids['group']}&effective`)
  expect(wrong.json.error.message).toBe('Combining effective and group filter will always result in an empty list.')
})

test('the assignments of a subtree need its project', async () => {
  const { admin, ids, listed, put } = await keystone()
  await put(`/projects/${ids['child']}/users/${ids['user']}/roles/${ids['first']}`)
  expect(await listed(`scope.project.id=${ids['parent']}&include_subtree`)).toEqual(['first on child'])
  expect((await admin('GET', '/role_assignments?include_subtree')).json.error.message).toBe(
    'scope.project.id must be specified if include_subtree is also specified',
  )
})

test('a role on the system gives tokens of the system', async () => {
  const { admin, bosh, ids, listed, put, rolesOfLogin } = await keystone()
  const path = `/system/users/${ids['user']}/roles`
  expect((await bosh('GET', path)).status).toBe(403)
  expect(await rolesOfLogin({ system: { all: true } })).toEqual([])
  await put(`${path}/${ids['first']}`)
  expect((await admin('GET', path)).json.roles).toMatchObject([{ name: 'first' }])
  expect(await listed(`user.id=${ids['user']}&scope.system=all`)).toEqual(['first on system'])
  expect(await listed(`user.id=${ids['user']}`)).toEqual(['first on system'])
  expect(await rolesOfLogin({ system: { all: true } })).toEqual(['first'])
  expect((await admin('DELETE', `${path}/${ids['first']}`)).status).toBe(204)
  expect((await admin('GET', `${path}/${ids['first']}`)).status).toBe(404)
})

test('a user changes the own password by the present one', async () => {
  const { admin, ids, rolesOfLogin, put } = await keystone()
  await put(`/projects/${ids['parent']}/users/${ids['user']}/roles/${ids['first']}`)
  const change = async (original_password: string) =>
    (await admin('POST', `/users/${ids['user']}/password`, { user: { password: 'new', original_password } })).status
  expect(await change('wrong')).toBe(401)
  expect(await rolesOfLogin({ project: { id: ids['parent'] } })).toEqual(['first'])
  expect(await change('secret')).toBe(204)
  expect(await rolesOfLogin({ project: { id: ids['parent'] } })).toEqual([])
})
