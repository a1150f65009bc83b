import { describe, expect, test } from 'vitest'
import { snapshotDescription, snapshotMetadata } from './snapshot-metadata.ts'

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
