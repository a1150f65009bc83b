import { expect, test } from 'vitest'
import { poolMetadataKey, poolRecords, poolRecordsOfTags, poolRecordTags, poolRecordText } from './pool-records.ts'

test('§6.6 a record is written and read in the form of the existing CPIs', () => {
  expect([poolMetadataKey(0), poolRecordText('p', 'm')]).toEqual(['lbaas_pool_1', 'p/m'])
  expect(poolRecords({ lbaas_pool_1: 'p/m', lbaas_pool_12: 'q/n', job: 'router' })).toEqual([
    { poolId: 'p', memberId: 'm' },
    { poolId: 'q', memberId: 'n' },
  ])
})

test.each([
  ['a pool whose member is not recorded yet', { lbaas_pool_1: 'p' }, [{ poolId: 'p' }]],
  ['an empty member', { lbaas_pool_1: 'p/' }, [{ poolId: 'p' }]],
  ['no paths', { lbaas_pool_1: 'p/..', lbaas_pool_2: '../m', lbaas_pool_3: '.' }, []],
  ['nonsense', { lbaas_pool_1: '', lbaas_pool_x: 'p/m', my_lbaas_pool_1: 'p/m' }, []],
])('§10 reads %s', (_, metadata, expected) => {
  expect(poolRecords(metadata)).toEqual(expected)
})

test('§7.5 records survive as tags of a port, each at most 60 characters', () => {
  const id = '0b1f9d3c-6d3f-4c8e-9d6a-0123456789ab'
  const records = [{ poolId: id, memberId: id }, { poolId: `x${id.slice(1)}` }]
  const tags = records.flatMap(poolRecordTags)
  expect(Math.max(...tags.map((tag) => tag.length))).toBeLessThanOrEqual(60)
  expect(poolRecordsOfTags(['server:1', ...tags.reverse()])).toEqual(expect.arrayContaining(records))
  expect(poolRecordsOfTags(['lbaas-member-3:only'])).toEqual([])
})
