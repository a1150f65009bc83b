import { expect, test } from 'vitest'
import { createFakeOpenStack } from '../src/fake-openstack.ts'

/** What the real services have, on paths that the fake serves with other methods. */
test.each([
  ['POST', '/identity/v3/limits'],
  ['POST', '/compute/v2.1/servers/x/remote-consoles'],
  ['GET', '/compute/v2.1/os-migrations'],
  ['GET', '/compute/v2.1/os-hypervisors/statistics'],
  ['POST', '/image/v2/tasks'],
  ['PUT', '/network/v2.0/routers/x/add_extraroutes'],
  ['POST', '/volume/v3/{project}/backups'],
  ['GET', '/load-balancer/v2/lbaas/loadbalancers?topology=x'],
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
  ['DELETE', '/network/v2.0/networks', 404],
  ['POST', '/network/v2.0/qos/policies', 404],
  ['GET', '/network/v2.0/networks/10.0.0.0/24', 404],
  ['GET', '/network/v2.0/networks/10.0.0.0%2F24', 404],
  ['GET', '/identity/v3/nosuch', 404],
  ['GET', '/compute/v2.1/servers/', 404],
  ['GET', '/compute/v2.1/servers.json', 404],
  ['GET', '/image/v2/images/', 404],
  ['GET', '/network/v2.0/networks/', 200],
  ['GET', '/network/v2.0/networks.json', 200],
  ['GET', '/load-balancer/v2/lbaas/loadbalancers.json', 200],
  ['OPTIONS', '/compute/v2.1/servers', 200],
])('%s %s is answered as by the real service: %i', async (method, path, status) => {
  const cloud = createFakeOpenStack()
  const headers = { 'x-auth-token': await cloud.token('bosh'), 'content-type': 'application/json' }
  const body = method === 'GET' || method === 'OPTIONS' ? {} : { body: '{}' }
  expect((await cloud.fetch(`${cloud.url}${path}`, { method, headers, ...body })).status).toBe(status)
})

test('unmodelled() lists the routes that only the real services have, and the requests that asked for them', async () => {
  const cloud = createFakeOpenStack()
  const headers = { 'x-auth-token': await cloud.token('admin') }
  await cloud.fetch(`${cloud.url}/compute/v2.1/os-migrations`, { headers })
  await cloud.fetch(`${cloud.url}/compute/v2.1/nosuch`, { headers })
  const { requests, routes } = cloud.unmodelled()
  expect(requests.map((entry) => entry.path)).toEqual(['/compute/v2.1/os-migrations'])
  expect(routes['compute']).toContain('GET /os-migrations')
  expect(routes['compute']).toContain('POST /servers/:id/action evacuate')
  expect(routes['compute']).not.toContain('GET /servers')
  const answer = await cloud.fetch(`${cloud.url}/_fake/unmodelled`)
  expect(await answer.json()).toMatchObject({ requests: [{ status: 501 }] })
})

test('Nova names its version header in Vary in the letter case of the real service', async () => {
  const cloud = createFakeOpenStack()
  const headers = { 'x-auth-token': await cloud.token('bosh') }
  const answer = await cloud.fetch(`${cloud.url}/compute/v2.1/servers`, { headers })
  expect(answer.headers.get('vary')).toBe('OpenStack-API-Version, X-OpenStack-Nova-API-Version')
})

test.each([
  ['DELETE', '/image/v2/images/{image}'],
  ['POST', '/image/v2/images/{image}/actions/deactivate'],
  ['PUT', '/image/v2/images/{image}/tags/a'],
])('Glance refuses a body with %s %s, and changes nothing', async (method, path) => {
  const cloud = createFakeOpenStack()
  const headers = { 'x-auth-token': await cloud.token('admin'), 'content-type': 'application/json' }
  const listed = await cloud.fetch(`${cloud.url}/image/v2/images`, { headers })
  const { images } = (await listed.json()) as { images: { id: string }[] } // Glance's documented answer
  const url = `${cloud.url}${path.replace('{image}', images[0]?.id ?? '')}`
  const answer = await cloud.fetch(url, { method, headers, body: '{}' })
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain('A body is not expected with this request.')
  expect(cloud.leftovers()).toEqual({})
})

test.each([
  ['/network/v2.0/trunks?nosuch=1', 400],
  ['/network/v2.0/floatingip_pools?project_id=x', 400],
  ['/network/v2.0/address-scopes?name=x', 200],
  ['/identity/v3/users?idp_id=x', 501],
  ['/identity/v3/role_assignments?effective', 200],
])('a filter is obeyed, refused as by the real service, or 501, and never ignored: %s', async (path, status) => {
  const cloud = createFakeOpenStack()
  const headers = { 'x-auth-token': await cloud.token('admin') }
  expect((await cloud.fetch(`${cloud.url}${path}`, { headers })).status).toBe(status)
})
