import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const keystone = async () => {
  const cloud = createFakeOpenStack()
  const client = (user: string) => userClient(cloud, user, '/identity/v3')
  return { cloud, bosh: await client('bosh'), other: await client('other'), user: `/users/${cloud.userId('bosh')}` }
}

const rule = { path: '/v2.1/servers', method: 'GET', service: 'compute' }

test('equal access rules of a user are one, which no other user sees', async () => {
  const { bosh, other, user } = await keystone()
  const make = async (name: string, access_rules: object[]) =>
    (await bosh('POST', `${user}/application_credentials`, { application_credential: { name, access_rules } })).json
      .application_credential
  const first = await make('a', [rule])
  const [made] = first.access_rules
  expect(made).toEqual({ id: made.id, ...rule })
  expect((await make('b', [rule])).access_rules).toEqual([made])
  expect((await make('c', [{ id: made.id }])).access_rules).toEqual([made])
  expect((await bosh('GET', `${user}/access_rules?service=compute`)).json.access_rules).toMatchObject([made])
  expect((await bosh('GET', `${user}/access_rules/${made.id}`)).json.access_rule).toMatchObject(made)
  expect((await other('GET', `${user}/access_rules`)).status).toBe(403)
})

test('an access rule is deleted once no credential has it', async () => {
  const { bosh, user } = await keystone()
  const application_credential = { name: 'a', access_rules: [rule] }
  const made = (await bosh('POST', `${user}/application_credentials`, { application_credential })).json
  const { id, access_rules } = made.application_credential
  const path = `${user}/access_rules/${access_rules[0].id}`
  expect((await bosh('DELETE', path)).json.error.message).toBe('May not delete access rule in use')
  expect((await bosh('DELETE', `${user}/application_credentials/${id}`)).status).toBe(204)
  expect((await bosh('DELETE', path)).status).toBe(204)
  expect((await bosh('GET', path)).json.error.message).toBe(`Could not find Access Rule: ${access_rules[0].id}.`)
})

test('a login by a credential with access rules is 501, as its tokens would be allowed too much', async () => {
  const { bosh, cloud, user } = await keystone()
  const application_credential = { name: 'a', secret: 's', access_rules: [rule] }
  const made = (await bosh('POST', `${user}/application_credentials`, { application_credential })).json
  const asked = { id: made.application_credential.id, secret: 's' }
  const identity = { methods: ['application_credential'], application_credential: asked }
  const answer = await cloud.fetch(`${cloud.authUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity } }),
  })
  expect(answer.status).toBe(501)
})
