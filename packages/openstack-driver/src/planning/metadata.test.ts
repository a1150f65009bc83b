import type { Json } from '@openstack-cpi/cpi-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  creationMetadata,
  groupOfEnv,
  novaMetadata,
  resourceTags,
  snapshotDescription,
  snapshotMetadata,
  withoutOperatorTags,
  withoutReservedKeys,
} from './metadata.ts'

describe('§7.8 novaMetadata', () => {
  test.each<[string, Record<string, Json>, Record<string, string>]>([
    ['texts as they are', { job: 'router', 'a-b_c:d. e': 'ü' }, { job: 'router', 'a-b_c:d. e': 'ü' }],
    [
      'other types as text',
      { index: 0, on: true, list: [1], hash: { a: 1 } },
      { index: '0', on: 'true', list: '[1]', hash: '{"a":1}' },
    ],
    ['no null', { id: null }, {}],
    ['other characters of keys as _', { 'a/b@c': 'x', ä: 'y' }, { a_b_c: 'x', _: 'y' }],
    ['no empty key', { '': 'x' }, {}],
    ['an empty value', { a: '' }, { a: '' }],
    ['nothing beyond the basic plane', { a: 'x😀y' }, { a: 'x_y' }],
  ])('%s', (_, metadata, expected) => {
    expect(novaMetadata(metadata)).toEqual(expected)
  })
  test('property: Nova takes whatever comes out', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary', maxLength: 300 }), fc.jsonValue()), (metadata) => {
        for (const [key, value] of Object.entries(novaMetadata(metadata as Record<string, Json>))) {
          expect(key).toMatch(/^[a-zA-Z0-9\-_:. ]{1,255}$/)
          expect(value.length).toBeLessThanOrEqual(255)
        }
      }),
    )
  })
})

describe('§7.4, contract §11 creationMetadata', () => {
  const input = {
    origin: { directorUuid: 'd', agentId: 'a', requestId: 'cpi-1' },
    serverName: 'vm-1',
    env: { bosh: { tags: { team: 'x', cost: 7, director_uuid: 'fake' } } },
    cloudProperties: { team: 'y' },
    humanReadableNames: false,
  }
  test('says who made the server and for which agent; tags of env and VM type are kept apart', () => {
    expect(creationMetadata(input)).toEqual({
      ours: { director_uuid: 'd', agent_id: 'a', cpi_request_id: 'cpi-1', cpi_creation: 'unfinished' },
      operators: { team: 'y', cost: '7' },
    })
  })
  test('remembers the first name if the server will be renamed', () => {
    expect(creationMetadata({ ...input, humanReadableNames: true }).ours).toMatchObject({ registry_key: 'vm-1' })
  })
  test.each<[string, Record<string, Json>]>([
    ['no env', {}],
    ['odd tags', { bosh: { tags: ['x'] } }],
    ['odd bosh', { bosh: null }],
  ])('lives with %s', (_, env) => {
    expect(creationMetadata({ ...input, env, cloudProperties: {} }).operators).toEqual({})
    expect(groupOfEnv(env)).toBeUndefined()
  })
})

test.each([
  'director_uuid',
  'Director_UUID',
  'agent_id',
  'cpi_creation',
  'registry_key',
  'server_group_id',
  'boot_volume',
  'lbaas_pool_1',
  'LBaaS_Pool_12',
])('§7.8 %s is the key of the CPI, and no tag', (key) => {
  expect(withoutReservedKeys({ [key]: 'x', team: 'y', lbaas_pool_name: 'z' })).toEqual({
    team: 'y',
    lbaas_pool_name: 'z',
  })
})

test('§7.8 when the quota is short, the keys of the director stay', () => {
  const metadata = { director: 'd', deployment: 'x', name: 'n', team: 'y', id: '1', compiling: 'p' }
  expect(withoutOperatorTags(metadata)).toEqual({ director: 'd', deployment: 'x', name: 'n', id: '1', compiling: 'p' })
})

test('contract §11 tags have no comma, no slash, no doubles, and 60 characters at most', () => {
  expect(resourceTags(['a,b', 'a/b', ' c ', '', 'x'.repeat(70)])).toEqual(['a_b', 'c', 'x'.repeat(60)])
})

const metadata = {
  deployment: 'cf',
  job: 'nats',
  index: 0,
  director_name: 'bosh',
  director_uuid: 'd-uuid',
  agent_id: 'a1',
  instance_id: 'i1',
}

describe('§7.19 description of a snapshot', () => {
  test.each([
    ['attached', metadata, '/dev/vdb', 'cf/nats/0/vdb'],
    ['not attached', metadata, undefined, 'cf/nats/0'],
    ['device unknown', metadata, null, 'cf/nats/0'],
    ['a self snapshot', { deployment: 'self', job: 'director', index: 0 }, undefined, 'self/director/0'],
    ['parts missing', { deployment: 'cf', index: null }, undefined, 'cf'],
    ['nothing known', {}, undefined, ''],
  ])('%s', (_, given, device, description) => {
    expect(snapshotDescription(given, device)).toBe(description)
  })

  test('stays within what Cinder takes', () => {
    expect(snapshotDescription({ deployment: 'x'.repeat(300) }, undefined)).toHaveLength(255)
  })
})

describe('§7.19 metadata of a snapshot', () => {
  test('names as on volumes, the three originals gone', () => {
    expect(snapshotMetadata(metadata)).toEqual({
      deployment: 'cf',
      director: 'bosh',
      director_uuid: 'd-uuid',
      agent_id: 'a1',
      instance_id: 'i1',
      instance_index: '0',
      instance_name: 'nats/i1',
    })
  })

  test.each([
    [{ job: 'nats' }, { instance_name: 'nats' }],
    [
      { index: 3, tag: 'x' },
      { instance_index: '3', tag: 'x' },
    ],
    [{ director_name: null, job: null }, {}],
    [{}, {}],
  ])('missing parts are skipped: %j', (given, expected) => {
    expect(snapshotMetadata(given)).toEqual(expected)
  })

  test('contract §11 adapted to what Cinder takes', () => {
    expect(snapshotMetadata({ 'a/b': 'v'.repeat(300) })).toEqual({ a_b: 'v'.repeat(255) })
  })
})
