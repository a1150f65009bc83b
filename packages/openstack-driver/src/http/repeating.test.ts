import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { scriptedCloud } from '../../test/scripted-cloud.ts'
import { answer, type Script } from '../../test/scripted-server.ts'
import type { DriverContext } from '../driver-context.ts'

/** Refuses the first request, then answers what all the modules below take. */
const onceRefused = (refusal: Script): Script => {
  let isFirst = true
  return (request, response) => {
    if (isFirst) {
      isFirst = false
      return refusal(request, response)
    }
    const accepted = request.path.endsWith('/import') ? 202 : 200
    answer(response, request.method === 'DELETE' ? 204 : accepted, {
      id: '1',
      server: { id: '1', status: 'ACTIVE' },
      tags: [],
      metadata: {},
    })
  }
}
const status =
  (code: number, body: unknown = {}, headers = {}): Script =>
  (_, response) =>
    answer(response, code, body, headers)
const breakOff: Script = (_, response) => void response.socket?.destroy()

type Call = (ctx: DriverContext) => Promise<unknown>
const read: Call = ({ services }) => services.compute.servers.show('1')
const remove: Call = ({ services }) => services.compute.servers.delete('1')
const replace: Call = ({ services }) => services.compute.servers.setTags('1', [])
const rename: Call = ({ services }) => services.compute.servers.update('1', { name: 'a' })
const merge: Call = ({ services }) => services.compute.servers.setMetadata('1', {})
const importImage: Call = ({ services }) => services.image.images.importStaged('1')
const start: Call = ({ services }) => services.compute.servers.start('1')
const patch: Call = ({ services }) => services.image.images.replaceTags('1', [])

describe('§3.5 what does the same when done twice is repeated, 3 s later', () => {
  const calls = { read, remove, replace, rename, 'merge of metadata': merge, 'patch of tags': patch }
  const failures = { 500: status(500), 502: status(502), 503: status(503), 504: status(504), reset: breakOff }
  const pairs = Object.entries(calls).flatMap(([what, call]) =>
    Object.entries(failures).map(([failure, script]) => [what, failure, call, script] as const),
  )
  test.each(pairs)('%s after %s', async (_what, _failure, call, script) => {
    const cloud = await scriptedCloud({ service: onceRefused(script) })
    await call(cloud.ctx)
    const [first, second, ...more] = cloud.calls().map(({ method, path, body }) => ({ method, path, body }))
    expect(second).toEqual(first)
    expect(more).toEqual([])
    expect(cloud.clock.slept).toEqual([3_000])
  })
})

describe('§3.5 a POST that may have been processed is not', () => {
  test.each([
    ['action of a server', start, 500],
    ['action of a server', start, 502],
    ['import of an image', importImage, 500],
    ['import of an image', importImage, 504],
  ])('%s', async (_, call, code) => {
    const cloud = await scriptedCloud({ service: onceRefused(status(code)) })
    await expect(call(cloud.ctx)).rejects.toMatchObject({ status: code })
    expect(cloud.calls()).toHaveLength(1)
  })
})

test('§3.5 when it is unknown whether a POST took effect, the service’s own words are told all the same', async () => {
  const fault = { computeFault: { code: 500, message: 'Unexpected API Error.' } }
  const cloud = await scriptedCloud({ service: status(500, fault) })
  await expect(start(cloud.ctx)).rejects.toMatchObject({
    kind: 'ambiguous',
    message: expect.stringMatching(/answered 500 \(Unexpected API Error\.\)\. It is unknown/),
  })
})

describe('§3.5 a POST after 503', () => {
  const fault = { serviceUnavailable: { code: 503, message: 'busy' } }
  test.each([
    ['of a proxy is repeated: the service has not seen it', status(503, '<html>no backend</html>')],
    ['of the service that says when to come back is repeated then', status(503, fault, { 'retry-after': '20' })],
  ])('%s', async (_, refusal) => {
    const cloud = await scriptedCloud({ service: onceRefused(refusal) })
    await importImage(cloud.ctx)
    expect(cloud.calls()).toHaveLength(2)
  })

  test('of the service is not', async () => {
    const cloud = await scriptedCloud({ service: onceRefused(status(503, fault)) })
    await expect(importImage(cloud.ctx)).rejects.toMatchObject({ status: 503 })
    expect(cloud.calls()).toHaveLength(1)
  })
})

describe('§2.3 a refused token', () => {
  const ofFirstToken: Script = ({ headers }, response) =>
    answer(response, headers['x-auth-token'] === 'token-1' ? 401 : 202, {})

  test('has kept a POST from being processed: it is sent once more', async () => {
    const cloud = await scriptedCloud({ service: ofFirstToken })
    await cloud.ctx.services.compute.servers.start('1')
    expect(cloud.calls().map(({ headers }) => headers['x-auth-token'])).toEqual(['token-1', 'token-2'])
  })

  test('has used up a stream: the upload fails', async () => {
    const cloud = await scriptedCloud({ service: ofFirstToken })
    const upload = cloud.ctx.services.image.images.upload('i', Readable.from([Buffer.from('abc')]))
    await expect(upload).rejects.toMatchObject({ kind: 'auth', status: 401 })
    expect(cloud.calls()).toHaveLength(1)
  })
})

describe('§3.5 how long a rate limit is sat out', () => {
  const inBody = { overLimit: { code: 413, message: 'This request was rate-limited.', retryAfter: '30' } }
  test.each([
    ['what the header says', status(413, inBody, { 'retry-after': '20' }), 22_000],
    ['else what the body says', status(413, inBody), 33_000],
    ['else 3 s', status(413, { overLimit: { code: 413, message: 'rate-limited' } }), 3_000],
  ])('%s', async (_, refusal, sleptMs) => {
    const cloud = await scriptedCloud({ service: onceRefused(refusal) })
    await read(cloud.ctx)
    expect(cloud.clock.slept).toEqual([sleptMs])
  })
})

test('§3.5 a name that DNS does not know: no request was sent, so also a POST is repeated', async () => {
  const properties = { request_retries: 2, endpoint_overrides: { compute: 'http://nova.invalid/v2.1' } }
  const cloud = await scriptedCloud({ properties })
  await expect(cloud.ctx.services.compute.servers.start('1')).rejects.toMatchObject({ kind: 'network' })
  expect(cloud.clock.slept).toEqual([3_000, 3_000])
})

test('§3.1 each request has an id of its own, also when it is repeated', async () => {
  let serial = 0
  const random = { uuid: () => `uuid-${++serial}`, fraction: () => 0.5 }
  const cloud = await scriptedCloud({ service: onceRefused(status(500)), options: { random } })
  await read(cloud.ctx)
  await remove(cloud.ctx)
  const ids = cloud.requests.map(({ headers }) => headers['x-openstack-request-id'])
  expect(ids).toEqual(['req-uuid-1', 'req-uuid-2', 'req-uuid-3', 'req-uuid-4'])
})

test.each(['x-openstack-request-id', 'x-compute-request-id'])("§3.1 the answer's %s is logged", async (name) => {
  const cloud = await scriptedCloud({
    service: status(200, { server: { id: '1', status: 'ACTIVE' } }, { [name]: 'req-of-nova' }),
  })
  await read(cloud.ctx)
  expect(cloud.log.join('\n')).toContain('200 in 0 ms (req-of-nova)')
})
