import { expect, test } from 'vitest'
import type { FakeOpenStack } from '../fake-interface.ts'
import { createFakeOpenStack } from '../fake-openstack.ts'
import { FaultRuleError } from './fault-rule.ts'

const list = async (cloud: FakeOpenStack) =>
  cloud.fetch(`${cloud.url}/image/v2/images`, { headers: { 'x-auth-token': await cloud.token('bosh') } })

const listen = { service: 'image', operation: 'images.list' }

test.each([
  ['an unknown service', { match: { service: 'metering' }, do: { reset: true } }],
  ['an unknown operation', { match: { operation: 'images.fly' }, do: { reset: true } }],
  [
    'an operation of another service',
    { match: { service: 'identity', operation: 'images.list' }, do: { reset: true } },
  ],
  ['an unknown key', { match: listen, do: { reset: true }, often: 3 }],
  ['an unknown effect', { match: listen, do: { explode: true } }],
  ['two effects', { match: listen, do: { reset: true, delay: '1s' } }],
  ['a bad pattern', { match: { path: '(' }, do: { reset: true } }],
  ['an empty match', { match: {}, do: { reset: true } }],
  ['an unknown transition', { match: { transition: 'images.import.fly' }, do: { hold: true } }],
  ['a refused connection after the effect', { match: listen, when: 'after', do: { refuse: true } }],
  ['holding a request', { match: listen, do: { hold: true } }],
  ['a response with an invalid status', { match: listen, do: { respond: { status: 101 } } }],
  ['a body where there is none', { match: listen, do: { respond: { status: 204, body: {} } } }],
  ['a header that HTTP does not allow', { match: listen, do: { respond: { status: 503, headers: { 'a b': '1' } } } }],
  ['a method of no service', { match: { method: 'TRACE' }, do: { reset: true } }],
  [
    'a transition after something',
    { match: { transition: 'images.import.active' }, when: 'after', do: { hold: true } },
  ],
])('%s is refused', (_what, rule) => {
  const { faults } = createFakeOpenStack()
  // The rule is wrong on purpose; the control API gets it as JSON of any shape.
  expect(() => faults.add(rule as never)).toThrow(FaultRuleError)
  expect(faults.list()).toEqual([])
})

test('§9 skip and times count matches; the hits are told', async () => {
  const cloud = createFakeOpenStack()
  cloud.faults.add({ match: listen, skip: 1, times: 2, do: { respond: { status: 503 } } })
  const statuses = []
  for (let i = 0; i < 5; i += 1) statuses.push((await list(cloud)).status)
  expect(statuses).toEqual([200, 503, 503, 200, 200])
  expect(cloud.faults.list()).toMatchObject([{ matched: 5, hits: 2 }])
  expect(cloud.journal.of('images.list').map((entry) => entry.faults.length)).toEqual([0, 1, 1, 0, 0])
})

test('§9 a rule matches by method and path, as the service sees it or whole', async () => {
  const cloud = createFakeOpenStack()
  cloud.faults.add({ match: { method: 'GET', path: '^/v2/images$' }, do: { respond: { status: 500 } } })
  cloud.faults.add({ match: { path: '^/image/v2/images$' }, skip: 1, do: { respond: { status: 502 } } })
  expect([(await list(cloud)).status, (await list(cloud)).status]).toEqual([500, 502])
})

test('§9 an answer can be a page with headers of its own', async () => {
  const cloud = createFakeOpenStack()
  const respond = { status: 503, headers: { 'Retry-After': '2' }, body: '<html>proxy</html>' }
  cloud.faults.add({ match: listen, do: { respond } })
  const answer = await list(cloud)
  expect(answer.headers.get('retry-after')).toBe('2')
  expect(answer.headers.get('content-type')).toContain('text/html')
  expect(await answer.text()).toBe('<html>proxy</html>')
})

test.each([
  ['before', 0],
  ['after', 1],
] as const)('§9 a fault %s the request leaves %i images more', async (when, count) => {
  const cloud = createFakeOpenStack()
  const token = await cloud.token('bosh')
  cloud.faults.add({ match: { operation: 'images.create' }, when, do: { reset: true } })
  const create = cloud.fetch(`${cloud.url}/image/v2/images`, {
    method: 'POST',
    headers: { 'x-auth-token': token, 'content-type': 'application/json' },
    body: '{"name":"x"}',
  })
  await expect(create).rejects.toThrow('fetch failed')
  expect(cloud.leftovers()['images'] ?? []).toHaveLength(count)
  expect(cloud.journal.of('images.create')).toMatchObject([{ status: 0 }])
})

test('§9 a delay takes virtual time, not ours', async () => {
  const cloud = createFakeOpenStack()
  cloud.faults.add({ match: listen, do: { delay: '30s' } })
  const before = cloud.clock.now()
  expect((await list(cloud)).status).toBe(200)
  expect(cloud.clock.now() - before).toBe(30_000)
})

test('a rule whose request had nothing to fail counts no hit', async () => {
  const cloud = createFakeOpenStack()
  cloud.faults.add({ match: listen, times: null, do: { state: { to: 'ERROR' } } })
  await list(cloud)
  expect(cloud.faults.list()).toMatchObject([{ matched: 1, hits: 0 }])
  expect(cloud.journal.of('images.list')).toMatchObject([{ status: 200, faults: [] }])
  expect(() => cloud.faults.assertAllHit()).toThrow(/matched 1/)
})

test('a refused request leaves a state rule for the next one', async () => {
  const cloud = createFakeOpenStack()
  const headers = { 'x-auth-token': await cloud.token('bosh'), 'content-type': 'application/json' }
  const volumes = `${cloud.url}/volume/v3/${cloud.projectId('bosh')}/volumes`
  cloud.faults.add({ match: { operation: 'volumes.create' }, do: { state: { to: 'error' } } })
  for (const size of [-1, 1]) {
    await cloud.fetch(volumes, { method: 'POST', headers, body: JSON.stringify({ volume: { size } }) })
  }
  cloud.clock.advance('1m')
  expect(cloud.state()['volumes']).toMatchObject([{ status: 'error' }])
})

test.each([
  ['before', [401, 401]],
  ['after', [200, 401]],
] as const)('a token that ends %s a request stays ended, for every service', async (when, statuses) => {
  const cloud = createFakeOpenStack()
  const headers = { 'x-auth-token': await cloud.token('bosh') }
  cloud.faults.add({ match: listen, when, do: { expireToken: true } })
  const images = await cloud.fetch(`${cloud.url}/image/v2/images`, { headers })
  const networks = await cloud.fetch(`${cloud.url}/network/v2.0/networks`, { headers })
  expect([images.status, networks.status]).toEqual(statuses)
  expect((await list(cloud)).status).toBe(200) // with a token of its own
  expect(cloud.faults.list()).toMatchObject([{ hits: 1 }])
})

test('a rule that never hit is named by the helper', () => {
  const { faults } = createFakeOpenStack()
  faults.add({ match: listen, do: { reset: true } })
  expect(() => faults.assertAllHit()).toThrow(/fault-1 \(matched 0\)/)
})
