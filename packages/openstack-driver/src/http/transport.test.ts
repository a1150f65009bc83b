import { describe, expect, test } from 'vitest'
import { instantClock } from '../../test/instant-clock.ts'
import { password, type ScriptedCloud, scriptedCloud } from '../../test/scripted-cloud.ts'
import { answer, type Script, scriptedServer } from '../../test/scripted-server.ts'
import type { Clock } from '../clock.ts'
import { createVolume } from '../operations/volumes/create-volume.ts'
import { withRollback } from '../rollback.ts'
import { collect } from './service-client.ts'

/** Does one thing after the other, the last one for ever. */
const inTurn = (...scripts: readonly Script[]): Script => {
  let turn = 0
  return (request, response) => scripts[Math.min(turn++, scripts.length - 1)]?.(request, response)
}
const refuse =
  (status: number, body: unknown = {}, headers = {}): Script =>
  (_, response) =>
    answer(response, status, body, headers)
const breakOff: Script = (_, response) => void response.socket?.destroy()
const sleepForever: Script = () => undefined
const server: Script = (_, response) => answer(response, 200, { server: { id: '1', status: 'ACTIVE' } })

describe('§3.1 headers', () => {
  test('of a request with a body', async () => {
    const cloud = await scriptedCloud({ service: refuse(202) })
    await cloud.ctx.services.compute.servers.reboot('a/b', 'SOFT')
    expect(cloud.calls()).toMatchObject([
      {
        method: 'POST',
        path: '/compute/v2.1/servers/a%2Fb/action',
        body: '{"reboot":{"type":"SOFT"}}',
        headers: {
          'x-auth-token': 'token-1',
          accept: 'application/json',
          'content-type': 'application/json',
          'content-length': '26',
          'user-agent': 'openstack-cpi/1.2.3',
          'x-openstack-request-id': 'req-00000000-0000-4000-8000-000000000000',
        },
      },
    ])
  })

  test("the cloud's request id is in log and error", async () => {
    const fault = { badRequest: { code: 400, message: 'Invalid key_name provided.' } }
    const cloud = await scriptedCloud({ service: refuse(400, fault, { 'x-compute-request-id': 'req-42' }) })
    await expect(cloud.ctx.services.compute.servers.show('1')).rejects.toMatchObject({
      kind: 'http',
      status: 400,
      service: 'compute',
      method: 'GET',
      requestId: 'req-42',
      fault: { message: 'Invalid key_name provided.', type: 'badRequest', code: 400 },
      message: expect.stringMatching(/^OpenStack API Bad Request \(Invalid key_name provided\.\): .*req-42/),
    })
    expect(cloud.log).toContainEqual(
      expect.stringMatching(/^debug .*GET http\S+\/compute\/v2\.1\/servers\/1 -> 400 in 0 ms \(req-42\)/),
    )
  })

  test('no secret in the log', async () => {
    const cloud = await scriptedCloud({ service: refuse(202, { server: { id: '1', adminPass: 'made-by-nova' } }) })
    await cloud.ctx.services.compute.servers.create({ name: 'vm-1', flavorRef: '1', user_data: 'settings-of-agent' })
    const text = cloud.log.join('\n')
    expect(text).toContain('POST')
    // Contract §12: headers and bodies are shown, without the values of secrets.
    expect(text).toContain('"content-type":"application/json"')
    for (const body of ['"flavorRef":"1"', '"server":{"id":"1"']) expect(text).toContain(body)
    expect(text).toContain('"x-auth-token":"<redacted>"')
    for (const secret of [password, 'token-1', 'made-by-nova', 'settings-of-agent']) expect(text).not.toContain(secret)
  })
})

test.each(['.', '..'])('an id of "%s" leads nowhere: nothing is asked for or deleted', async (id) => {
  const cloud = await scriptedCloud({ service: refuse(204, '') })
  const { compute, loadBalancer } = cloud.ctx.services
  for (const work of [
    loadBalancer.members.delete('1', id),
    loadBalancer.members.list(id),
    compute.servers.delete(id),
  ]) {
    const settled = Symbol.asyncIterator in work ? collect(work) : work
    await expect(settled).rejects.toMatchObject({ kind: 'config', message: expect.stringContaining('is no path') })
  }
  expect(cloud.calls()).toEqual([])
})

describe('§3.5 repetitions', () => {
  test('a read: 3 s apart, until it works', async () => {
    const cloud = await scriptedCloud({ service: inTurn(refuse(500), breakOff, refuse(503), server) })
    expect(await cloud.ctx.services.compute.servers.show('1')).toMatchObject({ id: '1' })
    expect(cloud.clock.slept).toEqual([3_000, 3_000, 3_000])
  })

  test('a truncated answer is no answer', async () => {
    const truncate: Script = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{"server":', () => response.socket?.destroy())
    }
    const cloud = await scriptedCloud({ service: inTurn(truncate, server) })
    expect(await cloud.ctx.services.compute.servers.show('1')).toMatchObject({ id: '1' })
  })

  test('an empty answer tells nothing: not what was asked for, nor whether something was made', async () => {
    const empty = refuse(200, '')
    const cloud = await scriptedCloud({ service: empty })
    await expect(cloud.ctx.services.image.images.show('1')).rejects.toMatchObject({ kind: 'decode' })
    const create = cloud.ctx.services.compute.serverGroups.create({ name: 'g', policies: [] })
    await expect(create).rejects.toMatchObject({ kind: 'ambiguous' })
    await cloud.ctx.services.compute.servers.start('1')
  })

  test('an answer without end is broken off, and not asked for again', async () => {
    const flood: Script = (_, response) => {
      const chunk = Buffer.alloc(1024 * 1024, ' ')
      const more = (): void => {
        if (!response.destroyed) response.write(chunk, more)
      }
      more()
    }
    const cloud = await scriptedCloud({ service: flood })
    await expect(cloud.ctx.services.compute.servers.show('1')).rejects.toMatchObject({
      kind: 'decode',
      message: expect.stringContaining('larger than'),
    })
    expect(cloud.calls()).toHaveLength(1)
    const create = cloud.ctx.services.compute.serverGroups.create({ name: 'g', policies: [] })
    await expect(create).rejects.toMatchObject({ kind: 'ambiguous' })
  })

  test('request_retries limits them, and the last failure is told', async () => {
    const cloud = await scriptedCloud({ service: breakOff, properties: { request_retries: 2 } })
    await expect(cloud.ctx.services.compute.servers.show('1')).rejects.toMatchObject({ kind: 'network' })
    expect(cloud.calls()).toHaveLength(3)
  })

  test('a service that does not answer in read_timeout', async () => {
    const properties = { request_retries: 1, connection_options: { read_timeout: 0.05 } }
    const cloud = await scriptedCloud({ service: sleepForever, properties })
    await expect(cloud.ctx.services.compute.servers.show('1')).rejects.toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining('Could not get an answer within 0.05 s'),
    })
    expect(cloud.calls()).toHaveLength(2)
  })

  test('a service that is not there: also a POST is repeated', async () => {
    const gone = await scriptedServer(() => undefined)
    const properties = { request_retries: 2, endpoint_overrides: { compute: 'http://127.0.0.1:1/v2.1' } }
    const cloud = await scriptedCloud({ properties })
    await expect(cloud.ctx.services.compute.servers.start('1')).rejects.toMatchObject({
      kind: 'network',
      message: expect.stringContaining('ECONNREFUSED'),
    })
    expect(cloud.clock.slept).toEqual([3_000, 3_000])
    expect(gone.requests).toEqual([])
  })

  test('an action without response is not repeated: kind ambiguous', async () => {
    const cloud = await scriptedCloud({ service: breakOff })
    await expect(cloud.ctx.services.compute.servers.start('1')).rejects.toMatchObject({ kind: 'ambiguous' })
    expect(cloud.calls()).toHaveLength(1)
  })

  /** A volume, created as `create_disk` does. */
  const createVolumeOn = ({ ctx }: ScriptedCloud, name: string) =>
    withRollback(ctx, (rollback) => createVolume(ctx, rollback, 'volume', { name, size: 1 }))

  test('a create whose result is unknown is looked up by its name', async () => {
    const cloud = await scriptedCloud({
      service: inTurn(breakOff, (_, response) => answer(response, 200, { volumes: [{ id: 'v', name: 'volume-1' }] })),
    })
    expect(await createVolumeOn(cloud, 'volume-1')).toMatchObject({ id: 'v' })
    expect(cloud.calls().map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /volume/v3/p/volumes',
      'GET /volume/v3/p/volumes/detail?name=volume-1',
    ])
  })

  test('a create that a busy service defers is sent again when the service said', async () => {
    const nothing: Script = (_, response) => answer(response, 200, { volumes: [] })
    const busy = refuse(503, '<html>', { 'retry-after': '20' })
    const made = refuse(202, { volume: { id: 'v' } })
    const cloud = await scriptedCloud({ service: inTurn(busy, nothing, nothing, made, nothing) })
    expect(await createVolumeOn(cloud, 'v')).toMatchObject({ id: 'v' })
    expect(cloud.clock.slept).toEqual([3_000, 17_000])
  })

  test('a rate limit is sat out, whatever the method', async () => {
    const cloud = await scriptedCloud({
      service: inTurn(
        refuse(429, {}, { 'retry-after': 'Thu, 01 Jan 2026 00:00:20 GMT' }),
        refuse(202, { volume: { id: 'v' } }),
      ),
    })
    await cloud.ctx.services.blockStorage.volumes.create({ name: 'volume-1', size: 1 })
    expect(cloud.clock.slept).toEqual([22_000])
    expect(cloud.log).toContainEqual(expect.stringMatching(/^info .*rate limited, repeating in 22\.0 s/))
  })

  test('a rate limit without end', async () => {
    const cloud = await scriptedCloud({ service: refuse(429), properties: { rate_limit_timeout: 10 } })
    await expect(cloud.ctx.services.compute.servers.show('1')).rejects.toMatchObject({
      kind: 'rate-limited',
      status: 429,
    })
    expect(cloud.clock.monotonicMs()).toBeLessThanOrEqual(10_000)
  })

  test("Cinder's quota is reported immediately", async () => {
    const fault = {
      overLimit: {
        code: 413,
        message: "VolumeLimitExceeded: Maximum number of volumes allowed (1) exceeded for quota 'volumes'.",
        retryAfter: '0',
      },
    }
    const cloud = await scriptedCloud({ service: refuse(413, fault, { 'retry-after': '0' }) })
    await expect(cloud.ctx.services.blockStorage.volumes.create({ name: 'v', size: 1 })).rejects.toMatchObject({
      status: 413,
    })
    expect(cloud.calls()).toHaveLength(1)
  })
})

describe('where a token goes', () => {
  test('no redirect is followed', async () => {
    const elsewhere = await scriptedServer((_, response) => answer(response, 200, { server: { status: 'ACTIVE' } }))
    const cloud = await scriptedCloud({ service: refuse(302, {}, { location: `${elsewhere.origin}/x` }) })
    await expect(cloud.ctx.services.compute.servers.show('1')).rejects.toMatchObject({
      status: 302,
      message: expect.stringContaining('redirects to'),
    })
    expect(elsewhere.requests).toEqual([])
  })

  test('§3.4 no page twice', async () => {
    const page = {
      servers: [{ id: '1' }],
      servers_links: [{ rel: 'next', href: '/compute/v2.1/servers/detail?marker=1' }],
    }
    const cloud = await scriptedCloud({ service: refuse(200, page) })
    await expect(collect(cloud.ctx.services.compute.servers.list())).rejects.toThrow(/leads back to this page/)
    expect(cloud.calls()).toHaveLength(2)
  })
})

describe('§3.4 lists', () => {
  const pages: Script = ({ path }, response) => {
    const marker = new URLSearchParams(path.split('?')[1]).get('marker')
    const items = { null: ['a', 'b'], b: ['c', 'd'], d: [] }[String(marker)] ?? []
    const next = items.at(-1)
    const links =
      next === undefined
        ? {}
        : { servers_links: [{ rel: 'next', href: `http://127.0.0.1/v2.1/servers/detail?marker=${next}` }] }
    answer(response, 200, { servers: items.map((id) => ({ id })), ...links })
  }

  test('are followed to their end, also when the last page is empty', async () => {
    const cloud = await scriptedCloud({ service: pages })
    const found = await collect(cloud.ctx.services.compute.servers.list({ status: 'ACTIVE' }))
    expect(found.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd'])
    expect(cloud.calls().map(({ path }) => path.split('?')[1])).toEqual([
      'status=ACTIVE',
      'status=ACTIVE&marker=b',
      'status=ACTIVE&marker=d',
    ])
  })

  test('are fetched no further than wanted', async () => {
    const cloud = await scriptedCloud({ service: pages })
    for await (const { id } of cloud.ctx.services.compute.servers.list()) if (id === 'b') break
    expect(cloud.calls()).toHaveLength(1)
  })
})

test('§3.2 microversions are discovered once and sent with the request that needs them', async () => {
  const cloud = await scriptedCloud({
    service: ({ method }, response) =>
      method === 'GET'
        ? answer(response, 200, { version: { version: '2.60', min_version: '2.1' } })
        : answer(response, 200, { tags: ['a'] }),
    properties: { nova_microversion_max: '2.40' },
  })
  const { compute } = cloud.ctx.services
  expect(await Promise.all(['2.26', '2.40', '2.41', '2.67'].map(compute.supports))).toEqual([true, true, false, false])
  await compute.servers.setTags('1', ['a'])
  expect(cloud.calls()).toMatchObject([
    { path: '/compute/v2.1/' },
    { method: 'PUT', headers: { 'openstack-api-version': 'compute 2.26', 'x-openstack-nova-api-version': '2.26' } },
  ])
  expect(cloud.calls()[0]?.headers).not.toHaveProperty('openstack-api-version')
})

describe('design invariant 5: interrupted', () => {
  test('no request is begun, except for cleaning up', async () => {
    const cloud = await scriptedCloud({ service: server, signal: AbortSignal.abort() })
    await expect(cloud.ctx.services.compute.servers.show('1')).rejects.toMatchObject({ kind: 'aborted' })
    expect(cloud.calls()).toEqual([])
    expect(await cloud.ctx.forCleanup().services.compute.servers.show('1')).toMatchObject({ id: '1' })
  })

  test('a read is broken off', async () => {
    const controller = new AbortController()
    const cloud = await scriptedCloud({ service: () => controller.abort(), signal: controller.signal })
    await expect(cloud.ctx.services.compute.servers.show('1')).rejects.toMatchObject({ kind: 'aborted' })
  })

  /** Interrupts the call when the create arrives. */
  const interruptedCreate = async (then: Script, sleep?: Clock['sleep']) => {
    const controller = new AbortController()
    const cloud = await scriptedCloud({
      service: (request, response) => {
        controller.abort()
        then(request, response)
      },
      signal: controller.signal,
      ...(sleep === undefined ? {} : { options: { clock: { ...instantClock(), sleep } } }),
    })
    return cloud.ctx.services.compute.servers.create({ name: 'vm-1', flavorRef: '1' })
  }

  test('a create that is answered within 2 s runs to its end, so that what it made is known', async () => {
    const slept: number[] = []
    const untilAnswered: Clock['sleep'] = (ms, signal) => {
      slept.push(ms)
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    }
    const made = interruptedCreate(refuse(202, { server: { id: 'made', status: 'ACTIVE' } }), untilAnswered)
    expect(await made).toMatchObject({ id: 'made' })
    expect(slept).toEqual([2_000])
  })

  test('a create without answer is broken off after 2 s, its result unknown', async () => {
    await expect(interruptedCreate(sleepForever)).rejects.toMatchObject({
      kind: 'ambiguous',
      message: expect.stringContaining('The call was interrupted, and no answer came within 2 s'),
    })
  })
})
