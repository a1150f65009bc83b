import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const clients = async () => {
  const cloud = createFakeOpenStack()
  const client = (user: string) => userClient(cloud, user, '/identity/v3')
  return { cloud, bosh: await client('bosh'), other: await client('other'), admin: await client('admin') }
}

test('a user keeps credentials, which others than administrators do not see', async () => {
  const { admin, bosh, cloud, other } = await clients()
  const credential = { type: 'totp', blob: 'secret-text', user_id: cloud.userId('bosh') }
  const made = await bosh('POST', '/credentials', { credential })
  expect(made.status).toBe(201)
  expect(made.json.credential).toMatchObject({ ...credential, project_id: null })
  const path = `/credentials/${made.json.credential.id}`
  expect((await other('GET', path)).status).toBe(403)
  expect((await other('GET', '/credentials')).json.credentials).toEqual([])
  expect((await admin('GET', '/credentials?type=totp')).json.credentials).toHaveLength(1)
  expect((await bosh('PATCH', path, { credential: { blob: 'b' } })).json.credential.blob).toBe('b')
  expect((await bosh('PATCH', path, { credential: { type: 'b' } })).status).toBe(400)
  expect((await bosh('DELETE', path)).status).toBe(204)
  expect((await admin('GET', path)).status).toBe(404)
  expect((await other('POST', '/credentials', { credential })).status).toBe(403)
  expect(JSON.stringify(cloud.journal.since())).not.toContain('secret-text')
  expect((await bosh('POST', '/credentials', { credential: { ...credential, type: 'ec2' } })).status).toBe(400)
})

test('an EC2 credential is found by its access key', async () => {
  const { bosh, cloud, other } = await clients()
  const path = `/users/${cloud.userId('bosh')}/credentials/OS-EC2`
  const made = await bosh('POST', path, { tenant_id: cloud.projectId('bosh') })
  const { access, secret } = made.json.credential
  expect(made.json.credential).toMatchObject({ tenant_id: cloud.projectId('bosh'), trust_id: null })
  expect((await bosh('GET', `${path}/${access}`)).json.credential).toMatchObject({ access, secret })
  expect((await bosh('GET', path)).json.credentials).toHaveLength(1)
  expect((await other('GET', path)).status).toBe(403)
  expect((await other('DELETE', `${path}/${access}`)).status).toBe(403)
  expect((await bosh('POST', path, { tenant_id: 'nosuch' })).json.error.message).toBe('Could not find project: nosuch.')
  expect((await bosh('DELETE', `${path}/${access}`)).status).toBe(204)
  expect((await bosh('GET', `${path}/${access}`)).status).toBe(404)
})
