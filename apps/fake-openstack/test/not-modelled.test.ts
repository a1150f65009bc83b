import { expect, test } from 'vitest'
import { createFakeOpenStack } from '../src/fake-openstack.ts'

/** What the real services have, on paths that the fake serves with other methods. */
test.each([
  ['POST', '/identity/v3/roles'],
  ['DELETE', '/identity/v3/domains/default'],
  ['GET', '/identity/v3/projects/p/users/u/roles/r'],
  ['POST', '/compute/v2.1/os-aggregates'],
  ['PUT', '/compute/v2.1/flavors/1/os-extra_specs/hw:cpu_policy'],
  ['POST', '/image/v2/tasks'],
  ['POST', '/network/v2.0/trunks'],
  ['POST', '/network/v2.0/rbac-policies'],
  ['POST', '/volume/v3/{project}/qos-specs'],
  ['PUT', '/volume/v3/{project}/types/t/extra_specs/k'],
  ['POST', '/load-balancer/v2/lbaas/flavors'],
])('%s %s is 501 and not a refusal of the real service', async (method, path) => {
  const cloud = createFakeOpenStack()
  const headers = { 'x-auth-token': await cloud.token('admin'), 'content-type': 'application/json' }
  const url = `${cloud.url}${path.replace('{project}', cloud.projectId('admin'))}`
  const answer = await cloud.fetch(url, { method, headers, ...(method === 'GET' ? {} : { body: '{}' }) })
  expect(answer.status).toBe(501)
  expect(await answer.text()).toContain(`The fake does not model ${method}`)
  expect(cloud.journal.since().at(-1)).toMatchObject({ method, status: 501 })
})

test.each([
  ['PUT', '/compute/v2.1/servers', 404],
  ['DELETE', '/network/v2.0/networks', 405],
  ['POST', '/network/v2.0/qos/policies', 404],
])('%s %s is refused as by the real service', async (method, path, status) => {
  const cloud = createFakeOpenStack()
  const headers = { 'x-auth-token': await cloud.token('bosh'), 'content-type': 'application/json' }
  expect((await cloud.fetch(`${cloud.url}${path}`, { method, headers, body: '{}' })).status).toBe(status)
})
