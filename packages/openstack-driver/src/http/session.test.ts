import { describe, expect, test } from 'vitest'
import { scriptedCloud } from '../../test/scripted-cloud.ts'
import { answer, type Script, scriptedServer } from '../../test/scripted-server.ts'
import { parseOpenStackConfig } from '../config/openstack-config.ts'
import { timeoutsOf } from './session.ts'

const pool: Script = (_, response) => answer(response, 200, { pool: { id: '1' } })
const withOctavia = (origin: string) => [
  { type: 'load-balancer', endpoints: [{ interface: 'public', region_id: 'R1', url: `${origin}/octavia` }] },
]
const lbaas = '/network/v2.0/lbaas/pools/1'
const octavia = '/octavia/v2.0/lbaas/pools/1'

test.each([
  ['absent', {}, lbaas, octavia],
  ['auto', { load_balancer_api: 'auto' }, lbaas, octavia],
  ['neutron', { load_balancer_api: 'neutron' }, lbaas, lbaas],
])(
  '§1.1 load_balancer_api %s: where pools are asked for without and with Octavia in the catalog',
  async (_, properties, without, withIt) => {
    const plain = await scriptedCloud({ service: pool, properties })
    await plain.ctx.services.loadBalancer.pools.show('1')
    expect(plain.calls()).toMatchObject([{ path: without }])
    const rich = await scriptedCloud({ service: pool, properties, catalog: withOctavia })
    await rich.ctx.services.loadBalancer.pools.show('1')
    expect(rich.calls()).toMatchObject([{ path: withIt }])
  },
)

test('§1.1 load_balancer_api octavia: a catalog without it is an error, not a reason to ask Neutron', async () => {
  const properties = { load_balancer_api: 'octavia' }
  const cloud = await scriptedCloud({ service: pool, properties })
  await expect(cloud.ctx.services.loadBalancer.pools.show('1')).rejects.toMatchObject({
    kind: 'config',
    message: expect.stringContaining("service 'load-balancer'"),
  })
  expect(cloud.calls()).toEqual([])
  const rich = await scriptedCloud({ service: pool, properties, catalog: withOctavia })
  await rich.ctx.services.loadBalancer.pools.show('1')
  expect(rich.calls()).toMatchObject([{ path: octavia }])
})

describe('§2.4 endpoints without a version', () => {
  const versions = (...ids: string[]) => ({ versions: ids.map((id) => ({ id, status: 'SUPPORTED', links: [] })) })
  const unversioned =
    (documents: Readonly<Record<string, unknown>>): Script =>
    ({ path }, response) => {
      if (path in documents) return answer(response, 300, documents[path])
      answer(
        response,
        200,
        path.startsWith('/nova')
          ? { server: { id: '1', status: 'ACTIVE' } }
          : { volume: { id: '2', status: 'available' } },
      )
    }
  const override = async (documents: Readonly<Record<string, unknown>>) => {
    const server = await scriptedServer(unversioned(documents))
    const overrides = { compute: `${server.origin}/nova`, volume: `${server.origin}/cinder/` }
    return { server, cloud: await scriptedCloud({ properties: { endpoint_overrides: overrides } }) }
  }

  test('are completed by what the version document offers, which is read once', async () => {
    const { server, cloud } = await override({
      '/nova/': versions('v2.0', 'v2.1'),
      '/cinder/': versions('v2.0', 'v3.0'),
    })
    const { compute, blockStorage } = cloud.ctx.services
    await compute.servers.show('1')
    await compute.servers.show('1')
    await blockStorage.volumes.show('2')
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/nova/',
      '/nova/v2.1/servers/1',
      '/nova/v2.1/servers/1',
      '/cinder/',
      '/cinder/v3/p/volumes/2',
    ])
  })

  test('that offer no version we speak are an error that names the setting', async () => {
    const { cloud } = await override({ '/nova/': versions('v3.0') })
    await expect(cloud.ctx.services.compute.servers.show('1')).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringMatching(/names no version, and offers v3\.0.*endpoint_overrides/),
    })
  })
})

test('§3.2 microversions are asked for behind a gateway that has a version of its own', async () => {
  const version = { version: { id: 'v2.1', version: '2.90', min_version: '2.1' } }
  const server = await scriptedServer((_, response) => answer(response, 200, version))
  const endpoint_overrides = { compute: `${server.origin}/v1/compute/v2.1/project` }
  const cloud = await scriptedCloud({ properties: { endpoint_overrides } })
  expect(await cloud.ctx.services.compute.supports('2.67')).toBe(true)
  expect(server.requests).toMatchObject([{ path: '/v1/compute/v2.1/' }])
})

describe('§2.4 a catalog with several regions and no region configured', () => {
  const twoRegions = (origin: string) => [
    { type: 'compute', endpoints: [{ interface: 'public', region_id: 'R2', url: `${origin}/r2/v2.1` }] },
  ]
  const service: Script = (_, response) => answer(response, 200, { server: { id: '1', status: 'ACTIVE' } })

  test('all services are taken from one region, with one warning per call', async () => {
    const cloud = await scriptedCloud({ catalog: twoRegions, service })
    await cloud.ctx.services.compute.servers.show('1')
    await cloud.ctx.services.compute.servers.show('1')
    await cloud.ctx
      .forCleanup()
      .services.blockStorage.limits.show()
      .catch(() => undefined)
    expect(cloud.log.filter((line) => line.startsWith('warn'))).toEqual([
      expect.stringMatching(/'region' is not set.* has R1, R2: using R1/),
    ])
  })

  test('there is no warning when the region is configured', async () => {
    const cloud = await scriptedCloud({ catalog: twoRegions, service, properties: { region: 'R2' } })
    await cloud.ctx.services.compute.servers.show('1')
    expect(cloud.calls()[0]?.path).toBe('/r2/v2.1/servers/1')
    expect(cloud.log.join()).not.toContain('is not set')
  })
})

const login = { auth_url: 'https://keystone:5000/v3', username: 'u', api_key: 'p', project: 'prj', domain: 'd' }

test('§3.3 time limits that mean "for ever" are no longer than a timer can be, which would end it immediately', () => {
  const { config } = parseOpenStackConfig({
    ...login,
    state_timeout: 10_000_000,
    wait_resource_poll_interval: 10_000_000,
    connection_options: { connect_timeout: 99_999_999, read_timeout: 300_000, write_timeout: 1e300 },
  })
  const times = [...Object.values(timeoutsOf(config)), config.pollIntervalMs]
  expect(Math.max(...times)).toBe(2 ** 31 - 1)
})

test('§3.3 time limits: a whole answer may take ten times read_timeout, the answer to an upload state_timeout', () => {
  const { config } = parseOpenStackConfig({
    ...login,
    state_timeout: 120,
    connection_options: { connect_timeout: 1, read_timeout: 2, write_timeout: 3 },
  })
  expect(timeoutsOf(config)).toEqual({
    connectTimeoutMs: 1_000,
    readTimeoutMs: 2_000,
    writeTimeoutMs: 3_000,
    uploadAnswerTimeoutMs: 120_000,
    wholeAnswerTimeoutMs: 20_000,
  })
})
