import { expect, test } from 'vitest'
import { createFakeOpenStack } from '../fake-openstack.ts'

const json = { 'content-type': 'application/json' }

test('a route that is not modelled is 501 in the form of the service, and the journal says so', async () => {
  const cloud = createFakeOpenStack()
  const headers = { 'x-auth-token': await cloud.token('bosh'), accept: 'application/json' }
  const answer = await cloud.fetch(`${cloud.url}/image/v2/cache`, { headers })
  expect(answer.status).toBe(501)
  expect(await answer.json()).toMatchObject({ code: '501 Not Implemented', title: 'Not Implemented' })
  expect(cloud.journal.of('not modelled')).toMatchObject([{ service: 'image', status: 501 }])
})

test.each([
  ['no token', {}],
  ['an invalid token', { 'x-auth-token': 'nonsense' }],
])('%s is 401, also for paths that do not exist', async (_what, headers) => {
  const cloud = createFakeOpenStack()
  for (const path of ['/image/v2/images', '/image/v2/nothing']) {
    const answer = await cloud.fetch(cloud.url + path, { headers })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Keystone uri="http://openstack.test/identity"')
  }
})

test('a body that is no JSON, too deep in the wrong type or too large is refused, and the cloud lives on', async () => {
  const cloud = createFakeOpenStack()
  const send = (body: string | ReadableStream, type = 'application/json') =>
    cloud.fetch(`${cloud.authUrl}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
      ...(typeof body === 'string' ? {} : { duplex: 'half' as const }),
    })
  expect((await send('{"auth":')).status).toBe(400)
  expect((await send('[]')).status).toBe(400)
  expect((await send('"x"')).status).toBe(400)
  expect((await send('{"auth":{}}', 'text/plain')).status).toBe(400)
  expect((await send(JSON.stringify({ auth: 'x'.repeat(200_000) }))).status).toBe(413)
  let sent = 0
  const endless = new ReadableStream({
    pull(controller) {
      sent += 65_536
      controller.enqueue(new Uint8Array(65_536).fill(32))
    },
  })
  expect((await send(endless)).status).toBe(413)
  expect(sent).toBeLessThan(1_000_000)
  expect((await cloud.fetch(cloud.authUrl)).status).toBe(200)
})

test('the journal hides secrets and lists unread fields', async () => {
  const cloud = createFakeOpenStack()
  const marker = 'bosh-password'
  await cloud.fetch(`${cloud.authUrl}/auth/tokens`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'bosh', domain: { id: 'default' }, password: marker, shoe_size: 43 } },
        },
      },
    }),
  })
  const [entry] = cloud.journal.of('tokens.create')
  expect(JSON.stringify(entry)).not.toContain(marker)
  expect(entry).toMatchObject({
    n: 1,
    status: 201,
    method: 'POST',
    path: '/identity/v3/auth/tokens',
    unread: ['auth.identity.password.user.shoe_size'],
  })
})

test('the journal is bounded and goes on counting', async () => {
  const cloud = createFakeOpenStack({ journalCapacity: 10 })
  for (let i = 0; i < 50; i += 1) await cloud.fetch(cloud.authUrl)
  expect(cloud.journal.count).toBe(50)
  expect(cloud.journal.since().length).toBeLessThanOrEqual(13)
  expect(cloud.journal.since().at(-1)?.n).toBe(50)
})

test('§9 clouds share nothing, and the same steps make the same ids', async () => {
  const one = createFakeOpenStack({ startAt: 0 })
  const two = createFakeOpenStack({ startAt: 0 })
  expect(await one.token('bosh')).toBe(await two.token('bosh'))
  expect(two.journal.count).toBe(1)
  expect(createFakeOpenStack({ idSeed: 2 }).userId('bosh')).not.toBe(one.userId('bosh'))
})

test('a latency is taken from the virtual clock', async () => {
  const cloud = createFakeOpenStack({ latency: '40ms' })
  const before = cloud.clock.now()
  await cloud.fetch(cloud.authUrl)
  expect(cloud.clock.now() - before).toBe(40)
})
