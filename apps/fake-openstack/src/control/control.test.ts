import { expect, test } from 'vitest'
import type { FakeOpenStack } from '../fake-interface.ts'
import { createFakeOpenStack, createFakeWithParts } from '../fake-openstack.ts'

const control = (cloud: FakeOpenStack) => async (method: string, path: string, body?: unknown) => {
  const response = await cloud.fetch(`${cloud.url}/_fake${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, json: JSON.parse(text) }
}

const createImage = async (cloud: FakeOpenStack, name: string) => {
  await cloud.fetch(`${cloud.url}/image/v2/images`, {
    method: 'POST',
    headers: { 'x-auth-token': await cloud.token('bosh'), 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  })
}

test('health tells version, uptime and clock', async () => {
  const ask = control(createFakeOpenStack({ startAt: Date.UTC(2030, 0, 1) }))
  expect((await ask('GET', '/health')).json).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    uptimeMs: expect.any(Number),
    clock: { mode: 'virtual', now: '2030-01-01T00:00:00.000000' },
  })
})

test('§9 leftovers are what exists beyond the seed; reset goes back to the seed', async () => {
  const cloud = createFakeOpenStack()
  const ask = control(cloud)
  const seeded = (await ask('GET', '/state')).json
  expect(seeded).toMatchObject({ images: [{ name: 'tiny-image' }] })
  await createImage(cloud, 'mine')
  expect((await ask('GET', '/leftovers')).json).toMatchObject({ images: [{ name: 'mine' }] })
  await ask('POST', '/faults', { match: { service: 'image' }, do: { reset: true } })
  expect((await ask('POST', '/reset')).status).toBe(200)
  expect((await ask('GET', '/state')).json).toEqual(seeded)
  expect((await ask('GET', '/journal')).json).toEqual({ count: 0, entries: [] })
  expect((await ask('GET', '/faults')).json).toEqual({ faults: [] })
})

test('§9 the journal is read on from a number', async () => {
  const cloud = createFakeOpenStack()
  const ask = control(cloud)
  for (let i = 0; i < 3; i += 1) await cloud.fetch(cloud.authUrl)
  const { entries } = (await ask('GET', '/journal?since=2')).json
  expect(entries).toMatchObject([{ n: 3, service: 'identity', operation: 'versions.show', status: 200 }])
  expect((await ask('GET', '/journal?since=x')).status).toBe(400)
})

test('a snapshot is readable JSON that another cloud takes up, with pending work and the clock', async () => {
  const cloud = createFakeOpenStack({ startAt: 0 })
  await createImage(cloud, 'mine')
  cloud.clock.advance('1h')
  const { json: snapshot } = await control(cloud)('GET', '/snapshot')
  expect(snapshot).toMatchObject({ version: 1, clock: { mode: 'virtual', now: 3_600_000 } })
  const other = createFakeOpenStack({ startAt: 0 })
  expect((await control(other)('PUT', '/snapshot', snapshot)).status).toBe(200)
  expect(other.state()).toEqual(cloud.state())
  expect(other.clock.now()).toBe(3_600_000)
  expect(await other.token('bosh')).toBe(await cloud.token('bosh'))
})

const empty = { version: 1, clock: { mode: 'virtual', now: 0 }, ids: 1, content: {} }
const role = { id: 'r', name: 'r', description: null, domain_id: null }

test.each([
  ['another version', { version: 2 }],
  ['unknown kinds', { version: 1, clock: { mode: 'virtual', now: 0 }, ids: 1, content: { stars: [] } }],
  ['no JSON', '{'],
  ['records that are none', { ...empty, content: { images: [{ id: 'a' }, { id: 'b' }], servers: [{ id: 'c' }] } }],
  ['two records of one id', { ...empty, content: { roles: [role, role] } }],
  ['a clock out of time', { ...empty, clock: { mode: 'virtual', now: 1e300 } }],
])('a snapshot with %s is refused and changes nothing', async (_what, body) => {
  const cloud = createFakeOpenStack()
  const before = structuredClone(cloud.state())
  expect((await control(cloud)('PUT', '/snapshot', body)).status).toBe(400)
  expect(cloud.state()).toEqual(before)
})

test('the clock is advanced and changes its mode', async () => {
  const cloud = createFakeOpenStack({ startAt: 0 })
  const ask = control(cloud)
  expect((await ask('POST', '/clock', { advance: '1m30s' })).json.now).toBe('1970-01-01T00:01:30.000000')
  expect((await ask('POST', '/clock', { mode: 'real' })).json.mode).toBe('real')
  expect((await ask('POST', '/clock', { advance: 'soon' })).status).toBe(400)
  expect((await ask('POST', '/clock', { advance: '1s', mode: 'real' })).status).toBe(400)
})

test.each(['99999999999h', 1e308, 9e15])('the clock does not pass the year 9999: %s is refused', async (duration) => {
  const cloud = createFakeOpenStack({ startAt: 0 })
  const ask = control(cloud)
  expect(await ask('POST', '/clock', { advance: duration })).toMatchObject({
    status: 400,
    json: { error: expect.stringContaining('year 9999') },
  })
  expect((await ask('GET', '/clock')).json.now).toBe('1970-01-01T00:00:00.000000')
})

test('a control route says how to correct a mistake', async () => {
  const ask = control(createFakeOpenStack())
  const said = async (method: string, path: string, body: unknown): Promise<string> =>
    (await ask(method, path, body)).json.error
  expect(await said('POST', '/clock', {})).toContain('{"advance": "30s"} or {"mode": "virtual"}')
  expect(await said('POST', '/faults', { match: { service: 'compute' }, do: { explode: 1 } })).toContain(
    'exactly one of',
  )
  expect(await said('POST', '/faults', { match: 1, do: { reset: true } })).toContain('match')
  expect(await said('POST', '/faults', { preset: 'no-valid-host', do: { reset: true } })).toContain('do')
  expect(await said('PUT', '/snapshot', { ...empty, content: { servers: [{ id: 'c' }] } })).toContain('servers c')
})

test('a defect shows as 500, not as a cut connection', async () => {
  const cloud = createFakeWithParts()
  cloud.context.clock.state = () => {
    throw new Error('the clock is broken')
  }
  const answer = await control(cloud)('GET', '/snapshot')
  expect(answer).toMatchObject({ status: 500, json: { error: expect.stringContaining('the clock is broken') } })
})

test('faults are added, listed with their hits and removed', async () => {
  const cloud = createFakeOpenStack()
  const ask = control(cloud)
  const rule = { match: { service: 'identity', operation: 'versions.show' }, do: { respond: { status: 503 } } }
  const { json } = await ask('POST', '/faults', rule)
  expect((await cloud.fetch(cloud.authUrl)).status).toBe(503)
  expect((await ask('GET', '/faults')).json.faults).toMatchObject([{ id: json.id, matched: 1, hits: 1 }])
  expect((await ask('DELETE', `/faults/${json.id}`)).json).toEqual({ removed: 1 })
  expect((await ask('DELETE', `/faults/${json.id}`)).status).toBe(404)
  expect((await ask('POST', '/faults', { ...rule, zork: 1 })).status).toBe(400)
})

test('an unknown control route is 404', async () => {
  expect((await control(createFakeOpenStack())('GET', '/nothing')).status).toBe(404)
})

test('pending transitions are listed, released and reached over the control API', async () => {
  const cloud = createFakeOpenStack({ startAt: 0 })
  const ask = control(cloud)
  cloud.faults.add({ match: { transition: 'volumes.create.available' }, do: { hold: true } })
  const headers = { 'x-auth-token': await cloud.token('bosh'), 'content-type': 'application/json' }
  const volumes = `${cloud.url}/volume/v3/${cloud.projectId('bosh')}/volumes`
  for (let n = 0; n < 2; n += 1) {
    await cloud.fetch(volumes, { method: 'POST', headers, body: '{"volume": {"size": 1}}' })
  }
  const statuses = () =>
    cloud
      .state()
      ['volumes']?.map((volume) => Reflect.get(volume, 'status'))
      .sort()
  const { pending } = (await ask('GET', '/transitions')).json
  const [held, timed] = [pending.find(isHeld), pending.find((one: Pending) => !isHeld(one))]
  expect(held).toMatchObject({ transition: 'volumes.create.available', kind: 'volumes', at: null })
  expect(timed).toMatchObject({ at: expect.stringMatching(/^1970-01-01T/) })
  expect((await ask('POST', '/transitions', { next: true })).json.advancedMs).toBeGreaterThan(0)
  expect(statuses()).toEqual(['available', 'creating'])
  expect((await ask('POST', '/transitions', { release: 'other' })).json.released).toBe(0)
  expect((await ask('POST', '/transitions', { release: held.resourceId })).json).toMatchObject({
    released: 1,
    pending: [],
  })
  expect(statuses()).toEqual(['available', 'available'])
  expect((await ask('POST', '/transitions', { next: true })).json).toEqual({ advancedMs: 0, pending: [] })
  expect((await ask('POST', '/transitions', { release: false })).status).toBe(400)
})

interface Pending {
  readonly at: string | null
}
const isHeld = ({ at }: Pending): boolean => at === null

test('next is refused while the clock is real', async () => {
  const ask = control(createFakeOpenStack({ clock: 'real' }))
  expect(await ask('POST', '/transitions', { next: true })).toMatchObject({
    status: 400,
    json: { error: expect.any(String) },
  })
})

test('state and leftovers are sent again only when a resource has changed', async () => {
  const cloud = createFakeOpenStack()
  const ask = (path: string, etag?: string | null) =>
    cloud.fetch(`${cloud.url}/_fake${path}`, etag ? { headers: { 'if-none-match': etag } } : {})
  const first = await ask('/state')
  const etag = first.headers.get('etag')
  const again = await ask('/state', etag)
  expect([again.status, await again.text()]).toEqual([304, ''])
  await cloud.token('bosh')
  expect((await ask('/leftovers', etag)).status).toBe(304)
  await createImage(cloud, 'mine')
  const changed = await ask('/state', etag)
  expect([changed.status, changed.headers.get('etag') === etag]).toEqual([200, false])
  const second = changed.headers.get('etag')
  cloud.reset()
  expect((await ask('/leftovers', second)).status).toBe(200)
  const other = createFakeOpenStack()
  expect((await other.fetch(`${other.url}/_fake/state`, { headers: { 'if-none-match': String(etag) } })).status).toBe(
    200,
  )
})

test('a transition that comes by itself changes the ETag of the state', async () => {
  const cloud = createFakeOpenStack()
  const headers = { 'x-auth-token': await cloud.token('bosh'), 'content-type': 'application/json' }
  const volumes = `${cloud.url}/volume/v3/${cloud.projectId('bosh')}/volumes`
  await cloud.fetch(volumes, { method: 'POST', headers, body: '{"volume": {"size": 1}}' })
  const etag = (await cloud.fetch(`${cloud.url}/_fake/state`)).headers.get('etag') ?? ''
  cloud.clock.advance('10s')
  expect((await cloud.fetch(`${cloud.url}/_fake/state`, { headers: { 'if-none-match': etag } })).status).toBe(200)
})
