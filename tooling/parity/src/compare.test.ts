import { describe, expect, test } from 'vitest'
import { compare } from './compare.ts'
import type { Recorded } from './probe.ts'

const answer = (change: Partial<Recorded>): Recorded => ({
  request: 'GET /',
  status: 200,
  headers: {},
  body: null,
  ...change,
})

const places = (real: Partial<Recorded>, fake: Partial<Recorded>, tolerance = {}): string[] =>
  compare(answer(real), answer(fake), tolerance).map((one) => one.at)

describe('what counts as a difference', () => {
  test.each([
    ['status', { status: 404 }, { status: 400 }, ['status']],
    ['a header', { headers: { vary: 'a' } }, { headers: {} }, ['headers.vary']],
    ['a missing key', { body: { a: 1, b: 2 } }, { body: { a: 1 } }, ['body.b']],
    ['a key too many', { body: { a: 1 } }, { body: { a: 1, b: 2 } }, ['body.b']],
    ['a type', { body: { a: '1' } }, { body: { a: 1 } }, ['body.a']],
    ['a word of a refusal', { status: 400, body: { m: 'no' } }, { status: 400, body: { m: 'No' } }, ['body.m']],
    [
      'the order of a list',
      { body: { list: ['a', 'b'] } },
      { body: { list: ['b', 'a'] } },
      ['body.list[0]', 'body.list[1]'],
    ],
    ['the length of a list', { body: { list: ['a'] } }, { body: { list: [] } }, ['body.list.length']],
    ['a missing state', { states: ['a', 'b'] }, { states: ['b'] }, ['states']],
  ])('%s', (_, real, fake, expected) => {
    expect(places(real, fake)).toEqual(expected)
  })
})

test('of a list that counts by its form only, nothing depends on the order', () => {
  const groups = [
    { name: 'a', rules: [{ protocol: null }, { protocol: 'tcp' }] },
    { name: null, rules: [{ protocol: null }] },
  ]
  const other = [groups[1], { name: 'b', rules: [{ protocol: 'udp' }, { protocol: null }] }]
  expect(places({ body: { groups } }, { body: { groups: other } }, { list: 'shape' })).toEqual([])
  expect(places({ body: { groups } }, { body: { groups: [groups[1]] } }, { list: 'shape' })).toEqual([
    'body.groups[].name',
    'body.groups[].rules[].protocol',
  ])
})

test('a field that is there only while the service works on the object is not compared', () => {
  const during = { body: { status: 'active', task: 'x' } }
  const after = { body: { status: 'active' } }
  expect(places(during, after)).not.toEqual([])
  expect(places(during, after, { fleetingFields: ['task'] })).toEqual([])
  expect(places(during, { body: { status: 'queued' } }, { fleetingFields: ['task'] })).toEqual(['body.status'])
})
