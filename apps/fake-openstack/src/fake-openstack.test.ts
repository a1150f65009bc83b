import { expect, test } from 'vitest'
import type { FakeOpenStackOptions } from './cloud.ts'
import { createFakeOpenStack } from './fake-openstack.ts'

test('credentials are those with which a user of the seed logs in', async () => {
  const cloud = createFakeOpenStack()
  for (const name of [undefined, 'bosh-small', 'admin']) {
    const { authUrl, username, password, project, domain } = cloud.credentials(name)
    expect([username, project]).toEqual([name ?? 'bosh', name ?? 'bosh'])
    const user = { name: username, domain: { name: domain }, password }
    const scope = { project: { name: project, domain: { name: domain } } }
    const body = { auth: { identity: { methods: ['password'], password: { user } }, scope } }
    const headers = { 'content-type': 'application/json' }
    const answer = await cloud.fetch(`${authUrl}/auth/tokens`, { method: 'POST', headers, body: JSON.stringify(body) })
    expect(answer.status).toBe(201)
  }
  expect(() => cloud.credentials('nobody')).toThrow('the seed has no user nobody; its users: admin, bosh')
})

test('an option that does not exist is refused with the known ones', () => {
  const misspelt = { devicenames: 'next-free', pageSize: 2 } as FakeOpenStackOptions // as from JavaScript
  expect(() => createFakeOpenStack(misspelt)).toThrow(
    /unknown option devicenames of createFakeOpenStack; known: .*deviceNames/,
  )
})

test('clouds with different id seeds make different ids', () => {
  const idOfNetwork = (idSeed?: number) =>
    createFakeOpenStack(idSeed === undefined ? {} : { idSeed }).state()['networks']?.[0]?.id
  expect(idOfNetwork(2)).not.toBe(idOfNetwork(3))
  expect(idOfNetwork(2)).toBe(idOfNetwork(2))
})

test.each([
  [undefined, '2.100'],
  ['zed', '2.93'],
  ['2026.2', '2.104'],
] as const)('the release %s, by default 2025.1, has the Nova of that release', async (release, newest) => {
  const cloud = createFakeOpenStack(release === undefined ? {} : { release })
  const answer = await cloud.fetch(new URL('/compute', cloud.authUrl))
  expect(await answer.json()).toMatchObject({ versions: [{}, { id: 'v2.1', version: newest }] })
})
