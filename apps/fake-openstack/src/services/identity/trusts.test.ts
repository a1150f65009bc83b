import { expect, test } from 'vitest'
import { sendWithToken } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const clients = async () => {
  const cloud = createFakeOpenStack()
  const send = async (token: string, method: string, path: string, body?: unknown) => {
    const { headers, ...answer } = await sendWithToken(cloud, token, method, `/identity/v3${path}`, body)
    return { ...answer, subject: headers.get('x-subject-token') ?? '' }
  }
  const tokens = {
    bosh: await cloud.token('bosh'),
    other: await cloud.token('other'),
    admin: await cloud.token('admin'),
  }
  const client = (user: keyof typeof tokens) => (method: string, path: string, body?: unknown) =>
    send(tokens[user], method, path, body)
  const roles = (await client('admin')('GET', '/roles')).json.roles
  const member = roles.find((one: { name: string }) => one.name === 'member')
  const trust = {
    trustor_user_id: cloud.userId('bosh'),
    trustee_user_id: cloud.userId('other'),
    project_id: cloud.projectId('bosh'),
    impersonation: true,
    roles: [{ id: member.id }],
  }
  const login = (id: string, user = 'other') => {
    const { password } = cloud.credentials(user)
    const identity = {
      methods: ['password'],
      password: { user: { name: user, domain: { name: 'Default' }, password } },
    }
    return send('', 'POST', '/auth/tokens', { auth: { identity, scope: { 'OS-TRUST:trust': { id } } } })
  }
  return { cloud, send, bosh: client('bosh'), other: client('other'), admin: client('admin'), trust, member, login }
}

test('a user gives a role to another one by a trust, who then acts as the first', async () => {
  const { bosh, cloud, login, member, other, send, trust } = await clients()
  const made = await bosh('POST', '/OS-TRUST/trusts', { trust })
  expect(made.status).toBe(201)
  const { id } = made.json.trust
  expect(made.json.trust).toMatchObject({ expires_at: null, redelegation_count: 0, roles: [{ id: member.id }] })
  expect((await other('GET', `/OS-TRUST/trusts/${id}`)).status).toBe(200)
  expect((await other('GET', `/OS-TRUST/trusts/${id}/roles`)).json.roles).toMatchObject([{ name: 'member' }])
  const { json, subject } = await login(id)
  expect(json.token).toMatchObject({
    user: { id: cloud.userId('bosh') },
    project: { id: cloud.projectId('bosh') },
    roles: [{ name: 'member' }, { name: 'reader' }],
    'OS-TRUST:trust': { id, impersonation: true, trustee_user: { id: cloud.userId('other') } },
  })
  expect((await send(subject, 'GET', '/auth/catalog')).status).toBe(200)
  expect((await other('DELETE', `/OS-TRUST/trusts/${id}`)).status).toBe(403)
  expect((await bosh('DELETE', `/OS-TRUST/trusts/${id}`)).status).toBe(204)
  expect((await send(subject, 'GET', '/auth/catalog')).status).toBe(401)
  expect((await bosh('GET', `/OS-TRUST/trusts/${id}`)).json.error.message).toBe(`Could not find trust: ${id}.`)
})

test('a trust is used as often as it allows, by its trustee, until it expires', async () => {
  const { bosh, cloud, login, trust } = await clients()
  const { id } = (await bosh('POST', '/OS-TRUST/trusts', { trust: { ...trust, remaining_uses: 1 } })).json.trust
  expect((await login(id, 'bosh')).status).toBe(403)
  expect((await login(id)).status).toBe(201)
  expect((await login(id)).status).toBe(401)
  const expires_at = new Date(cloud.clock.now() + 60_000).toISOString()
  const short = (await bosh('POST', '/OS-TRUST/trusts', { trust: { ...trust, expires_at } })).json.trust
  expect((await login(short.id)).status).toBe(201)
  cloud.clock.advance('2m')
  expect((await login(short.id)).status).toBe(401)
})

test('a trust is created by the trustor alone, with roles that he has', async () => {
  const { admin, bosh, other, trust } = await clients()
  expect((await other('POST', '/OS-TRUST/trusts', { trust })).status).toBe(403)
  const roles = (await admin('GET', '/roles?name=admin')).json.roles
  const asked = { ...trust, roles: [{ id: roles[0].id }] }
  expect((await bosh('POST', '/OS-TRUST/trusts', { trust: asked })).json.error.message).toBe(
    `Could not find role: ${roles[0].id}.`,
  )
  expect((await bosh('POST', '/OS-TRUST/trusts', { trust: { ...trust, roles: [] } })).status).toBe(403)
  expect((await bosh('POST', '/OS-TRUST/trusts', { trust: { ...trust, remaining_uses: 0 } })).status).toBe(400)
})

test('trusts are listed for their users, and all of them for administrators', async () => {
  const { admin, bosh, cloud, other, trust } = await clients()
  await bosh('POST', '/OS-TRUST/trusts', { trust })
  const [trustor, trustee] = [cloud.userId('bosh'), cloud.userId('other')]
  const ofTrustor = await bosh('GET', `/OS-TRUST/trusts?trustor_user_id=${trustor}`)
  expect(ofTrustor.json.trusts).toHaveLength(1)
  expect(ofTrustor.json.trusts[0]).not.toHaveProperty('roles')
  expect((await other('GET', `/OS-TRUST/trusts?trustee_user_id=${trustee}`)).json.trusts).toHaveLength(1)
  expect((await other('GET', `/OS-TRUST/trusts?trustor_user_id=${trustor}`)).status).toBe(403)
  expect((await other('GET', '/OS-TRUST/trusts')).status).toBe(403)
  expect((await admin('GET', '/OS-TRUST/trusts')).json.trusts).toHaveLength(1)
})
