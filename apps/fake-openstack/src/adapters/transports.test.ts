import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setupServer } from 'msw/node'
import { describe, expect, onTestFinished } from 'vitest'
import type { FakeOpenStack } from '../fake-interface.ts'
import { mswHandlers } from './msw.ts'
import { fakeCloudTest } from './vitest.ts'

const test = fakeCloudTest({ keepUploads: true })

/** Each transport as: open it, answer a `fetch` and the address to call. */
const listeners: [string, (cloud: FakeOpenStack) => Promise<{ url: string; fetch: typeof fetch }>][] = [
  ['in process', async (cloud) => ({ url: cloud.url, fetch: cloud.fetch })],
  [
    'over HTTP',
    async (cloud) => {
      const { url } = await cloud.listen()
      return { url, fetch }
    },
  ],
  [
    'by msw',
    async (cloud) => {
      const server = setupServer(...mswHandlers(cloud))
      server.listen()
      onTestFinished(() => server.close())
      return { url: cloud.url, fetch: (...args) => fetch(...args) }
    },
  ],
]

test('§9 over HTTP, the header Date is of the cloud’s clock', async ({ cloud }) => {
  const { url } = await cloud.listen()
  cloud.clock.advance('5h')
  const { headers } = await fetch(`${url}/identity/v3`)
  expect(Date.parse(headers.get('date') ?? '')).toBe(Math.floor(cloud.clock.now() / 1000) * 1000)
})

describe.each(listeners)('%s', (_name, open) => {
  test('§9 an image is uploaded and comes back, and the state is the cloud’s', async ({ cloud }) => {
    const listener = await open(cloud)
    const headers = { 'x-auth-token': await cloud.token('bosh'), accept: 'application/json' }
    const made = await listener.fetch(`${listener.url}/image/v2/images`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'x', disk_format: 'raw', container_format: 'bare' }),
    })
    expect(made.status).toBe(201)
    const { id } = (await made.json()) as { id: string }
    const upload = await listener.fetch(`${listener.url}/image/v2/images/${id}/file`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/octet-stream' },
      body: new Uint8Array(300_000).fill(7),
    })
    expect(upload.status).toBe(204)
    const back = await listener.fetch(`${listener.url}/image/v2/images/${id}/file`, { headers })
    expect(new Uint8Array(await back.arrayBuffer())).toEqual(new Uint8Array(300_000).fill(7))
    expect(cloud.leftovers()).toMatchObject({ images: [{ id, size: 300_000 }] })
  })

  test('§9 a connection cut after the request had its effect', async ({ cloud }) => {
    const listener = await open(cloud)
    const token = await cloud.token('bosh')
    cloud.faults.add({ match: { operation: 'images.create' }, when: 'after', do: { reset: true } })
    const create = listener.fetch(`${listener.url}/image/v2/images`, {
      method: 'POST',
      headers: { 'x-auth-token': token, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'lost' }),
    })
    await expect(create).rejects.toThrow(TypeError)
    expect(cloud.leftovers()).toMatchObject({ images: [{ name: 'lost' }] })
  })

  test('§9 an answer that breaks off', async ({ cloud }) => {
    const listener = await open(cloud)
    const token = await cloud.token('bosh')
    cloud.faults.add({ match: { operation: 'images.list' }, do: { truncate: 20 } })
    const answer = listener.fetch(`${listener.url}/image/v2/images`, { headers: { 'x-auth-token': token } })
    // msw hands over an answer only when it has all of it, so there the request itself fails.
    await expect(answer.then((response) => response.text())).rejects.toThrow()
  })

  test('§9 a refused connection: the request had no effect', async ({ cloud }) => {
    const listener = await open(cloud)
    const headers = { 'x-auth-token': await cloud.token('bosh'), 'content-type': 'application/json' }
    cloud.faults.add({ match: { operation: 'images.create' }, do: { refuse: true } })
    const create = listener.fetch(`${listener.url}/image/v2/images`, { method: 'POST', headers, body: '{"name":"x"}' })
    await expect(create).rejects.toThrow(TypeError)
    expect(cloud.leftovers()).not.toHaveProperty('images')
    expect(cloud.journal.of('images.create')).toMatchObject([{ status: 0 }])
  })

  test('no answer until the client gives up', async ({ cloud }) => {
    const listener = await open(cloud)
    const headers = { 'x-auth-token': await cloud.token('bosh') }
    cloud.faults.add({ match: { operation: 'images.list' }, do: { hang: true } })
    const aborting = new AbortController()
    const answer = listener.fetch(`${listener.url}/image/v2/images`, { headers, signal: aborting.signal })
    let isAnswered = false
    answer.then(
      () => (isAnswered = true),
      () => undefined,
    )
    await expect.poll(() => cloud.faults.list().map(({ hits }) => hits)).toEqual([1])
    expect(isAnswered).toBe(false)
    aborting.abort()
    await expect(answer).rejects.toThrow()
  })

  test('a body that comes in pieces', async ({ cloud }) => {
    const listener = await open(cloud)
    const headers = { 'x-auth-token': await cloud.token('bosh') }
    cloud.faults.add({ match: { operation: 'images.list' }, do: { trickle: { bytes: 400, every: '2ms' } } })
    const answer = await listener.fetch(`${listener.url}/image/v2/images`, { headers })
    expect(await answer.json()).toMatchObject({ images: [{ name: 'tiny-image' }] })
  })
})

test.for([
  ['a method that is not implemented', 'TRACE / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['an address as for a proxy', 'GET http://elsewhere/ HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['nonsense for a host', 'GET / HTTP/1.1\r\nHost: a b:c\r\n\r\n'],
  ['no HTTP', 'nonsense\r\n\r\n'],
  ['endless headers', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
] as const)('%s is refused, and the server lives on', async ([_what, bytes], { cloud }) => {
  const { port, url } = await cloud.listen()
  const answer = await new Promise<string>((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes))
    socket.on('data', (chunk) => {
      text += chunk.toString()
    })
    socket.on('error', () => resolve(text))
    socket.on('close', () => resolve(text))
  })
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
  expect((await fetch(`${url}/_fake/health`)).status).toBe(200)
})

test.for([
  ['a bad token', 401, 'nobody'],
  ['another content type', 415, 'bosh'],
] as const)('a large upload with %s is answered, not cut', async ([_what, status, user], { cloud }) => {
  const { url } = await cloud.listen()
  const token = await cloud.token('bosh')
  const { id } = (await (
    await fetch(`${url}/image/v2/images`, {
      method: 'POST',
      headers: { 'x-auth-token': token, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'x', disk_format: 'raw', container_format: 'bare' }),
    })
  ).json()) as { id: string }
  const type = status === 415 ? 'application/zip' : 'application/octet-stream'
  const upload = await fetch(`${url}/image/v2/images/${id}/file`, {
    method: 'PUT',
    headers: { 'x-auth-token': user === 'bosh' ? token : user, 'content-type': type },
    body: new Uint8Array(4_000_000),
  })
  expect(upload.status).toBe(status)
})

/** One request after the other over one connection, as clients with a pool do. */
const overOneConnection = () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  return (url: string, method: string, headers: Record<string, string>, body: string) =>
    new Promise<{ status: number | undefined; isReused: boolean }>((resolve, reject) => {
      const outgoing = request(url, { agent, method, headers }, (incoming) => {
        text(incoming).then(() => resolve({ status: incoming.statusCode, isReused: outgoing.reusedSocket }), reject)
      })
      outgoing.on('error', reject).end(body)
    })
}

test.for([
  ['too large', '/network/v2.0/networks', 413, 'bosh', 'application/json'],
  ['for an unknown route', '/network/v2.0/nothing', 404, 'bosh', 'application/json'],
  ['with a bad token', '/network/v2.0/networks', 401, 'nobody', 'application/json'],
  ['of bytes for an unknown route', '/image/v2/nothing', 404, 'bosh', 'application/octet-stream'],
] as const)('after a large body %s the connection goes on', async ([_what, path, status, user, type], { cloud }) => {
  const { url } = await cloud.listen()
  const send = overOneConnection()
  const token = await cloud.token('bosh')
  const headers = { 'x-auth-token': user === 'bosh' ? token : user, 'content-type': type }
  const body = JSON.stringify({ network: { name: 'x'.repeat(3_000_000) } })
  expect((await send(`${url}${path}`, 'POST', headers, body)).status).toBe(status)
  expect(await send(`${url}/identity/v3`, 'GET', {}, '')).toEqual({ status: 200, isReused: true })
})
